import assert from 'node:assert/strict';
import { account } from '../support/browser.mjs';
import { ended } from '../support/collecte.mjs';
import { journey } from '../support/journey.mjs';

/** Presses Tab until the focus is on what `is` recognises. */
async function tabTo(page, is, what) {
  for (let press = 0; press < 80; press += 1) {
    if (await page.evaluate(is)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${what}`);
}

journey('by keyboard alone: signing in, a list, a tree opened and closed', {}, async ({ page, suite }) => {
  const { identifiant, mot_de_passe } = account(suite, 'scolarite');
  await page.goto('/maquette/etapes');
  // The first field is ready to be typed in.
  await page.waitForFunction(() => document.activeElement.name === 'identifiant');
  await page.keyboard.type(identifiant);
  await page.keyboard.press('Tab');
  await page.keyboard.type(mot_de_passe);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Étapes' }).waitFor();

  // The first stop jumps over the menu.
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Aller au contenu');
  await page.keyboard.press('Enter');
  await page.keyboard.press('/');
  await page.keyboard.type('L1 droit');
  await page.keyboard.press('Enter');
  await page.waitForURL(/recherche=L1/);
  await tabTo(page, () => document.activeElement.matches('tbody .ligne-lien'), 'the first row');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/maquette\/etapes\/[^/]+\/\d+$/);

  await tabTo(page, () => document.activeElement.matches('[role=treegrid] tbody tr'), 'the tree');
  const rows = page.getByRole('treegrid').locator('tbody tr');
  const shown = () => rows.filter({ visible: true }).count();
  const expanded = () => page.evaluate(() => document.activeElement.getAttribute('aria-expanded'));
  const before = await shown();
  await page.keyboard.press('ArrowLeft');
  assert.equal(await expanded(), 'false', 'the left arrow closes');
  assert.ok(await shown() < before);
  await page.keyboard.press('ArrowRight');
  assert.equal(await expanded(), 'true', 'the right arrow opens');
  assert.equal(await shown(), before);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  assert.equal(await rows.first().evaluate((row) => row === document.activeElement), true);

  // Typing filters, the down arrow returns to the tree on what was found, Enter opens its page.
  await page.keyboard.type('langue');
  await page.getByText(/éléments? trouvés?/).waitFor();
  await page.keyboard.press('ArrowDown');
  assert.match(await page.evaluate(() => document.activeElement.className), /trouve/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  while (!await page.evaluate(() => document.activeElement.querySelector('a'))) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/maquette\/elements\//);
});

journey('by keyboard alone: a collection started, its question opened and closed, its report reached', { role: 'informatique' },
  async ({ page, sandbox }) => {
    await sandbox.slow('kofr', 2);
    try {
      await page.goto('/maquette/collectes');
      await tabTo(page, () => document.activeElement.matches('select[name=portee]'), 'what to collect');
      await page.keyboard.type('Offre');
      await tabTo(page, () => document.activeElement.textContent.trim() === 'Collecter', 'the button');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/maquette\/collectes\/\d+$/);

      await tabTo(page, () => document.activeElement.textContent.trim() === 'Arrêter', 'the button that stops');
      await page.keyboard.press('Enter');
      const question = page.getByRole('dialog');
      await question.waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Ne rien faire', 'the harmless answer has the focus');
      await page.keyboard.press('Escape');
      await question.waitFor({ state: 'hidden' });
      assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Arrêter', 'the focus is back where it was');
    } finally {
      await sandbox.calm();
    }
    await ended(page);
  });
