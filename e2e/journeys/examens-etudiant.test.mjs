import assert from 'node:assert/strict';
import { PHONE } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';

const phone = { role: 'etudiant', viewport: PHONE };

/** The draft was saved: the foot of the page says so. */
const saved = (page) => page.getByRole('status').filter({ hasText: /Brouillon enregistré à/ }).waitFor();

/** Nothing sticks out of the screen of a phone. */
const fits = async (page) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
};

journey('a student registers on a phone, defers two, keeps the receipt and asks for a change', phone,
  async ({ page, open, axe, capture }) => {
    await open('/examens');
    await axe();
    await page.getByRole('link', { name: /S’inscrire|Continuer mon inscription/ }).first().click();
    const address = new URL(page.url()).pathname;
    await fits(page);

    // Everything is sat but two; each choice is saved by itself, and the price follows.
    const cards = page.locator('fieldset.exam-epreuve');
    const count = await cards.count();
    assert.ok(count >= 3, `${count} épreuves`);
    for (let i = 0; i < count; i += 1) {
      const wanted = i < 2 ? /Je la reporte/ : /Je passe cette épreuve/;
      const answer = page.waitForResponse((r) => r.request().method() === 'POST');
      await cards.nth(i).getByRole('radio', { name: wanted }).check();
      await answer;
    }
    await saved(page);
    await cards.first().getByText('sans seconde chance').waitFor();
    const answer = page.waitForResponse((r) => r.request().method() === 'POST');
    await page.locator('input[name="modalite"]:not([disabled])').last().check();
    await answer;
    await saved(page);
    const centre = page.locator('input[name="centre"]:not([disabled])');
    if (await centre.count() > 0 && await page.locator('input[name="centre"]:checked').count() === 0) {
      const chosen = page.waitForResponse((r) => r.request().method() === 'POST');
      await centre.first().check();
      await chosen;
    }
    await axe();
    await capture('examens-inscription');

    // Left and found again: nothing is lost.
    await open('/examens');
    await page.getByRole('link', { name: /Continuer mon inscription/ }).first().click();
    assert.ok(await cards.first().getByRole('radio', { name: /Je la reporte/ }).isChecked());

    // Another tab, opened on the same draft, comes second.
    const other = await page.context().newPage();
    await other.goto(address);
    const first = page.waitForResponse((r) => r.request().method() === 'POST');
    await cards.nth(2).getByRole('radio', { name: /Je la reporte/ }).check();
    await first;
    await other.locator('fieldset.exam-epreuve').nth(1).getByRole('radio', { name: /Je passe/ }).check();
    await other.getByText(/autre page ou un autre appareil/).waitFor();
    await other.close();
    const back = page.waitForResponse((r) => r.request().method() === 'POST');
    await cards.nth(2).getByRole('radio', { name: /Je passe/ }).check();
    await back;

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
