import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';

journey('a period is opened from the last one, its modalities published, moved forward and back', { role: 'scolarite' },
  async ({ page, open, axe, capture }) => {
    await open('/iexam/periodes');
    await axe();
    await page.getByRole('link', { name: 'Ouvrir une période' }).first().click();
    await page.getByLabel('À partir de').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Reprendre ses dates' }).click();
    await page.getByLabel(/^Période/).selectOption('P2');
    await page.getByLabel(/^Libellé/).fill('Deuxième période, essai');
    await axe();

    // Dates that contradict each other are named, and nothing is lost of what was typed.
    const fin = page.getByLabel(/^Dernier jour d’épreuves/);
    const juste = await fin.inputValue();
    await fin.fill('2000-01-01');
    await page.getByRole('button', { name: 'Voir ce qui sera copié' }).click();
    await page.getByText(/Les épreuves finissent le samedi 1er janvier 2000, avant de commencer le/).first().waitFor();
    assert.equal(await page.getByLabel(/^Libellé/).inputValue(), 'Deuxième période, essai');
    await fin.fill(juste);
    await page.getByRole('button', { name: 'Voir ce qui sera copié' }).click();

    await page.getByRole('heading', { name: /^Ce qui est copié/ }).waitFor();
    await page.getByRole('row', { name: /Modalités offertes.*modalités/ }).waitFor();
    await page.getByRole('row', { name: /Centres.*chaque accord repart/ }).waitFor();
    await axe();
    await capture('periode-copiee');
    await page.getByRole('button', { name: /^Ouvrir P2/ }).click();
    await page.getByText(/La période P2 .* est ouverte, en préparation\./).waitFor();
    const periode = new URL(page.url()).pathname;

    await page.getByText('Aucune épreuve n’existe encore').waitFor();
    await page.getByRole('button', { name: 'Publier les modalités' }).click();
    await page.getByText('Les modalités sont publiées.').waitFor();
    await page.getByRole('button', { name: 'Retirer la publication' }).click();
    await page.getByText('La publication des modalités est retirée.').waitFor();
    await axe();

    // Somebody who only reads is offered nothing to press.
    await open(periode);
    assert.equal(await page.getByRole('button', { name: 'Ouvrir les inscriptions' }).count(), 0, 'nothing to choose yet');
  });

journey('registrations are closed early after a confirmation, and opened again', { role: 'scolarite' }, async ({ page, open, axe }) => {
  await open('/iexam/periodes');
  await page.getByRole('row', { name: /Inscriptions ouvertes/ }).getByRole('link').first().click();
  await page.getByRole('button', { name: 'Fermer les inscriptions…' }).click();
  const question = page.getByRole('dialog', { name: 'Fermer les inscriptions' });
  await question.getByText(/les fermer maintenant prive les étudiants de ce délai/).waitFor();
  await question.getByRole('button', { name: 'Fermer les inscriptions' }).click();
  await page.getByText(/est maintenant à l’étape «\s*Vérification/).waitFor();
  await page.locator('summary', { hasText: 'Revenir en arrière' }).click();
  await page.getByRole('button', { name: /^Rouvrir les inscriptions/ }).first().click();
  const confirmer = page.getByRole('dialog', { name: 'Rouvrir les inscriptions' });
  if (await confirmer.isVisible()) await confirmer.getByRole('button', { name: 'Rouvrir les inscriptions' }).click();
  await page.getByText(/est maintenant à l’étape «\s*Inscriptions ouvertes/).waitFor();
  await axe();
});

journey('a centre answers: asked, accepted, with its places', { role: 'scolarite' }, async ({ page, open, axe, capture }) => {
  await open('/iexam/centres?recherche=pondichery');
  await axe();
  await page.getByRole('link', { name: /Pondichéry/ }).first().click();
  await page.getByText('Heure locale').first().waitFor();
  await axe();
  await capture('centre');
  // The row of the period, not the head of its columns.
  await page.getByRole('row', { name: /^P1.*Demandé/ }).first().getByRole('link').first().click();
  await axe();
  await page.getByRole('combobox', { name: 'Accord' }).selectOption('refuse');
  await page.getByLabel('Réponse').fill('');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Dites ce que le centre a répondu').first().waitFor();
  await page.getByRole('combobox', { name: 'Accord' }).selectOption('accepte');
  await page.getByLabel('Places données').fill('8');
  await page.getByLabel('Réponse').fill('Huit places, salle de permanence.');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('L’accord est enregistré.').waitFor();
  await page.getByText('Huit places, salle de permanence.').first().waitFor();

  await open('/iexam/modalites');
  await axe();
  await page.getByRole('link', { name: /Centre à l’étranger/ }).click();
  await axe();
});
