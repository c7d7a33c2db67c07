import assert from 'node:assert/strict';
import { collect, ended, figure } from '../support/collecte.mjs';
import { journey } from '../support/journey.mjs';

const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();

journey('a collection is undone as one object: the old values come back', { role: 'informatique' },
  async ({ page, open, sandbox, axe, capture }) => {
    let path;
    try {
      await sandbox.change(2);
      path = await collect(page, 'Offre');
      await ended(page);
      const modified = await figure(page, 'Modifiées');
      const group = page.locator('details.changement', { hasText: /Éléments : \d+ \(libellé\)/ });
      await group.locator('summary').click();
      const line = group.getByRole('listitem').first();
      const before = (await line.locator('del').innerText()).replace(/^était\s*/u, '');
      const now = (await line.locator('ins').innerText()).replace(/^devient\s*/u, '');
      const element = await line.getByRole('link').getAttribute('href');
      await open(element);
      assert.equal(await heading(page), now);

      // What would be lost is shown first, the way things would go: from what is now to what was.
      await open(path);
      await page.getByRole('link', { name: 'Annuler cette collecte…' }).click();
      await page.waitForURL(/\/annulation$/);
      assert.equal(await heading(page), 'Annuler cette collecte');
      await page.getByText('La prochaine collecte ramènera ces valeurs tant que la source ne change pas.').waitFor();
      await axe();
      await capture('annulation');

      // The number of changes is to be written: another number undoes nothing.
      const button = page.getByRole('button', { name: /^Annuler [\d\s]+ changements$/u });
      const changes = (await button.innerText()).replace(/\D/gu, '');
      const field = page.getByLabel('Nombre de changements à annuler');
      await field.fill('3');
      await button.click();
      await page.getByText('Ce n’est pas le nombre attendu').waitFor();
      await field.fill(changes);
      await button.click();
      await page.waitForURL(/\/maquette\/collectes\/\d+$/);
      await ended(page);
      assert.match(await heading(page), /^Annulation n° \d+/);
      assert.equal(await figure(page, 'Modifiées'), modified);
      await open(element);
      assert.equal(await heading(page), before);

      // The collection says that it was undone.
      await open(path);
      await page.getByText('Cette collecte a été annulée : ses changements ne sont plus en place.').waitFor();
      assert.equal(await page.getByRole('link', { name: 'Annuler cette collecte…' }).count(), 0);
    } finally {
      await sandbox.reset();
    }
    await collect(page, 'Offre');
    await ended(page);
  });

journey('rows that changed since stand in the way of an undo, and say what to undo first', { role: 'informatique' },
  async ({ page, sandbox, axe, capture }) => {
    let path;
    try {
      await sandbox.change(2);
      path = await collect(page, 'Offre');
      await ended(page);
    } finally {
      await sandbox.reset();
    }
    const since = await collect(page, 'Offre');
    await ended(page);
    const answer = await page.goto(`${path}/annulation`);
    assert.equal(answer.status(), 409);
    await page.getByText('Cette annulation n’est pas possible').waitFor();
    await page.getByRole('heading', { name: 'Ce qui dépend de cette collecte' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /^Annuler/ }).count(), 0);
    await page.getByRole('link', { name: `Collecte n° ${since.split('/').at(-1)}` }).waitFor();
    await axe();
    await capture('annulation-bloquee');
  });

journey('a change set is narrowed, searched and taken away', { role: 'informatique' }, async ({ page, open, axe }) => {
  await open('/maquette/collectes/1/changements?genre=element');
  await page.getByRole('heading', { name: 'Changements', level: 1 }).waitFor();
  await page.getByRole('searchbox', { name: 'Code ou libellé' }).fill('IFD1E2');
  await page.getByRole('searchbox', { name: 'Code ou libellé' }).press('Enter');
  await page.waitForURL(/recherche=IFD1E2/);
  await page.getByRole('row', { name: /IFD1E21/ }).first().waitFor();
  await axe();
  const set = await page.request.get('/maquette/collectes/1/changements.json');
  const changes = await set.json();
  assert.ok(changes.length > 1000 && changes.some((c) => c.genre === 'element' && c.cle[0] === 'IFD1E21'));
  const csv = await (await page.request.get('/maquette/collectes/1/changements?genre=liste&export=csv')).text();
  assert.ok(csv.includes('LIFDCHX') && !csv.includes('IFD1E21'));
});
