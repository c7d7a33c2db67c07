import assert from 'node:assert/strict';
import { collect, ended } from '../support/collecte.mjs';
import { journey } from '../support/journey.mjs';

const ELEMENT = 'IFD1E03';
const PAGE = `/maquette/elements/${ELEMENT}`;

const title = (page) => page.getByRole('heading', { level: 1 }).innerText();

async function collected(page) {
  await collect(page, 'Offre');
  await ended(page);
}

journey('a field is overridden: both values are seen, collections respect it, the source comes back when it is lifted',
  { role: 'informatique' }, async ({ page, sandbox, axe, capture }) => {
    await page.goto(PAGE);
    const source = await title(page);
    await page.getByRole('link', { name: 'Corriger…' }).click();
    await axe();
    await page.getByRole('row', { name: /^Libellé / }).first().getByRole('link').first().click();
    await page.getByText('Valeur affichée aujourd’hui').waitFor();
    await axe();
    await capture('correction-nouvelle');

    // A day that is past is refused; what was typed is still there.
    const mine = '<b>Le bon</b> libellé « N’Guyen-Đặng » =1+1';
    await page.getByLabel('Nouvelle valeur').fill(mine);
    await page.getByLabel('Motif').fill('Le libellé d’Apogée est tronqué');
    const last = await page.getByLabel('Dernier jour').inputValue();
    await page.getByLabel('Dernier jour').fill('2020-01-01');
    await page.getByRole('button', { name: 'Poser la correction' }).click();
    await page.getByText('Une correction ne peut pas finir le 01/01/2020').waitFor();
    assert.equal(await page.getByLabel('Nouvelle valeur').inputValue(), mine);
    await page.getByLabel('Dernier jour').fill(last);
    await page.getByRole('button', { name: 'Poser la correction' }).click();
    await page.getByText('La correction est posée et visible dès maintenant.').waitFor();
    await axe();
    const correction = new URL(page.url()).pathname;
    try {
      await page.goto(PAGE);
      assert.equal(await title(page), mine);
      await page.getByText(`La source dit « ${source} ».`).waitFor();
      await axe();

      await collected(page);
      await page.goto(PAGE);
      assert.equal(await title(page), mine, 'a collection respects it');

      // The source moves under it: it is said, and what is shown stays.
      await sandbox.element(ELEMENT, { libelle: 'Libellé revu' });
      await collected(page);
      await page.goto('/maquette/corrections?etat=depassee');
      await page.getByRole('row', { name: ELEMENT }).getByText('Libellé revu').waitFor();
      await axe();
      await page.goto(correction);
      await page.getByText(`La source a changé depuis : « ${source} » → « Libellé revu ».`).waitFor();
      await capture('correction');
    } finally {
      await page.goto(correction);
      await page.getByLabel('Motif de la fin').fill('Apogée est corrigé');
      await page.getByRole('button', { name: 'Lever la correction' }).click();
      await page.getByText('La correction est levée : la valeur de la source est revenue.').waitFor();
      await page.goto(PAGE);
      assert.equal(await title(page), 'Libellé revu', 'at once, without a collection');
      await sandbox.reset();
    }
    await collected(page);
    await page.goto(PAGE);
    assert.equal(await title(page), source);
    await page.goto('/maquette/corrections?etat=finies');
    await page.getByRole('row', { name: ELEMENT }).getByText('Levée').waitFor();
  });

journey('two people extend the same correction: the second is told what the first did', { role: 'informatique' }, async ({ page }) => {
  await page.goto(PAGE);
  await page.getByRole('link', { name: 'Corriger…' }).click();
  await page.getByRole('row', { name: /^ECTS / }).first().getByRole('link').first().click();
  await page.getByLabel('Nouvelle valeur').fill('0');
  await page.getByLabel('Motif').fill('Zéro est une valeur');
  await page.getByRole('button', { name: 'Poser la correction' }).click();
  await page.getByText('La correction est posée').waitFor();
  const address = page.url();
  const other = await page.context().newPage();
  await other.goto(address);
  await other.getByLabel('Motif', { exact: false }).first().fill('Vu par l’autre');
  await other.getByRole('button', { name: 'Enregistrer' }).click();
  await other.getByText('La correction est modifiée.').waitFor();
  await other.close();

  await page.getByLabel('Motif', { exact: false }).first().fill('Mon motif');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Cette correction a changé entre-temps').waitFor();
  await page.getByText('Vu par l’autre').first().waitFor();
  assert.equal(await page.getByLabel('Motif', { exact: false }).first().inputValue(), 'Mon motif');

  await page.getByLabel('Motif de la fin').fill('Fin du parcours');
  await page.getByRole('button', { name: 'Lever la correction' }).click();
  await page.getByText('La correction est levée').waitFor();
});

journey('the registry reads corrections and sets none', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/corrections');
  await open(PAGE);
  assert.equal(await page.getByRole('link', { name: 'Corriger…' }).count(), 0);
  const refused = await page.goto(`/maquette/corrections/nouvelle?genre=element&cle=%5B%22${ELEMENT}%22%5D&champ=ects`);
  assert.equal(refused.status(), 403);
});
