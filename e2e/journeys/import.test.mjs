import assert from 'node:assert/strict';
import { rowsOf } from '../support/classeur.mjs';
import { journey } from '../support/journey.mjs';

const ELEMENT = 'DRT1E0K';
const PAGE = `/maquette/elements/${ELEMENT}`;
const ENTETES = 'Genre;Code;Champ;Nouvelle valeur;Motif';

/** Chooses a CSV made here, and sends it. */
async function send(page, lines, name = 'corrections.csv') {
  const buffer = Buffer.from([ENTETES, ...lines].join('\r\n'), 'utf8');
  await page.getByLabel('Fichier de corrections').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
}

const title = (page) => page.getByRole('heading', { level: 1 }).innerText();

journey('corrections come from a spreadsheet: a bad cell is named, what changes is seen before it is applied',
  { role: 'informatique' }, async ({ page, open, axe, capture }) => {
    await open(PAGE);
    const source = await title(page);
    const mine = 'Libellé venu d’un fichier <b>=1+1</b>';
    await open('/maquette/corrections');
    await page.getByRole('link', { name: 'Importer des corrections' }).click();
    await page.getByRole('heading', { level: 1, name: 'Importer des corrections' }).waitFor();
    await axe();
    await capture('import');

    // The model has the columns, and an example that shows how to write them.
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Télécharger le modèle' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /\.xlsx$/u);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const [headers, example] = rowsOf(Buffer.concat(chunks));
    assert.deepEqual(headers, ['Genre', 'Code', 'Champ', 'Nouvelle valeur', 'Motif', 'Dernier jour', 'Année']);
    assert.equal(example[0], 'Éléments');

    // Something else than a spreadsheet is refused in words.
    await page.getByLabel('Fichier de corrections').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]) });
    await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
    await page.getByText('« photo.png » n’est ni un classeur XLSX ou ODS, ni un fichier CSV.').first().waitFor();
    await axe();

    // A bad cell: named, and nothing can be applied but by choosing to leave it aside.
    const good = `Éléments;${ELEMENT};Libellé;${mine};La fiche est tronquée`;
    await send(page, [good, `Éléments;${ELEMENT};ECTS;six;La fiche est tronquée`]);
    const bad = page.getByRole('row', { name: /D3/u });
    await bad.getByText('« six » n’est pas un nombre').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Appliquer une correction/u }).count(), 0);
    await page.getByRole('button', { name: 'Appliquer la ligne correcte…' }).waitFor();
    await axe();
    await capture('import-erreur');

    // The file put right: old and new, then applied.
    await page.getByRole('link', { name: 'Envoyer un autre fichier' }).click();
    await send(page, [good, `Éléments;${ELEMENT};Libellé court;aucune valeur;La fiche est tronquée`]);
    const line = page.getByRole('listitem').filter({ hasText: ELEMENT });
    await line.getByText(mine).waitFor();
    assert.ok((await line.locator('del').first().innerText()).includes(source));
    await axe();
    await capture('import-apercu');
    await page.getByRole('button', { name: /^Appliquer (une correction|2 corrections)$/u }).click();
    await page.getByText(/visibles? dès maintenant/u).waitFor();
    const rows = page.getByRole('row', { name: new RegExp(ELEMENT, 'u') });
    try {
      await rows.first().waitFor();
      await axe();
      await open(PAGE);
      assert.equal(await title(page), mine);
    } finally {
      // Put back: each is lifted from its own page.
      for (;;) {
        await page.goto(`/maquette/corrections?recherche=${ELEMENT}`);
        if (await rows.count() === 0) break;
        await rows.first().getByRole('link').first().click();
        await page.getByLabel('Motif de la fin').fill('Fin de l’essai');
        await page.getByRole('button', { name: 'Lever la correction' }).click();
        await page.getByText('La correction est levée').waitFor();
      }
    }
    await open(PAGE);
    assert.equal(await title(page), source);
  });

journey('who may not correct does not import', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/corrections');
  assert.equal(await page.getByRole('link', { name: 'Importer des corrections' }).count(), 0);
  const answer = await page.goto('/maquette/corrections/importer');
  assert.equal(answer.status(), 403);
});
