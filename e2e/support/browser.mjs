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

/** Signs in through the page, as a person would. */
export async function login(page, suite, role) {
  const { identifiant, mot_de_passe } = account(suite, role);
  await page.goto('/connexion');
  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Mot de passe').fill(mot_de_passe);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL((url) => url.pathname !== '/connexion');
}
