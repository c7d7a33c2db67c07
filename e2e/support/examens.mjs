// What the journeys of the exams do more than once.
import assert from 'node:assert/strict';

/** The account of a student of a sort: « peu d’éléments ». */
export function etudiant(suite, sorte) {
  const found = suite.comptes.find((one) => one.role === 'etudiant' && one.sorte === sorte);
  assert.ok(found, `no student of the sort « ${sorte} »`);
  return found;
}

/** Chooses in a registration, and waits until the page shows what was saved. */
export async function choisir(page, choix) {
  const bouton = await choix.evaluate((one) => one.tagName === 'BUTTON');
  if (!bouton && await choix.isChecked()) return;
  const revision = await page.locator('input[name="revision"]').inputValue();
  await (bouton ? choix.click() : choix.check());
  await page.waitForFunction((before) => ![before, undefined].includes(document.querySelector('input[name="revision"]')?.value), revision);
  await page.getByRole('status').filter({ hasText: /Brouillon enregistré à/u }).waitFor();
}

/** The cards of the épreuves of a registration. */
export const cartes = (page) => page.locator('fieldset.exam-epreuve');

/** Opens the registration of a period (`P1`) from the student's list, and gives its path. */
export async function ouvrir(page, code) {
  await page.goto('/examens');
  await page.getByRole('region', { name: new RegExp(`^${code} `, 'u') }).getByRole('link', { name: /inscri|régler/iu }).click();
  await page.waitForURL(/\/examens\/\d{4}\/P\d$/u);
  return new URL(page.url()).pathname;
}

/** Defers the first `reports` épreuves, sits all the others. */
export async function decider(page, reports) {
  for (let i = 0; i < reports; i += 1) {
    await choisir(page, cartes(page).nth(i).getByRole('radio', { name: /Je la reporte/u }));
  }
  await choisir(page, page.getByRole('button', { name: 'Je passe toutes celles qui restent' }));
  assert.equal(await page.getByRole('radio', { name: 'Je passe cette épreuve', checked: true }).count(), await cartes(page).count() - reports);
}

/** Reads over and confirms: leaves the page on the receipt. */
export async function valider(page) {
  await page.getByRole('button', { name: 'Relire et valider' }).click();
  await page.getByRole('button', { name: 'Valider mon inscription' }).click();
  await page.getByRole('heading', { name: /est validée/u }).waitFor();
}

/** The registration of a student in a worklist of the registry, opened; gives its path. */
export async function retrouver(page, { etudiant: numero }, periode, file) {
  await page.goto(`/iexam/inscriptions?periode=${periode}&file=${file}&recherche=${numero}`);
  await page.locator('tbody a').first().click();
  await page.waitForURL(/inscriptions\/\d+/u);
  return new URL(page.url()).pathname;
}

/** Sends a spreadsheet of épreuves from the page that takes them. */
export async function envoyer(page, lignes, entetes) {
  const buffer = Buffer.from([entetes, ...lignes].join('\r\n'), 'utf8');
  await page.getByLabel('Fichier des épreuves').setInputFiles({ name: 'epreuves.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
}

const MOIS = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'];

/** The first day of the épreuves, as the page that takes spreadsheets says it: « 08/01/2027 ». */
export async function premierJour(page) {
  const jours = await page.getByText(/Heure de Besançon, du/u).innerText();
  const [, jour, mois, annee] = /du \S+ (\d+)(?:er)? (\S+) (\d{4}) au/u.exec(jours);
  return `${jour.padStart(2, '0')}/${String(MOIS.indexOf(mois) + 1).padStart(2, '0')}/${annee}`;
}

/** Leaves for the bank and pays there, as the mode of the bank has it. */
export async function payer(page) {
  await page.getByRole('button', { name: /^Payer .* par carte$/u }).click();
  await page.getByRole('button', { name: 'Continuer vers la banque' }).click();
  await page.getByRole('button', { name: 'Payer', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Retour du paiement' }).waitFor();
}
