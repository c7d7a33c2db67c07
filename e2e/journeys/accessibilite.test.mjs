import assert from 'node:assert/strict';
import { PHONE } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';

const pages = ['/', '/maquette/collectes', '/maquette/etapes', '/maquette/elements', '/maquette/anomalies', '/liens'];

/** Addresses that only the data knows: the first étape, the first element, the last collection. */
async function found(page, open) {
  const inside = [];
  for (const list of ['/maquette/etapes', '/maquette/elements', '/maquette/collectes']) {
    await open(list);
    const href = await page.getByRole('main').locator(`tbody a[href^="${list}/"]`).first().getAttribute('href');
    inside.push(href);
  }
  return inside;
}

for (const theme of ['light', 'dark']) {
  journey(`every page passes axe, ${theme}`, { role: 'informatique', theme }, async ({ page, open, axe }) => {
    for (const path of [...pages, ...await found(page, open)]) {
      await open(path);
      await axe();
    }
  });
}

journey('the sign-in page passes axe', {}, async ({ open, axe }) => {
  await open('/connexion');
  await axe();
});

journey('on a phone every page fits its width, and passes axe', { role: 'informatique', viewport: PHONE }, async ({ page, open, axe, capture }) => {
  for (const path of [...pages, ...await found(page, open)]) {
    await open(path);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(excess <= 0, `${path} is ${excess} px too wide`);
    await axe();
  }
  await open('/');
  await capture('accueil-telephone');
});
