import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';

journey('a wrong password says so, keeps the name typed, and the right one leads where one was going', {}, async ({ page, suite }) => {
  const { identifiant, mot_de_passe } = suite.comptes.find((account) => account.role === 'scolarite');
  await page.goto('/maquette/etapes');
  assert.equal(new URL(page.url()).pathname, '/connexion', 'a page asked without signing in leads to the sign-in page');

  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Mot de passe').fill('ce n’est pas le bon');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('alert').filter({ hasText: /identifiant ou (le )?mot de passe/i }).waitFor();
  assert.equal(await page.getByLabel('Identifiant').inputValue(), identifiant);

  await page.getByLabel('Mot de passe').fill(mot_de_passe);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { level: 1, name: 'Étapes' }).waitFor();
});

journey('signing out closes the session', { role: 'scolarite' }, async ({ page }) => {
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.getByLabel('Identifiant').waitFor();
  await page.goto('/');
  assert.equal(new URL(page.url()).pathname, '/connexion');
});
