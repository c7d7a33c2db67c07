// From the period to the paid registration, in one go: each step starts from what the one before left.
import assert from 'node:assert/strict';
import { PHONE } from '../support/browser.mjs';
import { rowsOf } from '../support/classeur.mjs';
import { cartes, choisir, decider, envoyer, etudiant, ouvrir, payer, premierJour, retrouver, valider } from '../support/examens.mjs';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

const ETAPE = '5UIFD1';
const MOTIF = 'Ce campus n’a pas encore répondu : choisissez une autre modalité.';
/** What a text has of amounts, in cents. */
const cents = (text) => Number(/([\d\s]+,\d\d)\s€/u.exec(text)[1].replace(/\D/gu, ''));

/** A period is opened from P1, its modalities published late, and answered for. Gives its name in addresses. */
async function periode({ page, open, axe, capture }) {
  await open('/iexam/periodes');
  await axe();
  await page.getByRole('link', { name: 'Ouvrir une période' }).first().click();
  const depuis = page.getByLabel('À partir de');
  const p1 = await depuis.locator('option').filter({ hasText: /^P1 / }).first().getAttribute('value');
  await depuis.selectOption(p1);
  await page.getByRole('button', { name: 'Reprendre ses dates' }).click();
  await page.getByLabel(/^Période/u).selectOption('P2');
  await page.getByLabel(/^Libellé/u).fill('Deuxième période, essai');
  await page.getByLabel('Copier les épreuves').uncheck();
  await axe();

  // Dates that contradict each other are named, and nothing is lost of what was typed.
  const fin = page.getByLabel(/^Dernier jour d’épreuves/u);
  const juste = await fin.inputValue();
  await fin.fill('2000-01-01');
  await page.getByRole('button', { name: 'Voir ce qui sera copié' }).click();
  await page.getByText(/Les épreuves finissent le samedi 1er janvier 2000, avant de commencer le/u).first().waitFor();
  assert.equal(await page.getByLabel(/^Libellé/u).inputValue(), 'Deuxième période, essai');
  await fin.fill(juste);
  await page.getByRole('button', { name: 'Voir ce qui sera copié' }).click();

  await page.getByRole('heading', { name: /^Ce qui est copié/u }).waitFor();
  await page.getByRole('row', { name: /Modalités offertes.*modalités/u }).waitFor();
  await page.getByRole('row', { name: /Centres.*chaque accord repart/u }).waitFor();
  await page.getByRole('row', { name: /Épreuves.*rien.*Non coché/u }).waitFor();
  await axe();
  await capture('periode-copiee');
  await page.getByRole('button', { name: /^Ouvrir P2/u }).click();
  await page.getByText(/La période P2 .* est ouverte, en préparation\./u).waitFor();

  // Nothing to choose yet: registrations cannot be opened. The law was missed: a signed reason is asked.
  await page.getByText('Aucune épreuve n’existe encore').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Ouvrir les inscriptions' }).count(), 0);
  await page.getByRole('button', { name: 'Publier les modalités' }).click();
  await page.getByText('Les modalités sont publiées.').waitFor();
  await page.getByRole('button', { name: 'Retirer la publication' }).click();
  await page.getByText('La publication des modalités est retirée.').waitFor();
  await page.getByRole('button', { name: 'Publier les modalités' }).click();
  await page.getByText('Les modalités sont publiées.').waitFor();
  await page.getByText('Signer une dérogation').click();
  await page.getByLabel(/^Motif/u).fill('trop court');
  await page.getByLabel(/^Je signe/u).check();
  await page.getByRole('button', { name: 'Signer la dérogation' }).click();
  await page.getByText(/20 caractères au moins/u).first().waitFor();
  await axe();
  await page.getByLabel(/^Motif/u).fill('La deuxième période a été décidée par le conseil de novembre.');
  await page.getByLabel(/^Je signe/u).check();
  await page.getByRole('button', { name: 'Signer la dérogation' }).click();
  await page.getByText('La dérogation est signée.').waitFor();
  await axe();
  const [, annee, code] = /periodes\/(\d{4})\/(P2)$/u.exec(new URL(page.url()).pathname);
  return `${annee}-${code}`;
}

