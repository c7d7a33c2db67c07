import { journey } from '../support/journey.mjs';

journey('registrations are closed early after a confirmation, and opened again', { role: 'scolarite' }, async ({ page, open, axe }) => {
  await open('/iexam/periodes');
  await page.getByRole('row', { name: /^P1 .*Inscriptions ouvertes/ }).getByRole('link').first().click();
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
