// Debian's Chromium, headless, as a person in France would have it.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

const flags = [
  '--no-sandbox', // root may not use Chromium's own
  '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });

/** A page with a session of its own. */
export async function visit(browser, suite, { theme = 'light', viewport = DESK, javaScript = true } = {}) {
  const context = await browser.newContext({
    baseURL: suite.adresse, locale: 'fr-FR', timezoneId: 'Europe/Paris', colorScheme: theme, viewport, reducedMotion: 'reduce',
    javaScriptEnabled: javaScript,
  });
  context.setDefaultTimeout(15_000);
  return context.newPage();
}

/** Who signs in with a role. */
export function account(suite, role) {
  const found = suite.comptes.find((one) => one.role === role);
  assert.ok(found, `no account with the role ${role}`);
  return found;
}

/** Signs in through the page, as a person would, and lands on the home page. */
export async function login(page, { identifiant, mot_de_passe }) {
  await page.goto('/connexion');
  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Mot de passe').fill(mot_de_passe);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL((url) => url.pathname !== '/connexion');
}

/**
 * Signs in by the same form without drawing a page: a session of its own for each journey, none of them paying for two pages.
 * The page stays where it was.
 */
export async function enter(page, { identifiant, mot_de_passe }) {
  const form = await (await page.request.get('/connexion')).text();
  const token = /name="_csrf" value="([^"]+)"/u.exec(form)?.[1];
  assert.ok(token, 'the sign-in form has its token');
  const answer = await page.request.post('/connexion', {
    form: { _csrf: token, suite: '/compte', identifiant, mot_de_passe }, maxRedirects: 0,
  });
  assert.equal(answer.status(), 303, `${identifiant} signs in`);
}
