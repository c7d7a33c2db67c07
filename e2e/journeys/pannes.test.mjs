import assert from 'node:assert/strict';
import { collect, ended } from '../support/collecte.mjs';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

/** Loads a page again until it shows a text: the verification of the links runs beside. */
const shows = (page, path, text) => until(async () => {
  await page.goto(path);
  return page.getByRole('main').getByText(text).count();
}, `${path} shows ${text}`, 30_000);

const ways = [
  ['its answers are cut in the middle', 'apogee', 'coupee', 'Personnes', /Apogée \(services web\).*coupée avant la fin/],
  ['it answers by a page of HTML', 'apogee', 'html', 'Personnes', /Apogée \(services web\) : La réponse est une page HTML/],
  ['it has lost its database', 'apogee', 'connexion', 'Personnes', /Apogée se dit hors service/],
  ['its extraction is gone', 'extraction', 'absente', 'Offre', /Apogée \(extraction\)/],
];

journey('Apogée cut off in four ways: a clear sentence each time, the home page says it, and nothing is lost', { role: 'informatique' },
  async ({ page, open, sandbox, axe, capture }) => {
    const elements = async () => {
      await open('/maquette/elements');
      return page.locator('.liste-titre').first().innerText();
    };
    const held = await elements();
    try {
      for (const [what, source, panne, contents, sentence] of ways) {
        await sandbox.calm();
        await sandbox.fail(source, panne);
        await collect(page, contents);
        await ended(page, 'Interrompue');
        const alert = page.getByRole('alert').filter({ hasText: 'Collecte interrompue' });
        assert.match(await alert.innerText(), sentence, what);
        assert.match(await alert.innerText(), /Rien n’a été modifié ; ce qui a été lu est gardé\./, what);
        assert.doesNotMatch(await alert.innerText(), /\b(error|connection|closed|message|expected)\b/i, `${what}: the sentence is in French`);
        if (panne === 'coupee') await axe();
      }
      await capture('collecte-interrompue');

      await shows(page, '/', /Apogée \(extraction\) ne répond pas/);
      await page.getByText(/Rien n’est perdu ; dernière bonne collecte : /).first().waitFor();
      await axe();
      await capture('accueil-apogee-coupe');
      await shows(page, '/liens', 'Ne répond pas');
      await page.getByText('Rien de ce qui est déjà collecté n’est perdu.').waitFor();
      await axe();
      assert.equal(await elements(), held, 'the last good copy is shown');
    } finally {
      await sandbox.calm();
    }

    await open('/liens');
    await page.getByRole('button', { name: 'Vérifier maintenant' }).click();
    await shows(page, '/liens', /Répond/);
    await collect(page, 'Offre et personnes');
    await ended(page);
    await page.getByText(/Tout est à jour/).waitFor();
    await until(async () => {
      await page.goto('/');
      return await page.getByText('ne répond pas').count() === 0;
    }, 'the home page says that all is well again', 30_000);
    assert.equal(await page.locator('#sources .pastille', { hasText: 'Répond' }).count(), 4);
  });

journey('a slow source is waited for', { role: 'informatique' }, async ({ page, sandbox }) => {
  await sandbox.slow('eve', 2);
  try {
    await collect(page, 'Personnes');
    await page.getByRole('progressbar').waitFor();
    await ended(page);
    await page.getByText(/Tout est à jour/).waitFor();
  } finally {
    await sandbox.calm();
  }
});
