import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { DESK, PHONE } from './browser.mjs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };

/** The rules whose answer the colours alone may change. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Makes of page found clean earlier in this run, whatever the file, the suite and its database. */
const CLEAN = process.env.TELEMAQUE_E2E_AXE;

/** What is made of the page, in the page: of which elements, with which classes, roles and states, said or silent. */
function reader() {
  const NAMES = new Set(['aria-controls', 'aria-describedby', 'aria-labelledby', 'aria-owns', 'aria-activedescendant', 'aria-errormessage']);
  const VALUES = new Set(['class', 'role', 'type', 'lang', 'tabindex', 'scope', 'autocomplete', 'colspan', 'rowspan', 'name', 'content']);
  const BARE = new Set(['hidden', 'disabled', 'open', 'required', 'readonly', 'checked', 'selected', 'multiple', 'popover']);
  const attribute = ({ name, value }, own) => {
    if (NAMES.has(name)) return `${name}=${value.split(/\s+/u).map((id) => Boolean(own.ownerDocument.getElementById(id)))}`;
    if (name === 'name' && own.tagName !== 'META') return '';
    if (name.startsWith('aria-') || VALUES.has(name)) return `${name}=${name === 'aria-label' ? value.trim() !== '' : value.replace(/\d+/gu, '0')}`;
    if (BARE.has(name)) return name;
    return ['alt', 'title', 'placeholder', 'href', 'src', 'for', 'id'].includes(name) ? `${name}=${value !== ''}` : '';
  };
  const makes = new WeakMap();
  /** Children made alike count once: a list of fifty rows is made as one of ten. */
  const make = (element) => {
    const known = makes.get(element);
    if (known !== undefined) return known;
    const attributes = [...element.attributes].map((one) => attribute(one, element)).filter(Boolean).sort().join(' ');
    const said = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
    const children = [...new Set([...element.children].map(make))].join('');
    const made = `<${element.localName} ${attributes}${said ? ' …' : ''}>${children}</>`;
    makes.set(element, made);
    return made;
  };
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  return { make, twice: ids.length - new Set(ids).size };
}

/** A fingerprint of what the page is made of, and how wide it is beside the window. */
async function made(page) {
  const text = await page.evaluate(`(() => { const { make, twice } = (${reader})(); return make(document.documentElement) + twice; })()`);
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(digest).toString('hex');
}

async function faults(page, seen, runOnly) {
  const found = await page.evaluate(`(async (runOnly) => {
    const { make } = (${reader})();
    // Rows and entries made as the one before them are not looked at again, but for one more: colours may alternate.
    const exclude = [];
    for (const parent of document.querySelectorAll('tbody, ul, ol')) {
      const times = new Map();
      for (const child of parent.children) {
        const time = (times.get(make(child)) ?? 0) + 1;
        times.set(make(child), time);
        if (time > 2) exclude.push(child);
      }
    }
    const { violations } = await globalThis.axe.run({ include: [document], exclude }, { runOnly, resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) => ({
      id, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })),
    }));
  })(${JSON.stringify(runOnly)})`);
  return found.flatMap(({ id, help, nodes }) => nodes.map((node) =>
    `  ${seen}, ${id}: ${help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary.replaceAll('\n', '\n    ')}`));
}

/** Whether the page is wider than the window. */
export async function wide(page, seen) {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return excess > 0 ? [`  ${seen}: the page is ${excess} px too wide`] : [];
}

/**
 * Fails with one readable line per fault of WCAG 2.2 A or AA in the page as it stands: at a desk and on a phone, in light and in dark.
 * The page is not loaded again: its styles follow the window and the colours asked for. What depends on the words of the page, its
 * width, is measured each time; the rest once for each make of page.
 */
export async function axe(page) {
  const lines = [];
  const before = page.viewportSize();
  const make = await made(page);
  const known = CLEAN !== undefined && readFileSync(CLEAN, 'utf8').includes(make);
  if (!known) await page.evaluate(source);
  for (const [width, viewport] of [['desk', DESK], ['phone', PHONE]]) {
    await page.setViewportSize(viewport);
    lines.push(...await wide(page, width));
    if (known) continue;
    await page.emulateMedia({ colorScheme: 'light' });
    lines.push(...await faults(page, `${width}, light`, WCAG));
    await page.emulateMedia({ colorScheme: 'dark' });
    lines.push(...await faults(page, `${width}, dark`, COLOURS));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
  assert.equal(lines.length, 0, `${new URL(page.url()).pathname} is not accessible to all:\n${lines.join('\n')}`);
  if (CLEAN !== undefined && !known) appendFileSync(CLEAN, `${make}\n`);
}
