// Keys of a list and of what it lists: j and k go down and up, o opens, x chooses; what a page marks with `data-touche` answers to its
// letter. No key is taken while somebody types, nor with Ctrl, Alt or Meta; `?` shows those of the page.
const ID = 'touches';
const TYPING = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';

const rows = () => [...document.querySelectorAll('main tr[data-ouvre]')].filter((row) => row.querySelector('.ligne-lien'));
const neighbour = (rel) => document.querySelector(`main ~ * a[rel="${rel}"], main a[rel="${rel}"], .titre-actions a[rel="${rel}"]`);
const marked = () => [...document.querySelectorAll('[data-touche]')].filter((one) => one.checkVisibility());
const current = () => document.activeElement?.closest?.('tr[data-ouvre]');

/** The keys of this page, with what each does. */
function keys() {
  const out = [];
  const [next, before] = [neighbour('next'), neighbour('prev')];
  if (next || before) {
    if (next) out.push(['j', 'la suivante', () => next.click()]);
    if (before) out.push(['k', 'la précédente', () => before.click()]);
  } else if (rows().length > 0) {
    out.push(['j', 'ligne suivante', () => move(1)], ['k', 'ligne précédente', () => move(-1)]);
    out.push(['o', 'ouvrir la ligne (ou Entrée)', () => current()?.querySelector('.ligne-lien').click()]);
    if (document.querySelector('main td.choix input')) out.push(['x', 'cocher la ligne', () => current()?.querySelector('td.choix input')?.click()]);
  }
  for (const one of marked()) out.push([one.dataset.touche, one.textContent.trim().replace('…', '').toLowerCase(), () => press(one)]);
  if (document.querySelector('[data-raccourci="/"], main input[type="search"]')) out.push(['/', 'chercher', null]);
  return out;
}

function move(step) {
  const all = rows();
  const at = all.indexOf(current());
  const to = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))];
  to.querySelector('.ligne-lien').focus();
  to.scrollIntoView({ block: 'nearest' });
}

/** A fold opens on its first field; anything else is pressed. */
function press(one) {
  if (one.tagName !== 'SUMMARY') return one.click();
  one.parentElement.open = true;
  one.parentElement.querySelector('form :is(input:not([type="hidden"]), textarea, select)')?.focus();
}

function help() {
  document.getElementById(ID)?.remove();
  const box = document.createElement('dialog');
  box.id = ID;
  box.className = 'touches';
  box.setAttribute('aria-labelledby', `${ID}-titre`);
  const title = document.createElement('h2');
  title.id = `${ID}-titre`;
  title.textContent = 'Raccourcis clavier de cette page';
  const list = document.createElement('dl');
  for (const [key, does] of keys()) {
    const dt = document.createElement('dt');
    const kbd = document.createElement('kbd');
    kbd.textContent = key;
    dt.append(kbd);
    const dd = document.createElement('dd');
    dd.textContent = does;
    list.append(dt, dd);
  }
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'btn';
  close.textContent = 'Fermer';
  close.addEventListener('click', () => box.close());
  box.append(title, list, close);
  document.body.append(box);
  box.addEventListener('close', () => box.remove());
  box.showModal();
}

/** Where there is a keyboard, the page says that it has keys. */
function hint() {
  const main = document.querySelector('main');
  if (!main || main.querySelector('.touches-aide') || !matchMedia('(hover: hover) and (min-width: 992px)').matches) return;
  if (keys().filter(([key]) => key !== '/').length === 0) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'touches-aide';
  const kbd = document.createElement('kbd');
  kbd.textContent = '?';
  button.append('Raccourcis clavier ', kbd);
  button.addEventListener('click', help);
  main.append(button);
}

export function clavier() {
  hint();
  document.addEventListener('htmx:after:swap', hint);
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat && !'jk'.includes(event.key)) return;
    if (event.target.closest?.(TYPING) || document.querySelector('dialog[open]') || document.querySelector('details.menu[open]')) return;
    // The tree has keys of its own.
    if (event.target.closest?.('[data-arbre]')) return;
    if (event.key === '?') {
      if (keys().length === 0) return;
      event.preventDefault();
      return help();
    }
    const found = keys().find(([key, , act]) => act && key === event.key);
    if (!found) return;
    event.preventDefault();
    found[2]();
  });
}
