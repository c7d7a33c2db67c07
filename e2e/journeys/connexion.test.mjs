import assert from 'node:assert/strict';
import { account } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';

journey('a wrong password says so, keeps the name typed, and the right one leads where one was going', {}, async ({ page, suite }) => {
  const { identifiant, mot_de_passe } = account(suite, 'scolarite');
  await page.goto('/maquette/elements?recherche=droit');
  assert.equal(new URL(page.url()).pathname, '/connexion', 'a page asked without signing in leads to the sign-in page');
  await page.getByText('Connectez-vous pour ouvrir cette page.').waitFor();

  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Mot de passe').fill('ce n’est pas le bon');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('alert').filter({ hasText: 'Cet identifiant et ce mot de passe ne vont pas ensemble.' }).waitFor();
  assert.equal(await page.getByLabel('Identifiant').inputValue(), identifiant);

  await page.getByLabel('Mot de passe').fill(mot_de_passe);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { level: 1, name: 'Éléments' }).waitFor();
  const { pathname, search } = new URL(page.url());
  assert.equal(pathname + search, '/maquette/elements?recherche=droit');
});

journey('an address outside the suite is not followed after signing in', {}, async ({ page, suite }) => {
  const { identifiant, mot_de_passe } = account(suite, 'scolarite');
  await page.goto('/connexion?suite=https%3A%2F%2Fexample.org%2F');
  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Mot de passe').fill(mot_de_passe);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { level: 1, name: 'Accueil' }).waitFor();
  assert.equal(new URL(page.url()).origin, new URL(suite.adresse).origin);
});

journey('signing out closes the session', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/');
  await page.locator('summary', { hasText: 'menu personnel' }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.getByText('Vous êtes déconnecté.').waitFor();
  await page.goto('/');
  assert.equal(new URL(page.url()).pathname, '/connexion');
});
