import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { until } from '../support/until.mjs';

/** Writes a message of trial, and stays on its page. */
const write = async (page, open, address) => {
  await open('/administration/courriels/essai');
  await page.getByLabel('Adresse').fill(address);
  await page.getByRole('button', { name: 'Envoyer l’essai' }).click();
  await page.waitForURL(/courriels\/\d+$/);
};

const shows = (page, text) => until(async () => {
  await page.reload();
  return page.getByRole('main').getByText(text).count();
}, `${text} is shown`, 30_000);

journey('Mail: a trial leaves within seconds, a refused address is said and sent again, the list finds both', { role: 'informatique' },
  async ({ page, open, suite, sandbox, axe, capture }) => {
    await write(page, open, 'essai.parcours@exemple.fr');
    await shows(page, 'Parti le');
    const [mail] = await sandbox.mails('essai.parcours@exemple.fr');
    assert.equal(mail.sujet, 'Essai d’envoi depuis Télémaque');
    assert.match(mail.de, /scolarite@exemple\.fr/);
    assert.match(mail.texte, /l’envoi des courriels fonctionne/);
    await axe();
    await capture('courriel-envoye');

    await write(page, open, 'refuse.parcours@exemple.fr');
    await shows(page, 'Ce courriel n’est pas parti');
    await page.getByText(/550/).first().waitFor();
    await axe();
    await page.getByRole('button', { name: 'Renvoyer' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Renvoyer' }).click();
    await page.getByText('Le courriel va repartir.').waitFor();
    await until(async () => {
      await page.reload();
      return await page.getByRole('main').getByText('Abandonné').count() === 2;
    }, 'the second refusal is shown', 30_000);

    await open('/administration/courriels?recherche=parcours');
    await page.getByText('essai.parcours@exemple.fr').waitFor();
    await page.getByText('refuse.parcours@exemple.fr').waitFor();
    await axe();
    await capture('courriels');

    const box = await page.context().newPage();
    assert.equal((await box.goto(`${suite.bac_a_sable}/courriels`)).status(), 200);
    await box.getByText('essai.parcours@exemple.fr').first().waitFor();
    await box.close();
  });
