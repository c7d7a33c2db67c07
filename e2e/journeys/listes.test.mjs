import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

const LISTE = '/maquette/elements';

/** The first cell of the heads and of the rows shown. */
const heads = (page) => page.locator('table.donnees thead th[data-colonne]').evaluateAll((all) => all.map((th) => th.dataset.colonne));

/** One file of a zip, found by its central directory. */
function unzipped(bytes, name) {
  for (let at = bytes.length - 22; at >= 0; at -= 1) {
    if (bytes.readUInt32LE(at) !== 0x06054b50) continue;
    let entry = bytes.readUInt32LE(at + 16);
    for (let left = bytes.readUInt16LE(at + 10); left > 0; left -= 1) {
      const [length, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(entry + offset));
      if (bytes.toString('utf8', entry + 46, entry + 46 + length) === name) {
        const local = bytes.readUInt32LE(entry + 42);
        const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
        return inflateRawSync(bytes.subarray(start, start + bytes.readUInt32LE(entry + 20))).toString('utf8');
      }
      entry += 46 + length + extra + comment;
    }
  }
  throw new Error(`${name} is not in the file`);
}

journey('a list is searched as one types, narrowed by several values, and its menus are open to all', { role: 'informatique' },
  async ({ page, open, axe }) => {
    await open(LISTE);
    const search = page.getByRole('searchbox', { name: 'Code ou libellé' });
    await search.pressSequentially('droit');
    await page.waitForURL(/recherche=droit/);
    await until(async () => /pour « droit »/.test(await page.locator('section.liste > [role=status]').textContent()), 'the count is said');
    assert.equal(await search.evaluate((input) => input === document.activeElement), true, 'the focus stays in the box');
    await search.fill('');
    await page.waitForURL((url) => !url.searchParams.get('recherche'));

    // Two values chosen without opening the menu again.
    await page.locator('summary', { hasText: 'Nature' }).click();
    const values = page.locator('details[open] .menu-panneau li a');
    await values.nth(0).click();
    await page.waitForURL(/nature=/);
    await values.nth(1).click();
    await page.waitForURL((url) => url.searchParams.getAll('nature').length === 2);
    assert.equal(await page.locator('a.puce').count(), 2);
    await axe();
    await page.keyboard.press('Escape');

    await page.locator('summary', { hasText: 'Colonnes' }).click();
    await axe();
    await page.keyboard.press('Escape');
    await page.locator('summary', { hasText: 'Vues' }).click();
    await axe();
    await page.keyboard.press('Escape');

    await open(`${LISTE}?recherche=zzzzzz&etat=ferme`);
    await page.getByText('Rien ne répond à « zzzzzz » avec ces filtres.').waitFor();
    await page.getByRole('link', { name: 'Retirer la recherche' }).click();
    await page.waitForURL((url) => !url.searchParams.has('recherche'));
    await open(`${LISTE}?page=1000000000`);
    await page.locator('.pages-liste a[aria-current=page]').waitFor();
    assert.ok(await page.locator('tbody tr').count() > 0, 'a page too far is the last one');
  });

