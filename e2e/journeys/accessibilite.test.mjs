import { journey } from '../support/journey.mjs';

// The pages as they are when all is well. Those of a collection that runs, stops or asks, of an outage and of a refusal are
// looked at where they happen: see the other journeys.

journey('the sign-in page is accessible', {}, async ({ open, axe }) => {
  await open('/connexion');
  await axe();
});

/** The address behind the first row of a list. */
async function first(page, open, list) {
  await open(list);
  return page.getByRole('main').locator('tbody .ligne-lien').first().getAttribute('href');
}

journey('home, étapes, an étape and its tree are accessible', { role: 'informatique' }, async ({ page, open, axe }) => {
  for (const path of ['/', '/maquette/etapes?taille=25', await first(page, open, '/maquette/etapes?recherche=DAEU')]) {
    await open(path);
    await axe();
  }
});

journey('elements, one of them, anomalies and an empty search are accessible', { role: 'informatique' }, async ({ page, open, axe }) => {
  for (const path of [await first(page, open, '/maquette/elements?avec=partage'), '/maquette/anomalies', '/maquette/elements?taille=25', '/maquette/elements?recherche=zzzz']) {
    await open(path);
    await axe();
  }
});

journey('collections, a report, its changes, the links, one’s account are accessible', { role: 'informatique' }, async ({ page, open, axe }) => {
  const report = await first(page, open, '/maquette/collectes');
  for (const path of ['/maquette/collectes', report, `${report}/changements?taille=25`, '/liens', '/compte']) {
    await open(path);
    await axe();
  }
  await page.goto('/nulle-part');
  await axe();
});