/** Épreuves from an étape in one click, then their days from a spreadsheet; registrations are opened. */
async function epreuves({ page, open, axe, capture }, cle) {
  await open(`/iexam/epreuves/etape?periode=${cle}`);
  await page.getByRole('searchbox', { name: 'Étape' }).fill(ETAPE);
  await page.getByRole('button', { name: 'Chercher' }).click();
  await page.locator('#etapes tbody a').first().click();
  const apercu = page.url();
  await axe();
  await capture('epreuves-etape');
  await page.getByRole('button', { name: /^Créer .* épreuves$/u }).click();
  await page.getByText('épreuves sont créées').waitFor();
  const ecrits = page.locator('#epreuves tbody tr').filter({ hasText: 'Écrit' }).filter({ hasText: 'Sans date' });
  const [premiere, deuxieme, troisieme] = await ecrits.locator('.code').allInnerTexts();
  assert.ok(troisieme, 'three written épreuves without a day');
  await axe();
  await capture('epreuves');
  await open(apercu);
  await page.getByText('Il n’y a rien à ajouter').waitFor();

  // Bad cells are named by their address, and nothing is written.
  const entetes = 'Élément;Date;Début;Durée (min)';
  await open(`/iexam/epreuves/importer?periode=${cle}`);
  await axe();
  const jour = await premierJour(page);
  await envoyer(page, [`${premiere};${jour};25h00;60`, 'INCONNU9;;;'], entetes);
  await page.getByRole('row', { name: /C2/u }).getByText('« 25h00 »').waitFor();
  await page.getByRole('row', { name: /A3/u }).getByText('n’est pas dans l’offre').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Appliquer/u }).count(), 0);
  await axe();
  await capture('epreuves-import-erreur');

  // Corrected: the preview has the two that change, not the one that says what is held already.
  await page.getByRole('link', { name: 'Envoyer un autre fichier' }).click();
  const lignes = [`${premiere};${jour};10h00;95`, `${deuxieme};${jour};14h00;60`, `${troisieme};;;`];
  await envoyer(page, lignes, entetes);
  const change = (code) => page.getByRole('listitem').filter({ hasText: code });
  await change(premiere).getByText(/10\sh\s00/u).first().waitFor();
  await change(deuxieme).getByText(/14\sh\s00/u).first().waitFor();
  assert.equal(await change(troisieme).count(), 0, 'what does not change is not shown');
  await axe();
  await capture('epreuves-import');
  await page.getByRole('button', { name: 'Appliquer à 2 épreuves' }).click();
  await page.getByText('2 épreuves modifiées.').waitFor();

  // The same file again says what is held already; a file of something else is refused as a whole.
  await open(`/iexam/epreuves/importer?periode=${cle}`);
  await envoyer(page, lignes, entetes);
  await page.getByText('Le fichier dit ce qui est déjà tenu.').waitFor();
  await open(`/iexam/epreuves/importer?periode=${cle}`);
  await envoyer(page, ['Droit;lundi'], 'Matière;Jour de la semaine');
  await page.getByText('Les en-têtes de ce fichier ne permettent pas de le lire.').waitFor();

  const [annee, code] = cle.split('-');
  await open(`/iexam/periodes/${annee}/${code}`);
  await page.getByRole('button', { name: 'Ouvrir les inscriptions' }).click();
  await page.getByText(/est maintenant à l’étape «\s*Inscriptions ouvertes/u).waitFor();
  await axe();
}

