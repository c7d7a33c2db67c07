import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { DESK, PHONE } from './browser.mjs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };

/** The rules whose answer the colours alone may change. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

async function faults(page, seen, runOnly) {
  const found = await page.evaluate(async (only) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: only, resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) => ({
      id, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })),
    }));
  }, runOnly);
  return found.flatMap(({ id, help, nodes }) => nodes.map((node) =>
    `  ${seen}, ${id}: ${help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary.replaceAll('\n', '\n    ')}`));
}

/** Whether the page is wider than the window. */
async function wide(page, seen) {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return excess > 0 ? [`  ${seen}: the page is ${excess} px too wide`] : [];
}

/**
 * Fails with one readable line per fault of WCAG 2.2 A or AA in the page as it stands: at a desk and on a phone, in light and in dark.
 * The page is not loaded again: its styles follow the window and the colours asked for.
 */
export async function axe(page) {
  const lines = [];
  const before = page.viewportSize();
  await page.evaluate(source);
  for (const [width, viewport] of [['desk', DESK], ['phone', PHONE]]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: 'light' });
    lines.push(...await wide(page, width), ...await faults(page, `${width}, light`, WCAG));
    await page.emulateMedia({ colorScheme: 'dark' });
    lines.push(...await faults(page, `${width}, dark`, COLOURS));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
  assert.equal(lines.length, 0, `${new URL(page.url()).pathname} is not accessible to all:\n${lines.join('\n')}`);
}
