import assert from 'node:assert/strict';
import { rowsOf } from '../support/classeur.mjs';
import { visit } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

/** The student of these journeys: one who has few exams, and is not that of the others. */
const someone = (suite) => suite.comptes.find((account) => account.role === 'etudiant' && account.sorte.startsWith('peu'));

/** Their registration, found in a worklist. */
async function found(page, open, suite, worklist) {
  await open(`/iexam/inscriptions?file=${worklist}&recherche=${someone(suite).etudiant}`);
  await page.locator('tbody a').first().click();
  await page.waitForURL(/inscriptions\/\d+/);
  return new URL(page.url());
}

/** Signs that student in, in a browser of their own. */
async function student(page, suite) {
  const one = someone(suite);
  const mine = await visit(page.context().browser(), suite);
  await mine.goto('/connexion');
  await mine.getByLabel('Identifiant').fill(one.identifiant);
  await mine.getByLabel('Mot de passe').fill(one.mot_de_passe);
  await mine.getByRole('button', { name: 'Se connecter' }).click();
  await mine.waitForURL((url) => url.pathname !== '/connexion');
  return mine;
}

const posted = (page) => page.waitForResponse((answer) => answer.request().method() === 'POST');

/** Fills a registration: everything is sat, in the last modality that is open. */
async function fill(page) {
  await page.goto('/examens');
  await page.getByRole('link', { name: /S’inscrire|Continuer mon inscription|Corriger/ }).first().click();
  const address = new URL(page.url()).pathname;
  const cards = page.locator('fieldset.exam-epreuve');
  for (let i = 0; i < await cards.count(); i += 1) {
    const answer = posted(page);
    await cards.nth(i).getByRole('radio', { name: /Je passe cette épreuve/ }).check();
    await answer;
  }
  const modality = page.locator('input[name="modalite"]:not([disabled])').last();
  if (!await modality.isChecked()) {
    const answer = posted(page);
    await modality.check();
    await answer;
  }
  await validate(page);
  return address;
}

async function validate(page) {
  await page.getByRole('button', { name: 'Relire et valider' }).click();
  await page.getByRole('button', { name: 'Valider mon inscription' }).click();
  await page.getByRole('heading', { name: /est validée/ }).waitFor();
}

/** What the bank of the sandbox is told to do. */
const bank = async (suite, order, fields = {}) => {
  const answer = await fetch(new URL(`/controle/api/paybox/${order}`, suite.bac_a_sable), {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields),
  });
  assert.ok(answer.ok, `order ${order}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
};

journey('the registry sends a registration back, verifies it once corrected, and cashes a cheque', { role: 'scolarite' },
  async ({ page, open, suite, axe, capture }) => {
    const mine = await student(page, suite);
    const address = await fill(mine);

    await open('/iexam');
    await axe();
    await capture('examens-tableau');
    await page.getByRole('link', { name: /À vérifier/ }).first().click();
    await axe();
    await capture('examens-a-verifier');
    const registration = await found(page, open, suite, 'a-verifier');
    await axe();
    await capture('examens-une');

    // Sent back with a reason; the student corrects.
    await page.getByText('Renvoyer pour correction…').click();
    await page.locator('#champ-renvoi').fill('Votre pièce d’identité est illisible.');
    await page.getByRole('button', { name: 'Renvoyer pour correction' }).click();
    await page.getByText(/est renvoyée pour correction/).waitFor();
    await mine.goto(address);
    await mine.getByText('Votre pièce d’identité est illisible.').first().waitFor();
    await validate(mine);

    // Verified, then a cheque for a part of it.
    await open(`${registration.pathname}${registration.search}`);
    await page.getByRole('button', { name: 'Vérifier', exact: true }).click();
    await page.getByText(/est vérifiée/).first().waitFor();
    await open(registration.pathname);
    await page.getByText('Encaisser…').click();
    await page.locator('#champ-paiement_montant').fill('10');
    await page.locator('#champ-paiement_reference').fill('7654321');
    await page.getByRole('button', { name: 'Enregistrer le paiement' }).click();
    await page.getByText(/Paiement de 10,00/).waitFor();
    await axe();
    await mine.context().close();
  });

journey('the bank settles the rest once, whatever is forged or replayed; the day is closed and its export opens', { role: 'scolarite' },
  async ({ page, open, suite, axe, capture }) => {
    const registration = await found(page, open, suite, 'a-payer');
    const mine = await student(page, suite);
    await mine.goto('/examens');
    await mine.locator('a[href^="/examens/"]').first().click();
    const address = new URL(mine.url()).pathname.split('/').slice(0, 4).join('/');

    // The student pays the rest online; what is forged is refused, what is replayed counts once.
    await bank(suite, 'mode', { mode: 'differee' });
    await mine.goto(`${address}/paiement`);
    await mine.getByRole('button', { name: /Payer .* par carte/ }).click();
    await mine.getByRole('button', { name: 'Continuer vers la banque' }).click();
    await mine.getByRole('button', { name: /Payer/ }).first().click();
    await mine.getByText('Votre banque nous confirmera le paiement dans quelques minutes.').waitFor();
    await bank(suite, 'falsifier');
    await open(registration.pathname);
    await page.getByText('Vérifiée').first().waitFor();
    await bank(suite, 'envoyer');
    await bank(suite, 'rejouer');
    await bank(suite, 'double');
    await bank(suite, 'mode', { mode: 'normale' });
    await until(async () => {
      await page.reload();
      return page.getByText('Rien n’y manque').count();
    }, 'the registration is final');
    assert.equal(await page.getByRole('cell', { name: /^Carte en ligne, n°/ }).count(), 1);
    await mine.goto(`${address}/paiement`);
    await mine.getByText('Il ne reste rien à payer').waitFor();
    await mine.context().close();

    // Cancelled by mistake, restored: it is to be verified again.
    await open(registration.pathname);
    await page.getByText('Annuler l’inscription…').click();
    await page.locator('#champ-annulation').fill('Erreur de dossier.');
    await page.getByRole('button', { name: 'Annuler l’inscription' }).click();
    await page.getByText(/est annulée/).first().waitFor();
    await open(registration.pathname);
    await page.getByText(/perçus en trop/).waitFor();
    await page.getByRole('button', { name: 'Rétablir l’inscription' }).click();
    await page.getByText(/est rétablie/).waitFor();

    await open('/iexam/paiements/notifications');
    for (const verdict of ['Enregistrée', 'Déjà reçue', 'Signature fausse']) await page.locator('tbody').getByText(verdict, { exact: true }).first().waitFor();
    await axe();
    await open('/iexam/paiements/en-ligne');
    await axe();

    // The day is closed, and its export opens.
    await open('/iexam/paiements/clotures');
    await axe();
    await capture('examens-journees');
    await page.getByRole('button', { name: /Clore la journée/ }).first().click();
    await page.getByText(/est close \(clôture n°/).waitFor();
    await page.getByText('Toutes les journées closes sont intactes').waitFor();
    await open('/iexam/paiements');
    await axe();
    await capture('examens-paiements');
    const file = await page.request.get('/iexam/paiements?export=xlsx');
    const rows = rowsOf(await file.body());
    assert.ok(rows.some((row) => row.includes('7654321') && row.includes('Chèque')), 'the cheque is in the export');
    assert.ok(rows.some((row) => row.includes('Carte en ligne')), 'the card is in the export');
  });
