import assert from 'node:assert/strict';
import { collect, ended, figure } from '../support/collecte.mjs';
import { journey } from '../support/journey.mjs';

journey('a collection is left, found again, and reports by itself that nothing was written', { role: 'informatique' },
  async ({ page, open, sandbox, axe }) => {
    await sandbox.slow('kofr', 2);
    try {
      const path = await collect(page, 'Offre');
      await page.getByRole('progressbar').waitFor();
      await page.getByText('Lecture de Kofr').waitFor();
      await axe();

      await open('/maquette/etapes');
      await open('/maquette/collectes');
      await page.getByRole('row', { name: /En cours/ }).getByRole('link').first().click();
      assert.equal(new URL(page.url()).pathname, path);
      await page.getByRole('progressbar').waitFor();

      // A second one waits, and says for which.
      const second = await collect(page, 'Offre');
      await page.getByText(`En attente : la collecte n° ${path.split('/').at(-1)} (Offre, lancée par informatique) est en cours`).waitFor();
      await sandbox.calm();
      await ended(page);
      await page.getByText(/Tout est à jour : .* aucune n’a changé, rien n’a été écrit\./).waitFor();
      for (const label of ['Ajoutées', 'Modifiées', 'Fermées', 'Rouvertes']) assert.equal(await figure(page, label), 0, label);
      assert.ok(await figure(page, 'Inchangées') > 1000);
      assert.equal(await page.getByRole('progressbar').count(), 0);
      assert.notEqual(second, path);
      await open(path);
      await ended(page);
    } finally {
      await sandbox.calm();
    }
  });

journey('a collection is stopped: it asks first, and nothing is applied', { role: 'informatique' }, async ({ page, sandbox }) => {
  await sandbox.change(2);
  await sandbox.slow('kofr', 2);
  try {
    await collect(page, 'Offre');
    await page.getByRole('button', { name: 'Arrêter', exact: true }).click();
    const question = page.getByRole('dialog', { name: 'Arrêter la collecte' });
    await question.getByText('Rien n’est appliqué').waitFor();
    await question.getByRole('button', { name: 'Arrêter la collecte' }).click();
    await page.getByText('L’arrêt est demandé : rien ne sera appliqué.').waitFor();
    await sandbox.calm();
    await ended(page, 'Annulée');
    await page.getByText('Rien n’a été modifié par elle.').waitFor();
  } finally {
    await sandbox.reset();
  }
});

journey('two per cent change at the source: the change set shows old and new', { role: 'informatique' },
  async ({ page, sandbox, axe, capture }) => {
    try {
      await sandbox.change(2);
      const path = await collect(page, 'Offre');
      await ended(page);
      assert.ok(await figure(page, 'Modifiées') > 20);
      assert.ok(await figure(page, 'Fermées') > 0);

      const group = page.locator('details.changement', { hasText: /Éléments : \d+ \(libellé\)/ });
      await group.locator('summary').click();
      const line = group.getByRole('listitem').first();
      const [before, now] = [await line.locator('del').innerText(), await line.locator('ins').innerText()];
      assert.notEqual(before, now);
      await axe();
      await capture('changements');

      // What the line shows as new is what the page of the element now says.
      await line.getByRole('link').click();
      await page.waitForURL(/\/maquette\/elements\//);
      assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), now.replace(/^devient\s*/u, ''));

      // The whole list, narrowed to what was closed.
      await page.goto(`${path}/changements`);
      await page.locator('summary', { hasText: 'Changement' }).click();
      await page.getByRole('link', { name: /Fermé/ }).first().click();
      await page.waitForURL(/sorte=fermeture/);
      assert.ok(await page.locator('tbody').getByRole('row').count() > 0);
      assert.equal(await page.locator('tbody').getByRole('row').filter({ hasNotText: 'Fermé' }).count(), 0);
    } finally {
      await sandbox.reset();
    }
    // The source is as before: what was closed comes back by itself.
    await collect(page, 'Offre');
    await ended(page);
    assert.ok(await figure(page, 'Rouvertes') > 0);
  });

journey('one element in ten vanishes: the collection stops and asks', { role: 'informatique' }, async ({ page, sandbox, axe, capture }) => {
  await page.goto('/maquette/elements');
  const held = await page.locator('.liste-titre').first().innerText();
  try {
    await sandbox.change(100);
    const path = await collect(page, 'Offre');
    await ended(page, 'À confirmer');
    await page.getByText('Une source a perdu plus de lignes qu’il n’est vraisemblable.').waitFor();
    await axe();
    await capture('chute');

    await page.getByRole('button', { name: 'Appliquer quand même' }).click();
    const question = page.getByRole('dialog', { name: 'Appliquer malgré la chute' });
    await question.getByText(/Éléments : \d+ fermetures sur/).waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: 'Abandonner' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Abandonner' }).click();
    await page.getByText('La collecte est abandonnée ; rien n’a été modifié.').waitFor();
    assert.equal(new URL(page.url()).pathname, path);
    await page.goto('/maquette/elements');
    assert.equal(await page.locator('.liste-titre').first().innerText(), held);
  } finally {
    await sandbox.reset();
  }
});
