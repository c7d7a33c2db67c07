// Lists: rows chosen for a bulk action, menus that stay open while their list changes, long menus searched.

const number = new Intl.NumberFormat('fr-FR');
const lines = (n) => (n > 1 ? `${number.format(n)} lignes choisies` : n === 1 ? '1 ligne choisie' : 'Aucune ligne choisie');

/** The bar appears with the first row chosen; its count is said; « whole list » and single rows exclude one another. */
export function bulk(form) {
  const section = document.getElementById(form.dataset.lot);
  const boxes = () => [...section.querySelectorAll('input[name="choix"]')];
  const page = section.querySelector('[data-lot-page]');
  const whole = form.querySelector('[data-lot-tout]');
  const said = form.querySelector('[data-lot-compte]');
  function draw() {
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    const n = whole.checked ? Number(form.elements.total.value) : chosen;
    form.classList.toggle('lot-vide', n === 0);
    for (const button of form.querySelectorAll('.lot-actions button')) button.disabled = n === 0;
    said.textContent = lines(n);
    for (const box of all) box.closest('tr').classList.toggle('choisie', whole.checked || box.checked);
    if (page) {
      page.hidden = false;
      page.checked = all.length > 0 && chosen === all.length;
      page.indeterminate = chosen > 0 && chosen < all.length;
    }
  }
  if (form.dataset.lotPret !== 'oui') {
    form.dataset.lotPret = 'oui';
    let last = null;
    section.addEventListener('click', (event) => {
      const box = event.target;
      if (!box.matches?.('input[name="choix"]')) return;
      // Shift extends the choice, as spreadsheets do.
      if (event.shiftKey && last?.isConnected) {
        const all = boxes();
        const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
        for (const one of all.slice(from, to + 1)) one.checked = box.checked;
      }
      last = box;
    });
    section.addEventListener('change', (event) => {
      if (event.target.matches('[data-lot-page]')) for (const box of boxes()) box.checked = event.target.checked;
      if (event.target.matches('[data-lot-page], input[name="choix"]')) whole.checked = false;
      draw();
    });
  }
  draw();
}

/** A long menu of values is searched; Enter on the box takes the only value left. */
export function options(slot) {
  slot.hidden = false;
  const input = slot.querySelector('input');
  if (input.dataset.pret) return;
  input.dataset.pret = 'oui';
  const items = () => [...slot.parentElement.querySelectorAll('li')];
  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  input.addEventListener('input', () => {
    const sought = fold(input.value.trim());
    for (const item of items()) item.hidden = !fold(item.querySelector('.filtre-mot').textContent).includes(sought);
  });
  input.addEventListener('keydown', (event) => {
    const shown = items().filter((item) => !item.hidden);
    if (event.key === 'Enter') {
      event.preventDefault();
      if (shown.length === 1) shown[0].querySelector('a').click();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      shown[0]?.querySelector('a').focus();
    }
  });
}

/** Arrows go up and down a menu of links. */
export function arrows() {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const menu = event.target.closest?.('details.menu[open]');
    if (!menu || event.target.matches('input:not([type="checkbox"]), select, textarea')) return;
    const stops = [...menu.querySelectorAll('.menu-panneau :is(a, button, input:not([type="hidden"]):not(:disabled))')];
    const shown = stops.filter((stop) => stop.checkVisibility());
    if (shown.length === 0) return;
    event.preventDefault();
    const at = shown.indexOf(event.target);
    shown[Math.max(0, Math.min(shown.length - 1, event.key === 'ArrowDown' ? at + 1 : at - 1))].focus();
  });
}

/** A filter's menu stays open, and its box filled, while the list behind it changes: several values are chosen in one go. */
export function keepOpen() {
  let open = [];
  document.addEventListener('htmx:before:swap', () => {
    open = [...document.querySelectorAll('details[data-garde-ouvert][open]')].map((menu) => ({
      id: menu.id,
      sought: menu.querySelector('[data-filtre-options] input')?.value ?? '',
      at: menu.contains(document.activeElement) ? document.activeElement.textContent : null,
      scroll: menu.querySelector('.menu-panneau').scrollTop,
    }));
  });
  document.addEventListener('htmx:after:swap', () => {
    for (const { id, sought, at, scroll } of open) {
      const menu = document.getElementById(id);
      if (!menu) continue;
      menu.open = true;
      const input = menu.querySelector('[data-filtre-options] input');
      if (input && sought) {
        input.value = sought;
        input.dispatchEvent(new Event('input'));
      }
      menu.querySelector('.menu-panneau').scrollTop = scroll;
      const word = (link) => link.querySelector('.filtre-mot')?.textContent;
      if (at) [...menu.querySelectorAll('li a')].find((link) => at.includes(word(link)))?.focus({ preventScroll: true });
    }
    open = [];
  });
}

/** A press anywhere in the cell of a check box presses it: a thumb is wide. */
export function wideBoxes() {
  document.addEventListener('click', (event) => {
    const cell = event.target.closest?.('td.choix');
    if (cell && event.target === cell) cell.querySelector('input')?.click();
  });
}
