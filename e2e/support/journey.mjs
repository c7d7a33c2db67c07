// One journey: a browser page of its own, signed in as asked, watched for script errors, pictured when it fails.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { axe } from './axe.mjs';
import { account, enter, launch, visit } from './browser.mjs';
import { sandbox } from './sandbox.mjs';
import { attach, moteur } from './suite.mjs';

const captures = fileURLToPath(new URL('../captures/', import.meta.url));

/** No journey may last longer, unless it says so; those that wait for a source wait for seconds. */
const BOUND_MS = 120_000;

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

/** Fails the journey on what the scripts of the page complain of. */
function watch(page, complaints) {
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A status that a journey provokes on purpose (403, 404) is also printed there by the browser.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
}

/**
 * Declares a journey. `role` signs in first (`undefined` stays outside); `javaScript: false` browses without scripts; `bound` in
 * milliseconds for a long one.
 * The body gets { page, suite, sandbox, axe, capture, open, also }: `also(account)` signs somebody else in, in a browser of their own.
 */
export function journey(name, { role, bound = BOUND_MS, ...options } = {}, body) {
  const file = `echec-${moteur ? `${moteur}-` : ''}${name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}`;
  test(moteur ? `${moteur}: ${name}` : name, { timeout: bound }, async () => {
    const pages = [];
    const complaints = [];
    const opened = async (how) => {
      const page = await visit(browser, suite, how);
      watch(page, complaints);
      pages.push(page);
      return page;
    };
    const page = await opened(options);
    const capture = (picture, of = page) => of.screenshot({ path: `${captures}${picture}.png`, fullPage: true, animations: 'disabled' });
    const tools = {
      page, suite, capture, axe: (of = page) => axe(of), sandbox: sandbox(suite.bac_a_sable),
      open: async (path) => assert.equal((await page.goto(path)).status(), 200, `GET ${path}`),
      also: async (who, how = {}) => {
        const theirs = await opened(how);
        await enter(theirs, who);
        return theirs;
      },
    };
    try {
      if (role) await enter(page, account(suite, role));
      await body(tools);
      assert.deepEqual(complaints, [], 'errors in the browser console');
    } catch (error) {
      await Promise.all(pages.map((one, rank) => capture(rank ? `${file}-${rank + 1}` : file, one).catch(() => {})));
      throw error;
    } finally {
      await Promise.all(pages.map((one) => one.context().close()));
    }
  });
}
