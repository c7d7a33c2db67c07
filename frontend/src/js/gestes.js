/** Menus are <details>: one open at a time, closed by Escape or a press elsewhere. */
export function menus() {
  const opened = () => document.querySelectorAll('details.menu[open]');
  document.addEventListener('click', (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
  });
}

/** `command="show-modal"` for browsers that do not know it yet. */
export function openers() {
  if ('commandForElement' in HTMLButtonElement.prototype) return;
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('button[command="show-modal"]');
    if (button) document.getElementById(button.getAttribute('commandfor'))?.showModal();
  });
}

/** A click anywhere on a row opens it, unless it was on something of its own or selected a text. */
export function rows() {
  const open = (event) => {
    const row = event.target.closest?.('tr[data-ouvre]');
    if (!row || event.target.closest('a, button, input, label, summary, select, td.choix')) return;
    if (String(getSelection())) return;
    const link = row.querySelector('.ligne-lien');
    if (!link) return;
    if (event.ctrlKey || event.metaKey || event.button === 1) window.open(link.href, '_blank', 'noopener');
    else if (event.button === 0) link.click();
  };
  document.addEventListener('click', open);
  document.addEventListener('auxclick', open);
}

/** `/` goes to the search of everything, else to the list's own. */
export function shortcut() {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
    const field = document.querySelector('[data-raccourci="/"]') ?? document.querySelector('main input[type="search"]');
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

/** A form sent twice by an impatient finger is sent once. */
export function singleSubmit() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.envoye) return event.preventDefault();
    form.dataset.envoye = 'oui';
    setTimeout(() => { for (const button of form.querySelectorAll('button[type="submit"]')) button.setAttribute('aria-disabled', 'true'); });
  });
  // Coming back by the browser's history shows the page as it was left.
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-envoye]')) {
      delete form.dataset.envoye;
      for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled');
    }
  });
}
