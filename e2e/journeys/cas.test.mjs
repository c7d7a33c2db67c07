// Signing in by a real CAS server. The suite of the other journeys has none: this file starts one of its own, that has.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { axe } from '../support/axe.mjs';
import { account, launch, visit } from '../support/browser.mjs';
import { startCas } from '../support/cas.mjs';
import { start } from '../support/suite.mjs';
import { until } from '../support/until.mjs';

const BOUND_MS = 120_000;
const BUTTON = 'Se connecter avec le compte de l’université';
const captures = fileURLToPath(new URL('../captures/', import.meta.url));
const password = 'mot de passe de l’université';

let cas;
let suite;
let browser;

before(async () => {
  await mkdir(captures, { recursive: true });
  cas = await startCas([`scolarite:${password}`, `inconnue.martin:${password}`]);
  [suite, browser] = await Promise.all([
    start(['--etudiants', '10', '--seed', '7'], { TELEMAQUE_CAS__URL: cas.url }), launch(),
  ]);
}, { timeout: 240_000 });
after(async () => {
  await browser?.close();
  await suite?.stop();
  await cas?.stop();
});

/** One journey on a page of its own, whose script errors fail it. */
function journey(name, body) {
  test(name, { timeout: BOUND_MS }, async () => {
    const page = await visit(browser, suite);
    const complaints = [];
    const ours = () => page.url().startsWith(suite.adresse);
    page.on('pageerror', (error) => { if (ours()) complaints.push(String(error)); });
    try {
      await body(page);
      assert.deepEqual(complaints, [], 'errors in the browser console');
    } catch (error) {
      await page.screenshot({ path: `${captures}echec-cas-${name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 50)}.png`, fullPage: true }).catch(() => {});
      throw error;
    } finally {
      await page.context().close();
    }
  });
}

/** Fills the form of the CAS server, where the browser must be. */
async function identify(page, login) {
  await page.waitForURL((url) => url.href.startsWith(`${cas.url}/login`));
  await page.getByLabel('Username').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Login' }).click();
}

const signOut = async (page) => {
  await page.locator('summary', { hasText: 'menu personnel' }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
};

journey('one signs in at the university and lands where one was going', async (page) => {
  await page.goto('/maquette/elements?recherche=droit');
  await page.getByText('Connectez-vous pour ouvrir cette page.').waitFor();
  assert.equal(await page.getByLabel('Identifiant').isVisible(), false, 'local accounts are folded');
  await axe(page);
  await page.screenshot({ path: `${captures}cas-connexion.png`, fullPage: true });
  await page.getByRole('link', { name: BUTTON }).click();
  await identify(page, 'scolarite');
  await page.getByRole('heading', { level: 1, name: 'Éléments' }).waitFor();
  const { origin, pathname, search } = new URL(page.url());
  assert.equal(origin + pathname + search, `${suite.adresse}/maquette/elements?recherche=droit`);
  assert.ok(!page.url().includes('ticket'), 'no ticket stays in the address');

  // The session does not need CAS any more; another tab finds it.
  const tab = await page.context().newPage();
  await tab.goto('/compte');
  await tab.getByText('Cette session').waitFor();

  await signOut(page);
  await page.getByText('Vous êtes déconnecté de Télémaque.').waitFor();
  await tab.reload();
  assert.equal(new URL(tab.url()).pathname, '/connexion');
  await page.getByRole('link', { name: 'Se déconnecter aussi de l’université' }).click();
  await page.waitForURL((url) => url.href.startsWith(suite.adresse));
  await page.getByText('Vous êtes déconnecté.').waitFor();
  await page.getByRole('link', { name: BUTTON }).click();
  await page.getByLabel('Username').waitFor();
});

journey('leaving the university closes the session of Télémaque', async (page) => {
  await page.goto('/connexion');
  await page.getByRole('link', { name: BUTTON }).click();
  await identify(page, 'scolarite');
  await page.getByRole('heading', { level: 1, name: 'Accueil' }).waitFor();
  const stolen = await page.context().cookies();

  const elsewhere = await page.context().newPage();
  await elsewhere.goto(`${cas.url}/logout`);
  await until(async () => {
    await page.goto('/');
    return new URL(page.url()).pathname === '/connexion';
  }, 'the session has ended');

  await page.context().addCookies(stolen);
  await page.goto('/maquette/etapes');
  assert.equal(new URL(page.url()).pathname, '/connexion', 'the cookie of before opens nothing');
});

journey('somebody whom Télémaque does not know is told what to do', async (page) => {
  await page.goto('/connexion');
  await page.getByRole('link', { name: BUTTON }).click();
  await identify(page, 'inconnue.martin');
  const alert = page.getByRole('alert');
  await alert.filter({ hasText: 'Télémaque n’a pas de compte à ce nom' }).waitFor();
  await alert.filter({ hasText: 'demandez un compte au service informatique en donnant l’identifiant « inconnue.martin »' }).waitFor();
  await axe(page);
  await page.screenshot({ path: `${captures}cas-inconnu.png`, fullPage: true });
  // The session of CAS is still hers: she leaves it to come back under another name.
  await page.getByRole('link', { name: 'Se connecter à l’université sous un autre nom' }).click();
  await page.waitForURL((url) => url.href.startsWith(suite.adresse));
  await page.getByRole('link', { name: BUTTON }).click();
  await identify(page, 'scolarite');
  await page.getByRole('heading', { level: 1, name: 'Accueil' }).waitFor();
});

journey('a used or invented ticket opens nothing', async (page) => {
  let back;
  page.on('request', (request) => { if (request.url().includes('ticket=ST-')) back = request.url(); });
  await page.goto('/connexion');
  await page.getByRole('link', { name: BUTTON }).click();
  await identify(page, 'scolarite');
  await page.getByRole('heading', { level: 1, name: 'Accueil' }).waitFor();
  await signOut(page);
  await page.getByText('Vous êtes déconnecté de Télémaque.').waitFor();
  await page.goto(back);
  await page.getByRole('alert').filter({ hasText: 'L’université n’a pas reconnu cette connexion' }).waitFor();
  const other = await visit(browser, suite);
  await other.goto(back);
  await other.getByRole('alert').filter({ hasText: 'n’a pas été demandée depuis ce navigateur' }).waitFor();
  await other.context().close();
});

// Last: the server does not come back.
journey('when CAS is down the page says so and local accounts still open', async (page) => {
  await cas.stop();
  await page.goto('/maquette/etapes');
  await page.getByRole('link', { name: BUTTON }).click();
  await page.getByRole('alert').filter({ hasText: 'Le serveur de connexion de l’université ne répond pas' }).waitFor();
  await axe(page);
  await page.screenshot({ path: `${captures}cas-muet.png`, fullPage: true });
  const { identifiant, mot_de_passe } = account(suite, 'scolarite');
  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Mot de passe').fill(mot_de_passe);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { level: 1, name: 'Étapes' }).waitFor();
});
