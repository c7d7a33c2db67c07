import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';

const LISTE = '/iexam/epreuves';
const MOIS = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'];

/** « 2024-P3 »: the value of the period of that code, out of the choice of the list. */
async function period(page, code) {
  await page.goto(LISTE);
  const options = page.getByLabel('Période', { exact: true }).locator('option');
  const values = await options.evaluateAll((all) => all.map((one) => one.value));
  const value = values.find((one) => one.endsWith(`-${code}`));
  assert.ok(value, `period ${code} among ${values}`);
  return value;
}

/** Addresses of the étapes, as the page proposes them for a period. */
async function programmes(page, open, value) {
  await open(`${LISTE}/etape?periode=${value}`);
  return page.locator('#etapes tbody a').evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute('href')))]);
}

async function send(page, lines, entetes = 'Élément;Date;Début;Durée (min)') {
  const buffer = Buffer.from([entetes, ...lines].join('\r\n'), 'utf8');
  await page.getByLabel('Fichier des épreuves').setInputFiles({ name: 'epreuves.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
}

/** Opens the preview of the first étape that has something in `wanted`. */
async function preview(page, open, value, wanted) {
  for (const href of (await programmes(page, open, value)).slice(0, 6)) {
    await open(href);
    if (await wanted(page).count() > 0) return href;
  }
  throw new Error('no étape proposes what is wanted');
}

const create = (page) => page.getByRole('button', { name: /^Créer .* épreuves?$/u });

journey('épreuves come from an étape in one go, and only once', { role: 'scolarite' }, async ({ page, open, axe, capture }) => {
  const p3 = await period(page, 'P3');
  const chosen = await preview(page, open, p3, create);
  await axe();
  await capture('epreuves-etape');
  await create(page).click();
  await page.getByText(/(épreuve est créée|épreuves sont créées)/u).waitFor();
  assert.ok(await page.locator('#epreuves tbody tr').count() > 0, 'the list is narrowed to the étape');
  await axe();
  await capture('epreuves');
  await open(chosen);
  await page.getByText('Il n’y a rien à ajouter').waitFor();
});

journey('épreuves come from a spreadsheet, whose bad cells are named before anything is written', { role: 'scolarite' },
  async ({ page, open, axe, capture }) => {
    const p3 = await period(page, 'P3');
    await preview(page, open, p3, () => page.locator('#propositions tbody tr'));
    const code = await page.locator('#propositions tbody .code').first().innerText();
    await open(`${LISTE}/importer?periode=${p3}`);
    await axe();
    const jours = await page.getByText(/Heure de Besançon, du/u).innerText();
    const [, jour, mois, annee] = /du \S+ (\d+)(?:er)? (\S+) (\d{4}) au/u.exec(jours);
    const date = `${jour.padStart(2, '0')}/${String(MOIS.indexOf(mois) + 1).padStart(2, '0')}/${annee}`;
    await send(page, [`${code};${date};25h00;60`, 'INCONNU9;;;']);
    await page.getByRole('row', { name: /C2/u }).getByText('« 25h00 »').waitFor();
    await page.getByRole('row', { name: /A3/u }).getByText('n’est pas dans l’offre').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Appliquer/u }).count(), 0);
    await axe();
    await capture('epreuves-import-erreur');
    await page.getByRole('link', { name: 'Envoyer un autre fichier' }).click();
    const entetes = 'Élément;Nature;Date;Début;Durée (min)';
    await send(page, [`${code};écrit;${date};10h00;95`], entetes);
    const line = page.getByRole('listitem').filter({ hasText: code });
    await line.getByText(/10\sh\s00/u).first().waitFor();
    await axe();
    await capture('epreuves-import');
    await page.getByRole('button', { name: 'Appliquer à 1 épreuve' }).click();
    await page.getByText(/1 épreuve (modifiée|créée)\./u).waitFor();
    // The same file again says what is held already.
    await open(`${LISTE}/importer?periode=${p3}`);
    await send(page, [`${code};écrit;${date};10h00;95`], entetes);
    await page.getByText('Le fichier dit ce qui est déjà tenu.').waitFor();
    // A file of something else is refused as a whole.
    await open(`${LISTE}/importer?periode=${p3}`);
    await send(page, ['Droit;lundi'], 'Matière;Jour de la semaine');
    await page.getByText('Les en-têtes de ce fichier ne permettent pas de le lire.').waitFor();
  });

journey('a conflict appears with an edit and is solved by the next', { role: 'scolarite' }, async ({ page, open, axe, capture }) => {
  const p1 = await period(page, 'P1');
  let rows = [];
  for (const href of await programmes(page, open, p1)) {
    const etape = new URL(href, page.url()).searchParams.get('etape');
    await open(`${LISTE}?periode=${p1}&etape=${etape}&nature=ecrit`);
    rows = await page.locator('#epreuves tbody tr').evaluateAll((all) => all
      .filter((row) => !row.innerText.includes('Sans date'))
      .map((row) => row.querySelector('a[href^="/iexam/epreuves/"]')?.getAttribute('href')).filter(Boolean));
    if (rows.length >= 2) break;
  }
  assert.ok(rows.length >= 2, 'two épreuves of one étape that have a day');
  await open(rows[0]);
  const when = await page.getByLabel('Début').inputValue();
  await axe();
  await capture('epreuve');
  const other = rows.at(-1);
  await open(other);
  const before = await page.getByLabel('Début').inputValue();
  assert.notEqual(when, before);
  try {
    await page.getByLabel('Début').fill(when);
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await page.getByText(/conflits? appara/u).waitFor();
    await axe();
    await open(`${LISTE}/conflits?periode=${p1}`);
    await page.getByText('se chevauchent').first().waitFor();
    await axe();
    await capture('epreuves-conflits');
  } finally {
    await open(other);
    await page.getByLabel('Début').fill(before);
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await page.getByText('L’épreuve est enregistrée.').waitFor();
  }
  await page.getByText(/conflits? (est|sont) résolus?/u).waitFor();

  // An hour that no clock shows is refused where it was typed.
  await page.getByLabel('Début').fill('2025-03-30T02:30');
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByText('n’existe pas le dimanche 30 mars 2025').waitFor();
});

journey('extra time of one third is arranged, more needs a reason, and it is withdrawn', { role: 'scolarite' },
  async ({ page, open, axe, capture }) => {
    await open('/iexam/amenagements');
    await axe();
    await page.getByRole('link', { name: 'Ajouter un aménagement' }).click();
    await page.getByLabel('Étudiant').fill('ma');
    await page.getByRole('button', { name: 'Chercher' }).click();
    await page.locator('#trouves tbody a').first().click();
    await axe();
    await page.getByLabel('Temps majoré').fill('30');
    await page.getByRole('button', { name: 'Ajouter l’aménagement' }).click();
    await page.getByText('il faut une exception motivée').waitFor();
    await axe();
    await page.getByLabel('Temps majoré').fill('20');
    await page.getByLabel('Salle à part').check();
    await page.getByRole('button', { name: 'Ajouter l’aménagement' }).click();
    await page.getByText('L’aménagement est ajouté.').waitFor();
    await axe();
    await capture('amenagement');
    await page.getByRole('button', { name: 'Retirer' }).click();
    await page.getByText('L’aménagement est retiré.').waitFor();
  });
