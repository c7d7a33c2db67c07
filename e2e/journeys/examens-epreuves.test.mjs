import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';

const LISTE = '/iexam/epreuves';

/** « 2024-P1 »: the value of the period of that code in its own year, out of the choice of the list. */
async function period(page, code) {
  await page.goto(LISTE);
  const options = page.getByLabel('Période', { exact: true }).locator('option');
  const values = await options.evaluateAll((all) => all.map((one) => one.value));
  const value = values.find((one) => one.endsWith(`-${code}`));
  assert.ok(value, `period ${code} among ${values}`);
  return value;
}

/** Addresses of the étapes, as the page proposes them for a period. */
async function programmes(page, open, value) {
  await open(`${LISTE}/etape?periode=${value}`);
  return page.locator('#etapes tbody a').evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute('href')))]);
}

journey('a conflict appears with an edit and is solved by the next', { role: 'scolarite' }, async ({ page, open, axe, capture }) => {
  const p1 = await period(page, 'P1');
  let rows = [];
  for (const href of await programmes(page, open, p1)) {
    const etape = new URL(href, page.url()).searchParams.get('etape');
    await open(`${LISTE}?periode=${p1}&etape=${etape}&nature=ecrit`);
    rows = await page.locator('#epreuves tbody tr').evaluateAll((all) => all
      .filter((row) => !row.innerText.includes('Sans date'))
      .map((row) => row.querySelector('a[href^="/iexam/epreuves/"]')?.getAttribute('href')).filter(Boolean));
    if (rows.length >= 2) break;
  }
  assert.ok(rows.length >= 2, 'two épreuves of one étape that have a day');
  await open(rows[0]);
  const when = await page.getByLabel('Début').inputValue();
  await axe();
  await capture('epreuve');
  const other = rows.at(-1);
  await open(other);
  const before = await page.getByLabel('Début').inputValue();
  assert.notEqual(when, before);
  try {
    await page.getByLabel('Début').fill(when);
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await page.getByText(/conflits? appara/u).waitFor();
    await axe();
    await open(`${LISTE}/conflits?periode=${p1}`);
    await page.getByText('se chevauchent').first().waitFor();
    await axe();
    await capture('epreuves-conflits');
  } finally {
    await open(other);
    await page.getByLabel('Début').fill(before);
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await page.getByText('L’épreuve est enregistrée.').waitFor();
  }
  await page.getByText(/conflits? (est|sont) résolus?/u).waitFor();

  // An hour that no clock shows is refused where it was typed.
  await page.getByLabel('Début').fill('2025-03-30T02:30');
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByText('n’existe pas le dimanche 30 mars 2025').waitFor();
});

journey('extra time of one third is arranged, more needs a reason, and it is withdrawn', { role: 'scolarite' },
  async ({ page, open, axe, capture }) => {
    await open('/iexam/amenagements');
    await axe();
    await page.getByRole('link', { name: 'Ajouter un aménagement' }).click();
    await page.getByLabel('Étudiant').fill('ma');
    await page.getByRole('button', { name: 'Chercher' }).click();
    await page.locator('#trouves tbody a').first().click();
    await axe();
    await page.getByLabel('Temps majoré').fill('30');
    await page.getByRole('button', { name: 'Ajouter l’aménagement' }).click();
    await page.getByText('il faut une exception motivée').waitFor();
    await axe();
    await page.getByLabel('Temps majoré').fill('20');
    await page.getByLabel('Salle à part').check();
    await page.getByRole('button', { name: 'Ajouter l’aménagement' }).click();
    await page.getByText('L’aménagement est ajouté.').waitFor();
    await axe();
    await capture('amenagement');
    await page.getByRole('button', { name: 'Retirer' }).click();
    await page.getByText('L’aménagement est retiré.').waitFor();
  });