/** The student registers on a phone: two épreuves deferred, a campus chosen. Gives what the receipt says. */
async function inscription({ axe, capture, sandbox }, mine) {
  const adresse = await ouvrir(mine, 'P2');
  await decider(mine, 2);
  await cartes(mine).first().getByText('sans seconde chance').waitFor();
  await choisir(mine, mine.getByRole('radio', { name: /Campus connecté/u }));
  await choisir(mine, mine.getByRole('group', { name: 'Votre centre' }).getByRole('radio').first());
  await axe(mine);
  await mine.getByRole('button', { name: 'Relire et valider' }).click();
  await mine.getByRole('heading', { level: 1, name: 'Relire et valider' }).waitFor();
  const reports = mine.getByRole('region', { name: 'Vous reportez à P3' });
  assert.equal(await reports.getByRole('listitem').count(), 2);
  const courriel = /part aussi à (\S+@\S+)\./u.exec(await mine.locator('main').innerText())[1];
  const total = cents(await mine.locator('.exam-total strong').innerText());
  await axe(mine);
  await mine.getByRole('button', { name: 'Valider mon inscription' }).click();
  await mine.getByRole('heading', { name: 'Votre inscription à P2 2023/2024 est validée' }).waitFor();
  assert.equal(await mine.getByRole('region', { name: 'Vous reportez à P3' }).getByRole('listitem').count(), 2);
  assert.equal(cents(await mine.getByRole('region', { name: 'Montant' }).getByRole('row', { name: /^Total/u }).innerText()), total);
  await axe(mine);
  await capture('parcours-recu', mine);
  const numero = await mine.locator('.exam-faits .code').innerText();
  const pdf = await mine.request.get(await mine.getByRole('link', { name: 'Ouvrir le reçu en PDF' }).getAttribute('href'));
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
  await until(async () => (await sandbox.mails(courriel)).some((mail) => mail.texte.includes(numero)), 'the receipt arrives by mail');
  return { adresse, courriel, numero, total };
}

/** The registry sends it back, the student corrects what the mail says, the registry verifies. Gives the path of the registration. */
async function verification({ page, open, axe, capture, sandbox }, mine, who, { cle, adresse, courriel, numero, total }) {
  const registration = await retrouver(page, who, cle, 'a-verifier');
  await axe();
  await page.getByText('Renvoyer pour correction…').click();
  await page.getByLabel(/^Motif/u).first().fill(MOTIF);
  await page.getByRole('button', { name: 'Renvoyer pour correction' }).click();
  await page.getByText(/est renvoyée pour correction/u).waitFor();
  const mail = await until(async () => (await sandbox.mails(courriel)).find((one) => one.texte.includes(MOTIF)), 'the reason arrives by mail');
  assert.equal(mail.sujet, 'Votre inscription aux examens (P2 2023/2024) est à corriger');
  assert.ok(mail.texte.includes(adresse), 'the mail leads to the registration');

  await mine.goto(adresse);
  await mine.getByText(MOTIF).first().waitFor();
  await axe(mine);
  assert.ok(await cartes(mine).nth(1).getByRole('radio', { name: /Je la reporte/u }).isChecked(), 'what was chosen is still there');
  await choisir(mine, mine.getByRole('radio', { name: /Télé-?examen|domicile/iu }));
  await valider(mine);
  const recu = await mine.locator('.exam-faits .code').innerText();
  assert.notEqual(recu, numero, 'a receipt of its own');
  const du = cents(await mine.getByRole('region', { name: 'Montant' }).getByRole('row', { name: /^Total/u }).innerText());
  assert.notEqual(du, total, 'the account follows the modality');

  await open(`${registration}?periode=${cle}&file=a-verifier`);
  await page.getByRole('button', { name: 'Vérifier', exact: true }).click();
  await page.getByText(/est vérifiée/u).first().waitFor();
  await open(registration);
  await page.getByText('Vérifiée : il reste').waitFor();
  await axe();
  await capture('parcours-verifiee');
  return { registration, du };
}

