// The tree: folding, arrow keys (the treegrid pattern of ARIA), and a filter that keeps ancestors.

/** As the server folds: no case, no accents, so that « droit des oblig » finds « Droit des obligations ». */
const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[’‘]/g, "'").replace(/œ/gi, 'oe').replace(/æ/gi, 'ae').replace(/\s+/g, ' ').toLowerCase().trim();

export function tree(section) {
  if (section.dataset.arbre === 'pret') return;
  section.dataset.arbre = 'pret';
  const body = section.querySelector('tbody');
  const rows = [...body.rows];
  if (rows.length === 0) return;
  const level = new Map(rows.map((row) => [row, Number(row.getAttribute('aria-level'))]));
  const parent = new Map();
  const stack = [];
  for (const row of rows) {
    while (stack.length && level.get(stack.at(-1)) >= level.get(row)) stack.pop();
    parent.set(row, stack.at(-1) ?? null);
    stack.push(row);
  }
  const text = new Map(rows.map((row) => [row, fold(`${row.querySelector('.code')?.textContent ?? ''} ${row.querySelector('.arbre-libelle')?.textContent ?? ''}`)]));
  const filter = section.querySelector('[data-arbre-filtre]');
  const count = section.querySelector('[data-arbre-compte]');
  const isParent = (row) => row.hasAttribute('aria-expanded');
  const isOpen = (row) => row.getAttribute('aria-expanded') === 'true';
  const shown = () => rows.filter((row) => !row.hidden);

  function draw() {
    const sought = fold(filter?.value ?? '');
    if (sought) {
      const kept = new Set();
      let found = 0;
      for (const row of rows) {
        const hit = text.get(row).includes(sought);
        row.classList.toggle('trouve', hit);
        if (!hit) continue;
        found += 1;
        for (let one = row; one; one = parent.get(one)) kept.add(one);
      }
      for (const row of rows) row.hidden = !kept.has(row);
      count.textContent = found === 0 ? 'Aucun élément trouvé' : found === 1 ? '1 élément trouvé' : `${found} éléments trouvés`;
    } else {
      const visible = new Map();
      for (const row of rows) {
        const above = parent.get(row);
        visible.set(row, !above || (visible.get(above) && isOpen(above)));
        row.hidden = !visible.get(row);
        row.classList.remove('trouve');
      }
      count.textContent = '';
    }
    if (!rows.some((row) => row.tabIndex === 0 && !row.hidden)) {
      const first = shown()[0];
      if (first) rove(first);
    }
  }

  function rove(row) {
    for (const one of rows) one.tabIndex = one === row ? 0 : -1;
  }

  function focus(row) {
    if (!row) return;
    rove(row);
    row.focus();
  }

  function set(row, open) {
    if (!isParent(row)) return;
    row.setAttribute('aria-expanded', String(open));
    draw();
  }

  for (const row of rows) {
    if (row.hasAttribute('data-ferme')) row.setAttribute('aria-expanded', 'false');
    row.removeAttribute('data-ferme');
    row.removeAttribute('data-replie');
    row.tabIndex = -1;
    // Inside the grid the arrows move; Tab leaves it. Enter follows the row's link.
    for (const link of row.querySelectorAll('a')) link.tabIndex = -1;
  }
  rove(rows[0]);
  for (const tool of section.querySelectorAll('[data-arbre-outil]')) tool.hidden = false;
  draw();

  body.addEventListener('click', (event) => {
    const row = event.target.closest('tr');
    if (!row || event.target.closest('a')) return;
    rove(row);
    if (event.target.closest('[data-arbre-fleche]') || event.detail === 2) set(row, !isOpen(row));
  });
  for (const button of section.querySelectorAll('[data-arbre-tout]')) {
    button.addEventListener('click', () => {
      const open = button.dataset.arbreTout === 'ouvrir';
      for (const row of rows) if (isParent(row)) row.setAttribute('aria-expanded', String(open));
      draw();
    });
  }
  filter?.addEventListener('input', draw);
  filter?.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && filter.value) {
      event.preventDefault();
      filter.value = '';
      draw();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      focus(rows.find((row) => row.classList.contains('trouve') && !row.hidden) ?? shown()[0]);
    }
  });

  body.addEventListener('keydown', (event) => {
    const row = event.target.closest('tr');
    if (!row || event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
    const list = shown();
    const at = list.indexOf(row);
    const move = {
      ArrowDown: () => focus(list[at + 1]),
      ArrowUp: () => focus(list[at - 1]),
      Home: () => focus(list[0]),
      End: () => focus(list.at(-1)),
      ArrowRight: () => (isParent(row) && !isOpen(row) ? set(row, true) : isParent(row) ? focus(list[at + 1]) : null),
      ArrowLeft: () => (isParent(row) && isOpen(row) ? set(row, false) : focus(parent.get(row))),
      Enter: () => row.querySelector('a')?.click(),
      ' ': () => set(row, !isOpen(row)),
      '*': () => {
        for (const one of rows) if (parent.get(one) === parent.get(row) && isParent(one)) one.setAttribute('aria-expanded', 'true');
        draw();
      },
    }[event.key];
    if (move) {
      event.preventDefault();
      move();
    } else if (event.key.length === 1 && /[\p{L}\p{N}]/u.test(event.key) && filter) {
      // Typing on a row is filtering.
      filter.focus();
      filter.select();
    }
  });
}
