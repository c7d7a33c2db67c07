import assert from 'node:assert/strict';
import { collect, ended } from '../support/collecte.mjs';
import { journey } from '../support/journey.mjs';

// The sandbox's named case: Apogée says 3 ECTS, Kofr 4, and Kofr decides.
const ELEMENT = 'IFD1E10';
const LIST = '/maquette/anomalies?regle=ects_differents';

/** The count of a tab. */
async function tab(page, name) {
  const text = await page.getByRole('navigation', { name: 'Anomalies par état' }).getByRole('link', { name: new RegExp(`^${name}`) }).innerText();
  return Number(text.replace(/\D/gu, ''));
}

/** Opens the case's anomaly from the list of a state. */
async function open(page, state) {
  await page.goto(`${LIST}${state ? `&etat=${state}` : ''}`);
  await page.getByRole('row', { name: ELEMENT }).getByRole('link').first().click();
  await page.waitForURL(/\/maquette\/anomalies\/\d+/);
}

async function collected(page) {
  await collect(page, 'Offre');
  await ended(page);
}

journey('an anomaly is settled: it does not come back with a collection, and comes back when the source moves',
  { role: 'informatique' }, async ({ page, sandbox, axe, capture }) => {
    await page.goto('/maquette/anomalies');
    const [running, settled] = [await tab(page, 'En cours'), await tab(page, 'Réglées')];
    await axe();
    let correction;
    try {
      await open(page);
      await axe();
      await capture('anomalie');

      // A local value that is none is refused, and what was typed is still there.
      await page.getByRole('radio', { name: /valeur locale/ }).check();
      await page.getByRole('textbox', { name: 'Valeur locale' }).fill('trois');
      await page.getByLabel('Motif').first().fill('Vu avec la composante');
      await page.getByRole('button', { name: 'Régler l’anomalie' }).click();
      await page.getByText('« trois » n’est pas une quantité').waitFor();
      assert.equal(await page.getByLabel('Motif').first().inputValue(), 'Vu avec la composante');

      // What each decision would do is said before it is taken.
      await page.getByText('Une correction locale remplacera « 4 » par « 3 »').waitFor();
      await page.getByRole('radio', { name: /Apogée a raison/ }).check();
      await page.getByRole('button', { name: 'Régler l’anomalie' }).click();
      await page.getByText(/est réglée par la correction n° \d+/).waitFor();

      await page.goto(`/maquette/elements/${ELEMENT}`);
      await page.getByText('La source dit « 4 ».').waitFor();
      correction = await page.getByRole('link', { name: 'Voir la correction' }).getAttribute('href');

      await collected(page);
      await page.getByText('Une correction locale a été respectée').waitFor();
      await page.goto('/maquette/anomalies');
      assert.deepEqual([await tab(page, 'En cours'), await tab(page, 'Réglées')], [running - 1, settled + 1]);
      assert.equal(await page.getByRole('row', { name: ELEMENT }).filter({ hasText: 'ECTS différents' }).count(), 0);

      await sandbox.element(ELEMENT, { ects: '5' });
      await collected(page);
      await open(page, 'revenue');
      await page.getByText('Une source a changé depuis la décision').waitFor();
      await page.getByRole('table').first().getByText('5 ECTS').waitFor();
    } finally {
      await sandbox.reset();
    }
    await collected(page);
    // Apogée says again what was decided of: the decision holds again. It is taken back.
    await open(page, 'reglee');
    await page.getByRole('button', { name: 'Remettre à traiter' }).click();
    await page.getByText('L’anomalie est de nouveau à traiter.').waitFor();
    await page.goto(correction);
    await page.getByLabel('Motif de la fin').fill('Fin du parcours');
    await page.getByRole('button', { name: 'Lever la correction' }).click();
    await page.getByText('La correction est levée').waitFor();
    await page.goto('/maquette/anomalies');
    assert.deepEqual([await tab(page, 'En cours'), await tab(page, 'Réglées')], [running, settled]);
  });

journey('the registry takes several anomalies at once, sets one aside, and may not change a value', { role: 'scolarite' },
  async ({ page, axe }) => {
    await page.goto('/maquette/anomalies?etat=a_traiter');
    const free = await tab(page, 'À traiter');
    for (const n of [0, 1]) await page.locator('tbody input[name="choix"]').nth(n).check();
    await page.getByRole('button', { name: 'Attribuer…' }).click();
    await page.getByRole('heading', { level: 1, name: 'Attribuer 2 anomalies' }).waitFor();
    await axe();
    await page.getByRole('button', { name: 'Attribuer 2 anomalies' }).click();
    await page.getByText('2 anomalies sont attribuées à scolarite.').waitFor();
    await page.goto('/maquette/anomalies?etat=a_moi');
    assert.deepEqual([await tab(page, 'À moi'), await tab(page, 'À traiter')], [2, free - 2]);
    assert.equal(await page.locator('tbody tr').count(), 2);

    // One after the other, as the list goes.
    await page.locator('tbody tr').first().getByRole('link').first().click();
    await page.getByText('1 sur 2').waitFor();
    await page.getByRole('link', { name: 'Suivante' }).click();
    await page.getByText('2 sur 2').waitFor();
    await page.getByLabel('Motif').last().fill('En attente du conseil');
    await page.getByRole('button', { name: 'Ignorer', exact: true }).click();
    await page.getByText(/est ignorée ; elle reviendra plus tôt/).waitFor();

    await page.goto('/maquette/anomalies?etat=ignoree');
    await page.locator('tbody tr').first().getByRole('link').first().click();
    await page.getByRole('button', { name: 'Remettre à traiter' }).click();
    await page.getByText('L’anomalie est de nouveau à traiter.').waitFor();

    // The whole of a list, given back to all.
    await page.goto('/maquette/anomalies?etat=a_moi');
    await page.getByLabel(/Toute la liste/).check();
    await page.getByRole('button', { name: 'Attribuer…' }).click();
    await page.getByLabel('Attribuer à').selectOption('');
    await page.getByRole('button', { name: 'Attribuer 2 anomalies' }).click();
    await page.getByText('2 anomalies ne sont plus attribuées à personne.').waitFor();
    await page.goto('/maquette/anomalies');
    assert.equal(await tab(page, 'À traiter'), free);

    await open(page);
    assert.ok(await page.getByRole('radio', { name: /Apogée a raison/ }).isDisabled());
    assert.equal(await page.getByRole('radio', { name: /valeur locale/ }).count(), 0);
    assert.ok(await page.getByRole('radio', { name: /Kofr a raison/ }).isEnabled());
  });
