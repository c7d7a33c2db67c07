// The columns one hides are remembered on this device, per list. Codes and labels stay in the page: nothing is stored but column names.
const key = (id) => `telemaque:colonnes:${id}`;

function read(id) {
  try {
    const held = JSON.parse(localStorage.getItem(key(id)) ?? '[]');
    return new Set(Array.isArray(held) ? held : []);
  } catch {
    return new Set();
  }
}

function write(id, hidden) {
  try {
    if (hidden.size) localStorage.setItem(key(id), JSON.stringify([...hidden]));
    else localStorage.removeItem(key(id));
  } catch { /* private browsing: the choice lasts as long as the page */ }
}

function apply(table, hidden) {
  const heads = [...table.tHead.rows[0].cells];
  for (const [index, head] of heads.entries()) {
    const hide = hidden.has(head.dataset.colonne);
    for (const row of table.rows) if (row.cells[index]) row.cells[index].hidden = hide;
  }
}

export function columns(slot) {
  const id = slot.dataset.colonnes;
  const table = document.querySelector(`#${CSS.escape(id)} table.donnees`);
  if (!table?.tHead) return;
  const hidden = read(id);
  apply(table, hidden);
  if (slot.firstElementChild) return;
  // The first column opens the row: it stays.
  const heads = [...table.tHead.rows[0].cells].slice(1);
  if (heads.length < 2) return;
  const menu = document.createElement('details');
  menu.className = 'menu';
  const summary = document.createElement('summary');
  summary.className = 'btn';
  summary.textContent = 'Colonnes';
  const panel = document.createElement('div');
  panel.className = 'menu-panneau';
  for (const head of heads) {
    const label = document.createElement('label');
    label.className = 'menu-entree';
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.className = 'form-check-input m-0';
    box.checked = !hidden.has(head.dataset.colonne);
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(head.dataset.colonne);
      else hidden.add(head.dataset.colonne);
      write(id, hidden);
      const present = document.querySelector(`#${CSS.escape(id)} table.donnees`);
      if (present?.tHead) apply(present, hidden);
    });
    label.append(box, head.textContent.trim());
    panel.append(label);
  }
  menu.append(summary, panel);
  slot.append(menu);
  slot.hidden = false;
}