/** The student pays at the bank; a forged, a replayed and a late notification change nothing of a final registration. */
async function paiement({ page, open, axe, capture, sandbox }, mine, { adresse, courriel, registration, du }) {
  const etat = () => mine.locator('.exam-fermeture').innerText();
  const lignes = page.getByRole('cell', { name: /^Carte en ligne, n°/u });

  // The bank is slow to say that it has taken the money; meanwhile somebody says so in its place.
  await sandbox.bank('mode', { mode: 'differee' });
  await mine.goto(adresse);
  await mine.getByRole('link', { name: 'Régler' }).click();
  assert.equal(cents(await mine.getByRole('heading', { level: 2, name: /à payer$/u }).innerText()), du);
  await axe(mine);
  await payer(mine);
  await mine.getByText('Votre banque nous confirmera le paiement dans quelques minutes.').waitFor();
  await axe(mine);
  const [fausse] = await sandbox.bank('falsifier');
  assert.equal(fausse.statut, 400, 'a forged notification is refused');
  await mine.goto(adresse);
  assert.match(await etat(), /Vérifiée/u);
  await mine.getByText(/^À vous : réglez/u).waitFor();

  // Impatient, the student pays again: this time the bank says so at once, and the registration is final by itself.
  await sandbox.bank('mode', { mode: 'normale' });
  await mine.goto(`${adresse}/paiement`);
  await payer(mine);
  await mine.getByText('Votre paiement est enregistré.').waitFor();
  await mine.getByRole('link', { name: 'Revenir à mon inscription' }).click();
  await mine.getByText('Votre inscription est définitive.').waitFor();
  assert.match(await etat(), /Finalisée|Définitive/u);
  await axe(mine);
  await capture('parcours-definitive', mine);
  const definitives = async () => (await sandbox.mails(courriel)).filter((mail) => mail.sujet.endsWith('est définitive')).length;
  await until(definitives, 'the student is told by mail');

  // The same notification again, alone then twice at once, is understood and counts for nothing.
  const rejouees = [...await sandbox.bank('rejouer'), ...await sandbox.bank('double')];
  assert.deepEqual(rejouees.map((one) => one.statut), [200, 200, 200]);
  await open(registration);
  await page.getByText('Rien n’y manque').waitFor();
  assert.equal(await lignes.count(), 1);
  assert.equal(await page.getByText(/perçus en trop/u).count(), 0);

  // The first payment is told at last, too late: the money is never lost, it is owed back; the registration stays final.
  await sandbox.bank('envoyer');
  await open(registration);
  await page.getByText('Rien n’y manque').waitFor();
  assert.equal(cents(await page.getByText(/ont été perçus en trop/u).innerText()), du);
  assert.equal(await lignes.count(), 2);
  await axe();
  await mine.goto(adresse);
  await mine.getByText('Votre inscription est définitive.').waitFor();
  await mine.getByText('Trop-perçu, à vous rembourser').waitFor();
  await axe(mine);

  await open('/iexam/paiements/notifications');
  await axe();
  const verdicts = await page.locator('tbody tr').evaluateAll((rows) => rows.slice(0, 6).map((row) => row.cells[1].innerText.trim()));
  assert.deepEqual(verdicts, ['Enregistrée, tardive', 'Déjà reçue', 'Déjà reçue', 'Déjà reçue', 'Enregistrée', 'Signature fausse']);
  await open('/iexam/paiements/en-ligne');
  await axe();
  const export_ = rowsOf(await (await page.request.get('/iexam/paiements?export=xlsx')).body());
  assert.equal(export_.filter((row) => row.includes('Carte en ligne')).length, 2, 'the accountant has each card payment once');

  // What was paid twice is given back once.
  await open(registration);
  await page.getByText('Rembourser…').click();
  await page.locator('#champ-remboursement_reference').fill('VIR-1');
  await page.getByRole('button', { name: 'Enregistrer le remboursement' }).click();
  await page.getByText(/^Remboursement de /u).first().waitFor();
  await page.getByText('Rien n’y manque').waitFor();
  assert.equal(await page.getByText(/perçus en trop/u).count(), 0);
  assert.equal(await definitives(), 1, 'final once');
}

journey('from a period opened to a registration paid: registry and student, spreadsheet and bank', { role: 'scolarite', bound: 300_000 },
  async (tools) => {
    const who = etudiant(tools.suite, 'inscrit à trois étapes');
    const cle = await periode(tools);
    await epreuves(tools, cle);
    const mine = await tools.also(who, { viewport: PHONE });
    await mine.goto('/examens');
    await tools.axe(mine);
    const faite = await inscription(tools, mine);
    const verifiee = await verification(tools, mine, who, { cle, ...faite });
    await paiement(tools, mine, { ...faite, ...verifiee });
  });
