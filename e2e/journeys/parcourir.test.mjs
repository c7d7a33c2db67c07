import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

const rows = (page) => page.getByRole('main').locator('tbody').getByRole('row');

journey('from the list of étapes to a tree and to one of its elements', { role: 'scolarite' }, async ({ page, open, capture }) => {
  await open('/maquette/etapes');
  assert.ok(await rows(page).count() > 1, 'the list of étapes has rows');

  await rows(page).first().getByRole('link').first().click();
  await page.waitForURL(/\/maquette\/etapes\/[^/]+\/\d+$/);
  const tree = page.getByRole('tree');
  await tree.waitFor();
  await capture('arbre');
  const items = tree.getByRole('treeitem');
  assert.ok(await items.count() > 0, 'the tree has elements');

  await items.first().getByRole('link').first().click();
  await page.waitForURL(/\/maquette\/elements\/[^/]+$/);
  await page.getByRole('heading', { level: 1 }).waitFor();
});

journey('searching without accents or capitals finds, and a search without answer says what to do', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/elements');
  await page.getByRole('searchbox').first().fill('droit');
  await page.keyboard.press('Enter');
  await page.waitForURL(/droit/);
  assert.ok(await rows(page).count() > 0);

  await page.getByRole('searchbox').first().fill('zzzz introuvable');
  await page.keyboard.press('Enter');
  await page.getByText(/Aucun élément/).first().waitFor();
});

journey('a tree by keyboard alone: in, down, close, open', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/etapes');
  await rows(page).first().getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  const items = page.getByRole('tree').getByRole('treeitem');
  await items.first().waitFor();

  const focused = () => page.evaluate(() => document.activeElement?.closest('[role=treeitem]')?.id ?? '');
  for (let press = 0; press < 60 && await focused() === ''; press += 1) await page.keyboard.press('Tab');
  const first = await focused();
  assert.notEqual(first, '', 'Tab leads into the tree');

  const shown = () => items.filter({ visible: true }).count();
  const before = await shown();
  await page.keyboard.press('ArrowLeft');
  const closed = await until(async () => { const now = await shown(); return now !== before && now; }, 'the left arrow closes');
  assert.ok(closed < before);
  await page.keyboard.press('ArrowRight');
  await until(async () => await shown() === before, 'the right arrow opens again');
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await focused(), first, 'the down arrow moves on');
});
