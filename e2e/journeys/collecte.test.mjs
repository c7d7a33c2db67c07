import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

/** Starts a collection from the page, and gives the path of its own page. */
async function launch(page, open, what = /Offre/) {
  await open('/maquette/collectes');
  await page.getByLabel(what).first().check();
  await page.getByRole('button', { name: 'Lancer la collecte' }).click();
  await page.waitForURL(/\/maquette\/collectes\/[^/]+$/);
  return new URL(page.url()).pathname;
}

const report = (page) => page.getByRole('heading', { name: /Rapport/ });

journey('a collection started from the page is left, found again, and ends in its report', { role: 'informatique' },
  async ({ page, open, sandbox, capture }) => {
    await sandbox.slow('extraction', 2);
    try {
      const path = await launch(page, open);
      await page.getByRole('progressbar').waitFor();
      await capture('collecte-en-cours');

      await open('/maquette/etapes'); // leave
      await open('/maquette/collectes'); // find it again
      await page.getByRole('main').locator(`a[href="${path}"]`).first().click();
      await page.getByRole('progressbar').waitFor();
    } finally {
      await sandbox.calm();
    }
    await report(page).waitFor({ timeout: 60_000 });
    await page.getByText(/Rien n’a changé|aucun changement/i).first().waitFor();
    await capture('collecte-rapport');
  });

journey('two per cent change at the source: the change set shows old and new', { role: 'informatique' },
  async ({ page, open, sandbox, capture }) => {
    await sandbox.change(2);
    await launch(page, open);
    await report(page).waitFor({ timeout: 60_000 });
    assert.ok(await page.locator('del').count() > 0, 'old values are struck');
    assert.ok(await page.locator('ins').count() > 0, 'new values are beside them');
    await capture('jeu-de-changements');
  });

journey('Apogée cut off: the pages say since when and what to do, and nothing is lost', { role: 'informatique' },
  async ({ page, open, sandbox, capture }) => {
    await open('/maquette/etapes');
    const held = await page.getByRole('main').locator('tbody').getByRole('row').count();
    await sandbox.cut();
    try {
      await launch(page, open);
      await until(async () => {
        await page.reload();
        return page.getByRole('alert').filter({ hasText: /Rien n’est perdu|intact/ }).count();
      }, 'the page of the collection says what happened', 90_000);
      await capture('collecte-interrompue');

      await open('/');
      await page.getByText(/Apogée ne répond pas/).first().waitFor();
      await capture('accueil-apogee-coupe');

      await open('/maquette/etapes');
      assert.equal(await page.getByRole('main').locator('tbody').getByRole('row').count(), held, 'the last good copy is shown');
    } finally {
      await sandbox.calm();
    }
    await launch(page, open);
    await report(page).waitFor({ timeout: 60_000 });
  });
