// The pictures of the README (docs/images), taken from a suite of their own.
import { fileURLToPath } from 'node:url';
import { account, launch, login, visit } from './support/browser.mjs';
import { etudiant } from './support/examens.mjs';
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

  const phone = await visit(browser, suite, { viewport: { width: 390, height: 844 } });
  await login(phone, etudiant(suite, 'inscription ordinaire'));
  await phone.getByRole('link', { name: /S’inscrire/ }).first().click();
  await phone.getByText('Je passe toutes celles qui restent').click();
  await phone.getByRole('radio', { name: /Télé-examen/ }).check({ force: true });
  await phone.getByText('Part fixe').or(phone.getByText(/part fixe/)).first().waitFor();
  await phone.evaluate(() => { scrollTo(0, 120); });
  await phone.screenshot({ path: `${images}inscription.png`, animations: 'disabled' });

  const desk = await visit(browser, suite, { viewport: { width: 1000, height: 844 } });
  await login(desk, account(suite, 'scolarite'));
  await desk.goto('/iexam');
  await desk.getByText('À vérifier').first().waitFor();
  await desk.screenshot({ path: `${images}examens.png`, animations: 'disabled' });
} finally {
  await browser.close();
  await suite.stop();
}
