import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

journey('without JavaScript: searching, a tree open whole, a collection followed to its report', { role: 'informatique', javaScript: false },
  async ({ page, open, sandbox }) => {
    await open('/maquette/etapes');
    await page.getByRole('searchbox', { name: 'Code ou libellé' }).fill('L1 droit');
    await page.keyboard.press('Enter');
    await page.waitForURL(/recherche=L1/);
    await page.locator('tbody').getByRole('link').first().click();
    await page.waitForURL(/\/maquette\/etapes\/[^/]+\/\d+$/);
    const nodes = page.getByRole('treegrid').locator('tbody tr');
    assert.equal(await nodes.filter({ visible: true }).count(), await nodes.count(), 'every row of the tree is shown');

    await sandbox.slow('kofr', 2);
    try {
      await open('/maquette/collectes');
      await page.getByLabel('Que collecter').selectOption({ label: 'Offre' });
      await page.getByRole('button', { name: 'Collecter' }).click();
      await page.waitForURL(/\/maquette\/collectes\/\d+$/);
      await page.getByRole('progressbar').waitFor();
    } finally {
      await sandbox.calm();
    }
    // The page loads itself again.
    await until(() => page.locator('.identite .pastille', { hasText: 'Terminée' }).count(), 'the report is shown', 30_000);
  });
