// The pictures of the README (docs/images), taken from a suite of their own.
import { fileURLToPath } from 'node:url';
import { launch, login, visit } from './support/browser.mjs';
import { start } from './support/suite.mjs';

const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
const suite = await start(['--etudiants', '200', '--seed', '1']);
const browser = await launch();
try {
  const page = await visit(browser, suite, { viewport: { width: 1280, height: 860 } });
  const picture = (name) => page.screenshot({ path: `${images}${name}.png`, animations: 'disabled' });
  await login(page, suite, 'informatique');
  await picture('accueil');

  await page.goto('/maquette/etapes?q=licence');
  await page.getByRole('main').locator('tbody a').first().click();
  await page.getByRole('tree').waitFor();
  await picture('arbre');
} finally {
  await browser.close();
  await suite.stop();
}
