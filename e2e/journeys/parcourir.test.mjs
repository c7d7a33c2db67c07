import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

const rows = (page) => page.getByRole('main').locator('tbody').getByRole('row');
const total = async (page) => Number((await page.locator('.liste-titre .compte').first().innerText()).replace(/\D/gu, ''));

journey('home: the sources, the year, the anomalies, the last collections', { role: 'direction' }, async ({ page, open }) => {
  await open('/');
  const sources = page.locator('#sources tbody').getByRole('row');
  assert.equal(await sources.count(), 4);
  for (const name of ['Apogée (extraction)', 'Apogée (services web)', 'Kofr', 'Eve']) {
    const source = sources.filter({ hasText: name });
    await source.getByText('Répond').waitFor();
    assert.match(await source.innerText(), /à l’instant|il y a/, `${name}: the age of its data`);
  }
  assert.ok(await page.locator('#dernieres-collectes tbody').getByRole('row').count() > 0);
  await page.getByRole('link', { name: 'Anomalies' }).last().click();
  await page.waitForURL(/\/maquette\/anomalies$/);
  assert.ok(await rows(page).count() > 0);

  // An anomaly of a kind says what to do about it.
  await page.locator('summary', { hasText: 'Anomalie' }).click();
  await page.getByRole('link', { name: /Boucle/ }).first().click();
  await page.waitForURL(/regle=/);
  assert.equal(await rows(page).count(), await total(page));
  await page.getByRole('status').first().waitFor();
});

journey('étapes: searching, sorting, narrowing, turning pages', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/etapes');
  const all = await total(page);
  assert.ok(all > 50);
  await page.getByRole('link', { name: 'Page suivante' }).click();
  await page.waitForURL(/page=2/);
  await until(async () => await rows(page).count() === all - 50, 'the rest of the list');

  // Typing searches, without accents or capitals.
  await page.getByRole('searchbox', { name: 'Code ou libellé' }).fill('GEOGRAPHIE');
  await until(async () => {
    const found = await total(page);
    return found > 0 && found < all;
  }, 'fewer étapes');
  assert.equal(await rows(page).filter({ hasNotText: 'Géographie' }).count(), 0);
  await page.getByRole('searchbox', { name: 'Code ou libellé' }).fill('zzzz introuvable');
  await page.getByText('Rien ne répond à « zzzz introuvable ».').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Tout afficher' }).last().click();
  await until(async () => await total(page) === all, 'all of them again');

  await page.getByRole('columnheader', { name: 'Libellé' }).getByRole('link').click();
  await page.waitForURL(/tri=libelle/);
  assert.equal(await page.getByRole('columnheader', { name: 'Libellé' }).getAttribute('aria-sort'), 'ascending');
  await page.locator('summary', { hasText: 'Composante' }).click();
  await page.locator('details[open] .menu-entree').first().click();
  await page.waitForURL(/composante=/);
  assert.ok(await total(page) < all);
});

journey('an étape: its tree, what is shared, what is closed, and one of its elements', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/etapes?recherche=L1+droit');
  await rows(page).first().getByRole('link').click();
  await page.waitForURL(/\/maquette\/etapes\/[^/]+\/\d+$/);
  const tree = page.getByRole('treegrid');
  const nodes = tree.locator('tbody tr');
  const shown = () => nodes.filter({ visible: true }).count();
  const first = await shown();

  await page.getByRole('button', { name: 'Tout déplier' }).click();
  const whole = await shown();
  assert.ok(whole > first, 'everything unfolds');
  await page.getByRole('button', { name: 'Tout replier' }).click();
  assert.equal(await shown(), await nodes.and(page.locator('.niveau-1')).count(), 'only the top is left');
  await nodes.first().locator('[data-arbre-fleche]').click();
  assert.ok(await shown() > 1, 'the arrow opens');

  await page.getByRole('searchbox', { name: 'Filtrer l’arbre par code ou libellé' }).fill('langue');
  await page.getByText(/éléments? trouvés?/).waitFor();
  assert.ok(await tree.locator('tr.trouve').count() > 0);
  assert.ok(await shown() > await tree.locator('tr.trouve').count(), 'what is found keeps its ancestors');
  await page.getByRole('searchbox', { name: 'Filtrer l’arbre par code ou libellé' }).fill('');

  // A shared element says how often, and its page lists where.
  const shared = tree.locator('a.partage').first();
  const times = Number((await shared.innerText()).match(/partagé (\d+)/u)?.[1]);
  assert.ok(times > 1);
  await page.getByRole('button', { name: 'Tout déplier' }).click();
  await shared.click();
  await page.waitForURL(/\/maquette\/elements\//);
  assert.equal(await page.locator('#listes tbody').getByRole('row').count(), times);
  assert.ok(await page.locator('#etapes tbody').getByRole('row').count() > 1);
});

journey('what is closed is hidden until one asks', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/elements?etat=ferme');
  await rows(page).filter({ has: page.locator('.pastille', { hasText: /^Fermé$/ }) }).first().getByRole('link').first().click();
  await page.waitForURL(/\/maquette\/elements\//);
  await page.locator('#etapes tbody').getByRole('link').first().click();
  await page.waitForURL(/\/maquette\/etapes\//);
  const tree = page.getByRole('treegrid').locator('tbody tr');
  const without = await tree.count();
  await page.getByRole('link', { name: /Afficher aussi ce qui est fermé/ }).click();
  await page.waitForURL(/fermes=oui/);
  assert.ok(await tree.count() > without);
  assert.ok(await tree.and(page.locator('.histoire')).count() > 0);
  await page.getByRole('link', { name: 'Masquer ce qui est fermé' }).click();
  await until(async () => await tree.count() === without, 'closed ones are hidden again');
});

journey('another year is looked at, kept from page to page, and said to be another', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/etapes');
  await page.locator('summary', { hasText: 'Année' }).click();
  await page.locator('details[open] .menu-entree').filter({ hasNotText: '2023/2024' }).first().click();
  await page.waitForURL(/annee=\d{4}/);
  const year = new URL(page.url()).searchParams.get('annee');
  await page.getByText('pas l’année en cours').waitFor();
  await rows(page).first().getByRole('link').first().click();
  await page.waitForURL(new RegExp(`/maquette/etapes/.*annee=${year}`));
  await page.getByText('pas l’année en cours').waitFor();
  await page.getByRole('treegrid').waitFor();
});
