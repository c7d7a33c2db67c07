// One journey: a browser page of its own, signed in as asked, watched for script errors, pictured when it fails.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { axe } from './axe.mjs';
import { launch, login, visit } from './browser.mjs';
import { sandbox } from './sandbox.mjs';
import { attach } from './suite.mjs';

const captures = fileURLToPath(new URL('../captures/', import.meta.url));

/** No journey may last longer; those that wait for a source wait for seconds. */
const BOUND_MS = 60_000;

let suite;
let browser;

before(async () => {
  await mkdir(captures, { recursive: true });
  suite = await attach();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await suite?.stop();
});

/**
 * Declares a journey. `role` signs in first (`undefined` stays outside); `javaScript: false` browses without scripts.
 * The body gets { page, suite, sandbox, axe, capture, open }.
 */
export function journey(name, { role, ...options } = {}, body) {
  test(name, { timeout: BOUND_MS }, async () => {
    const page = await visit(browser, suite, options);
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // A status that a journey provokes on purpose (403, 404) is also printed there by the browser.
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
    });

    const capture = (file) => page.screenshot({ path: `${captures}${file}.png`, fullPage: true, animations: 'disabled' });
    const tools = {
      page, suite, capture, axe: () => axe(page), sandbox: sandbox(suite.bac_a_sable),
      open: async (path) => assert.equal((await page.goto(path)).status(), 200, `GET ${path}`),
    };
    try {
      if (role) await login(page, suite, role);
      await body(tools);
      assert.deepEqual(complaints, [], 'errors in the browser console');
    } catch (error) {
      await capture(`echec-${name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}`).catch(() => {});
      throw error;
    } finally {
      await page.context().close();
    }
  });
}
