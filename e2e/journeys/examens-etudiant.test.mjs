import assert from 'node:assert/strict';
import { wide } from '../support/axe.mjs';
import { PHONE } from '../support/browser.mjs';
import { cartes, choisir, decider, ouvrir } from '../support/examens.mjs';
import { journey } from '../support/journey.mjs';

const phone = { role: 'etudiant', viewport: PHONE };

/** Nothing sticks out of the screen of a phone. */
const fits = async (page) => assert.deepEqual(await wide(page, 'phone'), []);

journey('a student registers on a phone, defers two, keeps the receipt and asks for a change', phone,
  async ({ page, open, axe, capture }) => {
    await open('/examens');
    await axe();
    const address = await ouvrir(page, 'P1');
    await fits(page);

    // Everything is sat but two; each choice is saved by itself, and the price follows.
    const cards = cartes(page);
    assert.ok(await cards.count() >= 3, 'enough épreuves');
    await decider(page, 2);
    await cards.first().getByText('sans seconde chance').waitFor();
    await choisir(page, page.locator('input[name="modalite"]:not([disabled])').last());
    const centre = page.locator('input[name="centre"]:not([disabled])');
    if (await centre.count() > 0 && await page.locator('input[name="centre"]:checked').count() === 0) await choisir(page, centre.first());
    await axe();
    await capture('examens-inscription');

    // Left and found again: nothing is lost.
    assert.equal(await ouvrir(page, 'P1'), address);
    assert.ok(await cards.first().getByRole('radio', { name: /Je la reporte/ }).isChecked());

    // Another tab, opened on the same draft, comes second.
    const other = await page.context().newPage();
    await other.goto(address);
    await choisir(page, cards.nth(2).getByRole('radio', { name: /Je la reporte/ }));
    await other.locator('fieldset.exam-epreuve').nth(1).getByRole('radio', { name: /Je passe/ }).check();
    await other.getByText(/autre page ou un autre appareil/).waitFor();
    await other.close();
    await choisir(page, cards.nth(2).getByRole('radio', { name: /Je passe/ }));

    await page.getByRole('button', { name: 'Relire et valider' }).click();
    await page.getByRole('heading', { level: 1, name: 'Relire et valider' }).waitFor();
    await page.getByRole('heading', { name: /Vous reportez à/ }).waitFor();
    await fits(page);
    await axe();
    const total = await page.locator('.exam-total strong').innerText();
    await page.getByRole('button', { name: 'Valider mon inscription' }).click();
    await page.getByRole('heading', { name: /est validée/ }).waitFor();
    assert.ok((await page.locator('main').innerText()).includes(total), 'the receipt says the price that was read');
    await fits(page);
    await axe();
    await capture('examens-recu');
    const pdf = await page.request.get(await page.getByRole('link', { name: 'Ouvrir le reçu en PDF' }).getAttribute('href'));
    assert.equal(pdf.headers()['content-type'], 'application/pdf');
    assert.equal((await pdf.body()).subarray(0, 4).toString(), '%PDF');

    // A change is asked, waits, and is taken back.
    await open(address);
    await page.getByRole('link', { name: 'Demander une modification' }).click();
    const shown = page.waitForResponse((r) => r.request().method() === 'POST');
    await cards.first().getByRole('radio', { name: /Je passe/ }).check();
    await shown;
    await page.getByLabel('Pourquoi').fill('Je ne travaille plus ce jour-là.');
    await axe();
    await page.getByRole('button', { name: 'Envoyer la demande' }).click();
    await page.getByText('Votre demande est envoyée à la scolarité.').waitFor();
    await page.getByRole('button', { name: 'Retirer ma demande…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retirer ma demande' }).click();
    await page.getByText('Votre demande est retirée.').waitFor();
    await axe();
  });
