import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { rowsOf } from '../support/classeur.mjs';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

const rows = (page) => page.getByRole('main').locator('tbody').getByRole('row');
const total = async (page) => Number((await page.locator('.liste-titre .compte').first().innerText()).replace(/\D/gu, ''));
const tab = (page, name) => page.locator('.onglets').getByRole('link', { name });

journey('from the search box to a student, their étape, an element, and back', { role: 'scolarite' }, async ({ page, open, axe }) => {
  await open('/maquette/etudiants?situation=plusieurs');
  const number = (await rows(page).first().locator('code').first().innerText()).trim();

  // The number typed whole opens the student.
  await page.getByRole('searchbox', { name: 'Chercher un code, un nom, un numéro' }).fill(number);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/maquette/etudiants/${number}$`));
  await page.locator('.identite').getByText(/\d étapes/).waitFor();
  assert.ok(await page.locator('#inscriptions tbody tr').count() > 1, 'every registration of the year');
  await axe();

  await tab(page, 'Éléments suivis').click();
  await page.waitForURL(/onglet=elements/);
  const element = rows(page).first().getByRole('link').first();
  const code = (await element.innerText()).trim();
  await element.click();
  await page.waitForURL(/\/maquette\/elements\//);
  await page.locator('.identite').getByText(code, { exact: true }).waitFor();
  await tab(page, 'Inscrits').click();
  await page.getByRole('main').getByRole('searchbox', { name: 'Nom ou numéro' }).fill(number);
  await until(async () => await total(page) === 1, 'the student among those registered to the element');
  await axe();

  await page.goBack();
  await tab(page, 'Où il est utilisé').click();
  await page.locator('#etapes tbody').getByRole('link').first().click();
  await page.waitForURL(/\/maquette\/etapes\//);
  await tab(page, 'Inscrits').click();
  assert.ok(await rows(page).count() > 0);
  await tab(page, 'Diplômes').click();
  await rows(page).first().getByRole('link').first().click();
  await page.waitForURL(/\/maquette\/diplomes\//);
  await axe();
  await tab(page, 'Historique').click();
  await page.locator('#historique').getByText('Ajouté').first().waitFor();
  await axe();
});

journey('a search groups what it finds, and says why when it finds nothing', { role: 'direction' }, async ({ page, open, axe }) => {
  await open('/recherche?recherche=droit');
  const groups = page.getByRole('main').locator('#resultats .liste-titre');
  assert.ok(await groups.count() >= 2);
  await page.getByRole('link', { name: /Voir les .* résultats/ }).first().click();
  await page.waitForURL(/recherche=droit/);
  assert.ok(await total(page) > 6);
  await open('/recherche?recherche=introuvable-zz');
  await page.getByRole('link', { name: 'Pourquoi absent ?' }).last().click();
  await page.waitForURL(/\/maquette\/absence\?code=introuvable-zz/);
  await open('/recherche?recherche=droit');
  await axe();
});

journey('filters combine, columns are chosen, and the workbook has what was shown', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/elements?avec=partage');
  const shared = await total(page);
  assert.ok(shared > 0);
  await open('/maquette/elements?avec=partage&nature=UE&ects_min=1');
  const some = await total(page);
  assert.ok(some > 0 && some < shared, `${some} of ${shared}`);
  assert.equal(await page.locator('.puce').count(), 3, 'each filter can be removed');

  await open('/maquette/elements?avec=partage&nature=UE&ects_min=1&colonnes=code,ects,composante');
  const heads = await page.locator('#elements thead th').allInnerTexts();
  assert.deepEqual(heads.map((head) => head.trim()), ['Code', 'ECTS', 'Composante']);
  const first = await rows(page).first().locator('td').allInnerTexts();

  const waiting = page.waitForEvent('download');
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = `${location.pathname}${location.search}&export=xlsx`;
    link.download = '';
    document.body.append(link);
    link.click();
  });
  const file = await waiting;
  assert.match(file.suggestedFilename(), /\.xlsx$/);
  const sheet = rowsOf(await readFile(await file.path()));
  assert.deepEqual(sheet[0], ['Code', 'ECTS', 'Composante']);
  assert.equal(sheet.length - 1, some, 'every row, not a page of them');
  assert.deepEqual(sheet[1].map((cell) => cell.trim()), first.map((cell) => cell.trim().replace(/^(\d+),(\d+)$/u, '$1.$2')));
});

journey('another year is chosen from the top bar and kept by the rail', { role: 'scolarite' }, async ({ page, open, axe }) => {
  await open('/');
  await page.getByRole('link', { name: /en choisir une autre/ }).click();
  await page.waitForURL(/\/maquette\/annees$/);
  await axe();
  await rows(page).filter({ hasText: 'Consultable' }).first().getByRole('link').first().click();
  await page.waitForURL(/\/\?annee=\d{4}$/);
  await page.getByText('pas l’année en cours').waitFor();
  const year = new URL(page.url()).searchParams.get('annee');
  await page.locator('.rail').getByRole('link', { name: 'Étudiants' }).click();
  await page.waitForURL(new RegExp(`/maquette/etudiants\\?annee=${year}$`));
  await page.getByRole('link', { name: /Revenir/ }).click();
  await page.waitForURL(/\/$/);
});
