import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';

journey("another role's address answers 403, with a way out, and is not in its menu", { role: 'etudiant' }, async ({ page, capture }) => {
  for (const path of ['/maquette/collectes', '/liens', '/maquette/anomalies']) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 403, path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await page.getByRole('navigation').locator(`a[href="${path}"]`).count(), 0, `${path} is in the menu`);
  }
  await capture('acces-refuse');
  await page.getByRole('main').getByRole('link', { name: /accueil/i }).click();
  assert.equal(new URL(page.url()).pathname, '/');
});
