// A collection, as the journeys start and follow it: by the page.

/** Starts a collection of `what` (Offre, Personnes, Offre et personnes) from the page, and gives the path of its own page. */
export async function collect(page, what) {
  await page.goto('/maquette/collectes');
  await page.getByLabel('Que collecter').selectOption({ label: what });
  await page.getByRole('button', { name: 'Collecter' }).click();
  await page.waitForURL(/\/maquette\/collectes\/\d+$/);
  return new URL(page.url()).pathname;
}

/** Waits until the page of a collection, left alone, shows that it has ended in `state`. */
export async function ended(page, state = 'Terminée') {
  await page.locator('.identite .pastille', { hasText: state }).waitFor({ timeout: 30_000 });
}

/** One figure of a report: « Ajoutées », « Fermées ». */
export async function figure(page, label) {
  const value = await page.locator('.chiffre', { has: page.getByText(label, { exact: true }) }).locator('.chiffre-valeur').innerText();
  return Number(value.replace(/\D/gu, ''));
}
