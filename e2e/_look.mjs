import { readFileSync } from 'node:fs';
import { launch, login, visit } from './support/browser.mjs';

const suite = JSON.parse(readFileSync(process.argv[2]));
const out = process.argv[3];
const only = process.argv[4];
const browser = await launch();
const widths = [[390, 844], [1024, 768], [1600, 1000]];
// data-known pages
const p0 = await visit(browser, suite, {});
await login(p0, suite, 'informatique');
const hrefs = async (path, sel) => { await p0.goto(path); return p0.locator(sel).first().getAttribute('href'); };
const etape = await hrefs('/maquette/etapes?recherche=l1', 'tbody a.ligne-lien');
await p0.goto(etape);
const element = await p0.locator('a.partage').first().getAttribute('href').catch(() => null) ?? await hrefs('/maquette/elements', 'tbody a.ligne-lien');
const collecte = await hrefs('/maquette/collectes', 'tbody a.ligne-lien');
const pages = { accueil: '/', etapes: '/maquette/etapes', etape, element, elements: '/maquette/elements', anomalies: '/maquette/anomalies', collectes: '/maquette/collectes', collecte, changements: `${collecte}/changements`, liens: '/liens', compte: '/compte', introuvable: '/nulle-part', vide: '/maquette/etapes?recherche=zzzz' };
for (const theme of ['light', 'dark']) for (const [width, height] of widths) {
  const page = await visit(browser, suite, { theme, viewport: { width, height } });
  page.on('console', (m) => { if (m.type() === 'error') console.log('CONSOLE', m.text()); });
  await page.goto('/connexion');
  if (!only) await page.screenshot({ path: `${out}/connexion-${width}-${theme}.png` });
  await login(page, suite, 'informatique');
  for (const [name, path] of Object.entries(pages)) {
    if (only && !only.split(',').includes(name)) continue;
    await page.goto(path);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (excess > 0) console.log('WIDE', name, width, excess);
    await page.screenshot({ path: `${out}/${name}-${width}-${theme}.png`, fullPage: width < 500 ? false : false });
    if (width !== 1024) {
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const v of violations) console.log('AXE', name, width, theme, v.id, v.impact, v.help, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary.slice(0,300));
    }
  }
  await page.context().close();
}
await browser.close();
