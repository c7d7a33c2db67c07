// The pictures of the README (docs/images), taken from a suite of their own.
import { fileURLToPath } from 'node:url';
import { account, launch, login, visit } from './support/browser.mjs';
import { start } from './support/suite.mjs';

const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
const suite = await start(['--etudiants', '400', '--seed', '7']);
const browser = await launch();
try {
  const page = await visit(browser, suite, { viewport: { width: 1400, height: 680 } });
  const picture = (name) => page.screenshot({ path: `${images}${name}.png`, animations: 'disabled' });
  await login(page, account(suite, 'informatique'));
  await page.locator('#sources').waitFor();
  await picture('accueil');

  await page.setViewportSize({ width: 1400, height: 900 });
  await page.goto('/maquette/etapes?recherche=L2+droit');
  await page.locator('tbody .ligne-lien').first().click();
  await page.getByRole('treegrid').waitFor();
  await picture('arbre');
} finally {
  await browser.close();
  await suite.stop();
}
