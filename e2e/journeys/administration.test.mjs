import assert from 'node:assert/strict';
import { account } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';

const PARAMETRE = '/administration/parametres/maquette.reprise_heures';
const role = 'informatique';

/** Writes a value in the parameter's form and saves it. */
async function enregistrer(page, valeur) {
  await page.getByLabel('Nouvelle valeur').fill(valeur);
  await page.getByRole('main').getByRole('button', { name: 'Enregistrer' }).click();
}

journey('what deserves a look leads to what it counts, and every page of Administration opens', { role }, async ({ page, open, axe }) => {
  await open('/administration');
  await axe();
  await page.getByRole('link', { name: /Changements de paramètre/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Journal' }).waitFor();
  const menu = page.getByRole('navigation', { name: 'Applications', exact: true });
  for (const name of ['Paramètres', 'Travaux', 'Droits']) {
    await menu.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await axe();
  }
});

journey('a parameter is changed, seen in the journal with its old value, and taken back in one click', { role }, async ({ page, open, axe }) => {
  await open('/administration/parametres');
  await page.getByRole('link', { name: 'Durée de reprise d’une collecte interrompue' }).click();
  await enregistrer(page, 'douze');
  await page.getByText('Écrivez un nombre entier entre 0 et 168').waitFor();
  assert.equal(await page.getByLabel('Nouvelle valeur').inputValue(), 'douze', 'what was typed is kept');

  await enregistrer(page, '36');
  await page.getByText(/vaut désormais 36\s+heures \(avant : 12\s+heures\)/).waitFor();
  await axe();
  await page.getByRole('link', { name: 'Voir ces changements dans le journal' }).click();
  const line = page.getByRole('row', { name: /Paramètre modifié/ }).first();
  await line.locator('del', { hasText: '12' }).waitFor();
  await line.locator('ins', { hasText: '36' }).waitFor();
  await axe();

  await line.getByRole('link', { name: /Paramètre/ }).click();
  await page.getByRole('button', { name: /^Revenir à 12/ }).click();
  await page.getByText(/vaut désormais 12\s+heures \(avant : 36\s+heures\)/).waitFor();
});

journey('two administrators change the same parameter: the second is told what changed, and decides', { role }, async ({ page, suite, open, also, axe }) => {
  const second = await also(account(suite, role));
  await open(PARAMETRE);
  await second.goto(PARAMETRE);
  await enregistrer(page, '20');
  await page.getByText(/vaut désormais 20/).waitFor();

  await enregistrer(second, '30');
  const told = second.getByRole('alert').filter({ hasText: 'Ce paramètre a changé' });
  await told.waitFor();
  await told.locator('del', { hasText: '12' }).waitFor();
  await told.locator('ins', { hasText: '20' }).waitFor();
  assert.equal(await second.getByLabel('Nouvelle valeur').inputValue(), '30', 'what was typed is kept');
  await second.getByRole('main').getByRole('button', { name: 'Enregistrer' }).click();
  await second.getByText(/vaut désormais 30/).waitFor();
  await open(PARAMETRE);
  await axe();
  await page.getByRole('button', { name: /^Reprendre la valeur de l’installation/ }).click();
  await page.getByText(/vaut désormais 12/).waitFor();
});

journey('the address of a source is tried before it is kept', { role }, async ({ page, open }) => {
  await open('/administration/parametres/kofr.url');
  const held = await page.getByLabel('Nouvelle valeur').inputValue();
  await page.getByLabel('Nouvelle valeur').fill('http://127.0.0.1:9');
  await page.getByRole('button', { name: 'Essayer' }).click();
  await page.getByText('Aucun lien ne répond avec cette valeur').waitFor();
  await page.getByLabel('Nouvelle valeur').fill(held);
  await page.getByRole('button', { name: 'Essayer' }).click();
  await page.getByText('Tous les liens répondent avec cette valeur').waitFor();
  await open('/administration/parametres/kofr.jeton');
  assert.equal(await page.getByLabel('Nouvelle valeur').inputValue(), '', 'a secret is not shown');
});

journey('help is read from the page one is on, and searched', { role: 'scolarite' }, async ({ page, open, axe }) => {
  await open('/maquette/etapes');
  await page.getByRole('banner').getByRole('link', { name: 'Aide' }).click();
  await page.waitForURL(/\/aide\//);
  await page.getByRole('article').waitFor();
  await axe();
  await page.getByLabel('Chercher dans le manuel').fill('fraicheur');
  await page.getByRole('main').getByRole('button', { name: 'Chercher' }).click();
  await page.getByRole('main').getByRole('link', { name: 'La fraîcheur des données' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'La fraîcheur des données' }).waitFor();
  const answer = await page.goto('/administration/parametres');
  assert.equal(answer.status(), 403);
});

journey('who may open a page is found by its address or by a role', { role }, async ({ page, open }) => {
  await open('/administration/droits');
  await page.getByLabel('Qui peut voir…').fill('/liens');
  await page.getByRole('main').getByRole('button', { name: 'Chercher' }).click();
  const row = page.getByRole('row', { name: /^\/liens Voir/ });
  await row.getByText('Service informatique').waitFor();
  assert.equal(await row.getByText('Scolarité').count(), 0);
});
