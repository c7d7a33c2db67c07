import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Fails with one readable line per fault of WCAG 2.2 A or AA in the page as it stands. */
export async function axe(page, where = new URL(page.url()).pathname) {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  const lines = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `  ${id}: ${help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary.replaceAll('\n', '\n    ')}`));
  assert.equal(lines.length, 0, `${where} is not accessible to all:\n${lines.join('\n')}`);
}
