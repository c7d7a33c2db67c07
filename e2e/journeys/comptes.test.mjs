import assert from 'node:assert/strict';
import { visit } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';

/** A login that no other run has taken. */
const login = () => `essai.${Date.now().toString(36)}`;

/** Makes an account through the page, and gives its temporary password. */
async function create(page, identifiant, { nom, role }) {
  await page.goto('/administration/comptes');
  await page.getByRole('link', { name: 'Créer un compte' }).click();
  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Nom affiché').fill(nom);
  await page.getByLabel('Rôle').selectOption({ label: role });
  await page.getByRole('button', { name: 'Créer le compte' }).click();
  return page.locator('.secret-montre').innerText();
}

journey('an account is made, its person chooses a password, and it is closed again', { role: 'informatique' }, async ({ page, suite, axe }) => {
  const identifiant = login();
  await page.goto('/administration/comptes/-/nouveau');
  await axe();
  const provisoire = await create(page, identifiant, { nom: 'Łukasz N’Guyen-Đặng d’Épinay', role: 'Scolarité' });
  await axe();

  const person = await visit(page.context().browser(), suite);
  try {
    await person.goto('/maquette/etapes');
    await person.getByLabel('Identifiant').fill(identifiant);
    await person.getByLabel('Mot de passe').fill(provisoire);
    await person.getByRole('button', { name: 'Se connecter' }).click();
    await person.getByRole('heading', { level: 1, name: 'Choisir son mot de passe' }).waitFor();
    await person.goto('/maquette/etapes');
    assert.equal(new URL(person.url()).pathname, '/compte/premier-mot-de-passe', 'nothing else opens before');
    await person.getByLabel('Nouveau mot de passe', { exact: false }).first().fill('une phrase assez longue');
    await person.getByLabel('Nouveau mot de passe, encore une fois').fill('une phrase assez longue');
    await person.getByRole('button', { name: 'Enregistrer et entrer' }).click();
    await person.getByText('Votre mot de passe est enregistré.').waitFor();

    await page.goto(`/administration/comptes?recherche=${identifiant}`);
    await page.getByRole('link', { name: identifiant }).click();
    await page.getByRole('heading', { level: 1, name: 'Łukasz' }).waitFor();
    await page.getByText('Mot de passe changé').first().waitFor();
    await axe();
    await page.getByRole('button', { name: 'Désactiver…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Désactiver' }).click();
    await page.getByText('Le compte est désactivé, ses sessions sont fermées.').waitFor();
    await person.goto('/maquette/etapes');
    assert.equal(new URL(person.url()).pathname, '/connexion', 'thrown out at once');
  } finally {
    await person.context().close();
  }
});

journey('the second of two who modify an account is told what the first changed', { role: 'informatique' }, async ({ page, axe }) => {
  const identifiant = login();
  await create(page, identifiant, { nom: 'Anne', role: 'Direction' });
  await page.getByRole('link', { name: 'Voir le compte' }).click();
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByLabel('Nom affiché').fill('Anne Martin');
  await other.getByRole('button', { name: 'Enregistrer' }).click();
  await other.getByText('Le compte est enregistré.').waitFor();

  await page.getByLabel('Nom affiché').fill('Anne Durand');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const told = page.getByRole('alert').filter({ hasText: 'Ce compte a changé depuis que vous l’avez ouvert' });
  await told.waitFor();
  await told.getByText('Anne Martin').waitFor();
  assert.equal(await page.getByLabel('Nom affiché').inputValue(), 'Anne Durand');
  await axe();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('heading', { level: 1, name: 'Anne Durand' }).waitFor();
  await page.getByRole('button', { name: 'Désactiver…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Désactiver' }).click();
  await page.getByText('Le compte est désactivé').waitFor();
});

journey('the IT service looks at the suite as a student does, and can change nothing', { role: 'informatique' }, async ({ page, open, axe, capture }) => {
  await open('/');
  await page.locator('summary', { hasText: 'menu personnel' }).click();
  await page.getByRole('link', { name: 'Voir comme un autre rôle' }).click();
  await page.getByRole('button', { name: 'Voir comme : Direction' }).click();
  const banner = page.getByRole('region', { name: 'Vue d’un autre rôle' });
  await banner.getByText('comme le rôle « Direction »').waitFor();
  const refused = await page.goto('/administration/comptes');
  assert.equal(refused.status(), 403);
  await banner.waitFor();
  await page.goto('/compte');
  await axe();
  await capture('voir-comme');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('rien ne peut être modifié').first().waitFor();
  await banner.getByRole('button', { name: 'Reprendre le rôle « Service informatique »' }).click();
  await page.getByText('Vous voyez de nouveau Télémaque avec votre rôle.').waitFor();
  assert.equal(await banner.count(), 0);
  assert.equal((await page.goto('/administration/comptes')).status(), 200);
});
