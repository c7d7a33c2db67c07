import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';

const reading = ['/maquette/etapes', '/maquette/elements', '/maquette/anomalies', '/maquette/collectes'];

/** Who may open what, by the address alone. app/tests/rights.txt has the whole table; this is what a person sees of it. */
const matrix = {
  etudiant: { may: ['/', '/compte'], not: [...reading, '/liens'] },
  enseignant: { may: ['/', '/compte'], not: [...reading, '/liens'] },
  surveillant: { may: ['/', '/compte'], not: [...reading, '/liens'] },
  scolarite: { may: ['/', '/compte', ...reading], not: ['/liens'] },
  direction: { may: ['/', '/compte', ...reading], not: ['/liens'] },
  informatique: { may: ['/', '/compte', ...reading, '/liens'], not: [] },
};

for (const [role, { may, not }] of Object.entries(matrix)) {
  journey(`${role}: what the role opens, and what it does not`, { role }, async ({ page, open, axe }) => {
    for (const path of may) {
      await open(path);
      const menu = page.getByRole('navigation', { name: 'Applications', exact: true });
      if (path !== '/compte') assert.ok(await menu.locator(`a[href="${path}"]`).count() > 0, `${path} is not in the menu`);
    }
    for (const path of not) {
      const answer = await page.goto(path);
      assert.equal(answer.status(), 403, path);
      await page.getByText('Votre rôle ne donne pas accès à cette page.').waitFor();
      assert.equal(await page.getByRole('navigation').locator(`a[href="${path}"]`).count(), 0, `${path} is in the menu`);
    }
    if (role === 'etudiant') {
      await axe();
      await page.getByRole('main').getByRole('link', { name: 'Revenir à l’accueil' }).click();
      await page.getByRole('heading', { level: 1, name: 'Mes examens' }).waitFor();
      await axe();
    }
  });
}

journey('scolarité does not see the form that starts a collection, and its post is refused', { role: 'scolarite' }, async ({ page, open }) => {
  await open('/maquette/collectes');
  assert.equal(await page.getByRole('button', { name: 'Collecter' }).count(), 0);
  const rows = await page.locator('tbody').getByRole('row').count();

  const token = await page.locator('input[name="_csrf"]').first().inputValue();
  const answer = await page.request.post('/maquette/collectes', { form: { _csrf: token, portee: 'offre', annee: '2023' }, maxRedirects: 0 });
  assert.equal(answer.status(), 403);
  assert.match(await answer.text(), /Votre rôle ne donne pas accès/);
  await page.reload();
  assert.equal(await page.locator('tbody').getByRole('row').count(), rows, 'no collection was started');
});

journey('a form without its token, or with that of another session, is refused in French and changes nothing', { role: 'informatique' },
  async ({ page, open }) => {
    await open('/maquette/collectes');
    const rows = await page.locator('tbody').getByRole('row').count();
    for (const form of [{ portee: 'offre', annee: '2023' }, { _csrf: '0'.repeat(64), portee: 'offre', annee: '2023' }]) {
      const answer = await page.request.post('/maquette/collectes', { form, maxRedirects: 0 });
      assert.equal(answer.status(), 403);
      assert.match(await answer.text(), /Ce formulaire a été ouvert dans une autre session/);
    }
    await page.reload();
    assert.equal(await page.locator('tbody').getByRole('row').count(), rows, 'no collection was started');
  });
