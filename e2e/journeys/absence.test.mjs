import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';

async function ask(page, code) {
  await page.getByLabel('Code ou numéro d’étudiant').fill(code);
  await page.getByRole('button', { name: 'Chercher' }).last().click();
  await page.waitForURL((url) => url.searchParams.get('code') === code);
}

journey('why a student is absent is found, then asked of the source', { role: 'scolarite' },
  async ({ page, open, sandbox, axe, capture }) => {
    await open('/maquette/absence');
    await axe();
    // Registered for the year, to no étape.
    await ask(page, '21900020');
    await page.getByText('Il n’a jamais été vu').waitFor();
    await axe();
    await page.getByRole('button', { name: 'Demander à la source' }).click();
    await page.getByText('Apogée (services web), à l’instant').waitFor();
    await page.getByText(/aucune inscription à une étape/).waitFor();
    await axe();
    await capture('absence');

    // An outage is said to be one, never an absence.
    await sandbox.fail('apogee', 'coupee');
    try {
      await open('/maquette/absence?code=21999999');
      await page.getByRole('button', { name: 'Demander à la source' }).click();
      await page.getByText(/Elle ne répond pas : personne ne peut dire ce qu’elle sait\./).waitFor();
    } finally {
      await sandbox.calm();
    }
  });

journey('why a code is absent is found: the rule, the space, the hidden state', { role: 'scolarite' }, async ({ page, open, axe }) => {
  await open('/maquette/absence');
  await ask(page, 'IFDE01');
  await page.getByText('Un autre code lui ressemble').waitFor();
  await page.getByRole('link', { name: 'Chercher ce code' }).first().click();
  await page.getByText('Il est là').first().waitFor();
  await ask(page, 'IFD1E24');
  await page.getByText('Il est fermé à la source (état « F »)').first().waitFor();
  await ask(page, 'IFD1E99');
  await page.getByText('Il a été écarté').waitFor();
  await page.getByText(/Apogée ne connaît pas ce code/).first().waitFor();
  await axe();
  await page.getByRole('button', { name: 'Demander à la source' }).click();
  await page.getByText('Apogée (extraction), à l’instant').waitFor();
  await page.getByText(/L’extraction ne contient pas ce code/).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Demander à la source' }).count(), 0);
});
