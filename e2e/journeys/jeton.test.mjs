import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';

const read = (suite, path, secret, headers = {}) =>
  fetch(new URL(path, suite.adresse), { headers: { authorization: `Bearer ${secret}`, ...headers } });

journey('a token is made, reads what it may, is seen in its usage, and is refused once revoked', { role: 'informatique' }, async ({ page, suite, axe, open }) => {
  await open('/administration/jetons');
  await page.getByRole('link', { name: 'Créer un jeton' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Nouveau jeton' }).waitFor();
  await axe();

  const nom = page.getByRole('textbox', { name: /^Nom/ });
  await nom.fill('É tout');
  await page.getByRole('button', { name: 'Créer le jeton' }).click();
  await page.getByText('Ce nom ne peut pas servir.').waitFor();
  await nom.fill('emploi-du-temps');
  await page.getByLabel('À quoi il sert').fill('Emploi du temps, poste 4242');
  await page.getByRole('button', { name: 'Créer le jeton' }).click();
  await page.getByText('Un jeton sans aucun droit ne sert à rien.').waitFor();
  assert.equal(await nom.inputValue(), 'emploi-du-temps', 'what was typed is kept');
  await page.getByLabel(/maquette:lire/).check();
  await page.getByLabel('Requêtes par minute').fill('6');
  await page.getByRole('button', { name: 'Créer le jeton' }).click();

  await page.getByRole('heading', { level: 1, name: 'Jeton créé' }).waitFor();
  await axe();
  const secret = (await page.locator('#secret').textContent()).trim();
  assert.match(secret, /^tlm_[a-z2-9]{38}$/);
  await page.getByText(`curl -H "Authorization: Bearer ${secret}"`).waitFor();

  // Six requests: a list, the same unchanged, one beyond the end, one that cannot be read, one without the scope, one that is nothing.
  const list = await read(suite, '/api/v1/maquette/etapes?taille=2', secret);
  assert.equal(list.status, 200);
  const { total, page: number, taille, elements } = await list.json();
  assert.deepEqual([number, taille, elements.length], [1, 2, 2]);
  assert.ok(total > 2);
  assert.equal(list.headers.get('ratelimit-remaining'), '5');
  const same = await read(suite, '/api/v1/maquette/etapes?taille=2', secret, { 'if-none-match': list.headers.get('etag') });
  assert.equal(same.status, 304);
  const beyond = await (await read(suite, '/api/v1/maquette/etapes?page=1000000000', secret)).json();
  assert.deepEqual([beyond.total, beyond.elements], [total, []]);
  const unread = await read(suite, '/api/v1/maquette/etapes?page=0', secret);
  assert.equal(unread.status, 400);
  const students = await read(suite, '/api/v1/maquette/etudiants', secret);
  assert.equal(students.status, 403);
  assert.match((await students.json()).title, /etudiants:lire/);
  assert.equal((await read(suite, '/api/v1/nulle-part', secret)).status, 404);
  const seventh = await read(suite, '/api/v1/maquette/etapes', secret);
  assert.equal(seventh.status, 429);
  assert.ok(Number(seventh.headers.get('retry-after')) >= 1);

  await page.getByRole('link', { name: 'Voir le jeton' }).click();
  await page.getByRole('heading', { level: 1, name: 'Jeton emploi-du-temps' }).waitFor();
  await axe();
  assert.ok(!(await page.content()).includes(secret), 'the secret is shown once');
  const families = page.locator('#familles');
  await families.getByRole('row', { name: /maquette\/etapes 5 1/ }).waitFor();
  await families.getByRole('row', { name: /maquette\/etudiants 1 1/ }).waitFor();
  await page.getByRole('img', { name: /7 requêtes en 30 jours/ }).waitFor();

  await page.getByRole('button', { name: 'Révoquer…' }).click();
  await page.getByText('7 requêtes ces sept derniers jours').waitFor();
  await page.getByRole('button', { name: 'Révoquer', exact: true }).click();
  await page.getByText('plus aucune requête n’est acceptée').waitFor();
  const revoked = await read(suite, '/api/v1/maquette/etapes', secret);
  assert.equal(revoked.status, 401);
  assert.equal((await revoked.json()).type, 'urn:telemaque:jeton-revoque');
  await page.locator('#histoire').getByText('Jeton révoqué').waitFor();
});

journey('the interface is described for programmers, without signing in', {}, async ({ page, suite, axe, open }) => {
  await open('/api');
  await page.getByRole('heading', { level: 1, name: 'Interface pour les autres applications' }).waitFor();
  await axe();
  await page.getByRole('link', { name: 'GET /api/v1/maquette/etapes/{code}/{version}/arbre' }).click();
  await page.getByRole('heading', { name: /Paramètres/ }).waitFor();
  await page.getByText('curl -H "Authorization: Bearer $JETON" "$TELEMAQUE/api/v1/maquette/etapes/').last().waitFor();
  await axe();
  const document = await fetch(new URL('/api/v1/openapi.json', suite.adresse));
  assert.equal(document.status, 200);
  const { openapi, paths } = await document.json();
  assert.match(openapi, /^3\.1\./);
  assert.equal(await page.locator('article.operation').count(), Object.values(paths).flatMap((item) => Object.keys(item)).length);
});
