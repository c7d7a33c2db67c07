import assert from 'node:assert/strict';
import { rowsOf } from '../support/classeur.mjs';
import { choisir, decider, etudiant, ouvrir, retrouver, valider } from '../support/examens.mjs';
import { journey } from '../support/journey.mjs';

journey('the registry verifies, cashes a cheque, cancels by mistake and restores; the day is closed and its export opens',
  { role: 'scolarite' }, async ({ page, open, suite, also, axe, capture }) => {
    const who = etudiant(suite, 'peu d’éléments');
    const mine = await also(who);
    const adresse = await ouvrir(mine, 'P1');
    const cle = adresse.split('/').slice(-2).join('-');
    await decider(mine, 0);
    await choisir(mine, mine.locator('input[name="modalite"]:not([disabled])').last());
    await valider(mine);

    await open(`/iexam?periode=${cle}`);
    await axe();
    await capture('examens-tableau');
    await page.getByRole('link', { name: /À vérifier/ }).first().click();
    await axe();
    await capture('examens-a-verifier');
    const registration = await retrouver(page, who, cle, 'a-verifier');
    await axe();
    await capture('examens-une');
    await page.getByRole('button', { name: 'Vérifier', exact: true }).click();
    await page.getByText(/est vérifiée/).first().waitFor();

    // A cheque for a part of it.
    await open(registration);
    await page.getByText('Encaisser…').click();
    await page.locator('#champ-paiement_montant').fill('10');
    await page.locator('#champ-paiement_reference').fill('7654321');
    await page.getByRole('button', { name: 'Enregistrer le paiement' }).click();
    await page.getByText(/Paiement de 10,00/).waitFor();
    await axe();

    // Cancelled by mistake: what was paid is owed back. Restored: it is to be verified again.
    await page.getByText('Annuler l’inscription…').click();
    await page.locator('#champ-annulation').fill('Erreur de dossier.');
    await page.getByRole('button', { name: 'Annuler l’inscription' }).click();
    await page.getByText(/est annulée/).first().waitFor();
    await mine.goto(adresse);
    await mine.getByText('Erreur de dossier.').first().waitFor();
    await open(registration);
    await page.getByText(/10,00\s€ ont été perçus en trop/).waitFor();
    await page.getByRole('button', { name: 'Rétablir l’inscription' }).click();
    await page.getByText(/est rétablie/).waitFor();

    // The day is closed, and its export opens.
    await open('/iexam/paiements/clotures');
    await axe();
    await capture('examens-journees');
    await page.getByText('Clore cette journée avant sa fin…').click();
    await page.getByText('Une clôture ne se reprend pas').waitFor();
    await page.getByRole('button', { name: /Clore la journée/ }).first().click();
    await page.getByText(/est close \(clôture n°/).waitFor();
    await page.getByText('Toutes les journées closes sont intactes').waitFor();
    await open('/iexam/paiements');
    await axe();
    await capture('examens-paiements');
    const rows = rowsOf(await (await page.request.get('/iexam/paiements?export=xlsx')).body());
    assert.ok(rows.some((row) => row.includes('7654321') && row.includes('Chèque')), 'the cheque is in the export');
  });