journey('columns are kept, exported with the whole list, and the files open again', { role: 'informatique' }, async ({ page, open }) => {
  await open(LISTE);
  const own = await heads(page);
  await page.locator('summary', { hasText: 'Colonnes' }).click();
  await page.getByRole('checkbox', { name: 'ECTS', exact: true }).uncheck();
  await page.getByRole('button', { name: 'Appliquer' }).click();
  await until(async () => !(await heads(page)).includes('ects'), 'the column is gone');
  await open(LISTE);
  assert.deepEqual(await heads(page), own.filter((column) => column !== 'ects'), 'the choice is kept');

  const total = Number((await page.locator('.liste-titre .compte').textContent()).replace(/\D/g, ''));
  const shown = (await page.locator('table.donnees thead th[data-colonne]').allTextContents()).map((text) => text.trim());
  const taken = async (name) => {
    await page.locator('summary', { hasText: 'Exporter' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
    await page.keyboard.press('Escape');
    return [download.suggestedFilename(), await readFile(await download.path())];
  };
  const [csvName, csv] = await taken(/CSV/);
  assert.match(csvName, /^Éléments \d{4}-\d\d-\d\d.*\.csv$/);
  const lines = csv.toString('utf8').trimEnd().split('\r\n');
  assert.equal(lines[0], `\u{feff}${shown.join(';')}`);
  assert.equal(lines.length, total + 1, 'every row, not a page of them');
  const [xlsxName, xlsx] = await taken(/XLSX/);
  assert.match(xlsxName, /^Éléments .*\.xlsx$/);
  const sheet = unzipped(xlsx, 'xl/worksheets/sheet1.xml');
  assert.equal(sheet.match(/<row /g).length, total + 1);
  assert.ok(!sheet.includes('<f>'), 'no formula');
  assert.ok(sheet.includes('<autoFilter ') && sheet.includes('state="frozen"'));

  await page.locator('summary', { hasText: 'Colonnes' }).click();
  await page.getByRole('button', { name: 'Colonnes d’origine' }).click();
  await until(async () => (await heads(page)).includes('ects'), 'the list has its own columns back');
});

journey('a view is named, shown first, deleted and brought back', { role: 'informatique' }, async ({ page, open, axe }) => {
  await open(`${LISTE}?etat=ferme&tri=libelle`);
  await page.locator('summary', { hasText: 'Vues' }).click();
  await page.getByLabel('Nommer la vue affichée').fill('Fermés par libellé');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('La vue « Fermés par libellé » est enregistrée.').waitFor();

  await page.locator('summary', { hasText: 'Fermés par libellé' }).click();
  await page.getByRole('link', { name: 'Gérer les vues' }).click();
  await page.getByRole('button', { name: 'Afficher en premier' }).click();
  await page.getByText('affichée en premier', { exact: true }).waitFor();
  await axe();
  await open(LISTE);
  await page.locator('a.puce', { hasText: 'Fermé' }).waitFor();
  await page.getByRole('link', { name: 'Tout afficher' }).click();
  await page.waitForURL(/vue=0|vue=\d+/);
  await until(async () => await page.locator('a.puce').count() === 0, 'the whole list can still be seen');

  await page.locator('summary', { hasText: 'Vues' }).click();
  await page.getByRole('link', { name: 'Gérer les vues' }).click();
  await page.getByRole('button', { name: 'Supprimer la vue « Fermés par libellé »' }).click();
  await page.getByRole('button', { name: 'Rétablir la vue « Fermés par libellé »' }).click();
  await page.getByText('La vue « Fermés par libellé » est rétablie.').waitFor();
  await page.getByRole('button', { name: 'Supprimer la vue « Fermés par libellé »' }).click();
  await page.getByText('est supprimée').waitFor();
  await open(LISTE);
  assert.equal(await page.locator('a.puce').count(), 0, 'a deleted view is nobody’s first');
});

journey('rows are chosen with the keyboard or by the whole list', { role: 'informatique' }, async ({ page, open, axe }) => {
  await open('/composants/liste?nature=UE');
  const boxes = page.locator('input[name=choix]');
  await boxes.nth(0).focus();
  await page.keyboard.press('Space');
  await page.getByText('1 ligne choisie').waitFor();
  await boxes.nth(3).click({ modifiers: ['Shift'] });
  await page.getByText('4 lignes choisies').waitFor();
  await axe();
  await page.getByRole('checkbox', { name: 'Toute la liste' }).check();
  await page.getByText(/15\s000 lignes choisies/).waitFor();
  await page.getByRole('button', { name: 'Assigner…' }).click();
  await page.getByRole('button', { name: 'Assigner…' }).click();
  await page.getByRole('heading', { name: /Assigner 15\s000 lignes/ }).waitFor();
});

journey('everything is searched from the top of any page', { role: 'informatique' }, async ({ page, open, axe }) => {
  await open('/maquette/collectes');
  await page.keyboard.press('/');
  await page.keyboard.type('droit', { delay: 40 });
  const found = page.locator('#recherche-apercu');
  await found.getByRole('link').first().waitFor();
  await axe();
  await page.keyboard.press('ArrowDown');
  assert.equal(await found.getByRole('link').first().evaluate((link) => link === document.activeElement), true);
  await page.keyboard.press('Escape');
  assert.equal(await found.isHidden(), true);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/recherche\?.*recherche=droit/);
});

journey('without JavaScript: columns, a view, several rows', { role: 'informatique', javaScript: false }, async ({ page, open }) => {
  await open(LISTE);
  await page.locator('summary', { hasText: 'Colonnes' }).click();
  await page.getByRole('checkbox', { name: 'ECTS', exact: true }).uncheck();
  await page.getByRole('button', { name: 'Appliquer' }).click();
  await page.locator('th[data-colonne=code]').waitFor();
  assert.ok(!(await heads(page)).includes('ects'));
  await page.locator('summary', { hasText: 'Colonnes' }).click();
  await page.getByRole('button', { name: 'Colonnes d’origine' }).click();
  await page.locator('th[data-colonne=ects]').waitFor();

  await open('/composants/liste');
  await page.locator('input[name=choix]').nth(1).check();
  await page.getByRole('button', { name: 'Ignorer…' }).click();
  await page.getByRole('heading', { name: 'Assigner 1 ligne' }).waitFor();
});
