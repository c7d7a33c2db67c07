// The search box of everything: what is found shows under it while one types; arrows go through it, Escape closes it.
export function suggestions() {
  const form = document.querySelector('[data-recherche]');
  if (!form) return;
  const input = form.querySelector('input');
  const panel = form.querySelector('.apercu');
  const said = form.querySelector('[data-recherche-dit]');
  const links = () => [...panel.querySelectorAll('a')];
  const show = (open) => { panel.hidden = !open || !input.value.trim() || !panel.firstElementChild; };

  document.addEventListener('htmx:after:swap', () => {
    const words = panel.querySelector('p')?.textContent ?? '';
    if (words && said.textContent !== words) said.textContent = words;
    show(form.contains(document.activeElement));
  });
  input.addEventListener('input', () => {
    if (input.value.trim()) return;
    panel.replaceChildren();
    said.textContent = '';
    show(false);
  });
  input.addEventListener('focus', () => show(true));
  form.addEventListener('focusout', (event) => { if (!form.contains(event.relatedTarget)) show(false); });
  form.addEventListener('mousedown', (event) => { if (event.target.closest('.apercu') && !event.target.closest('a')) event.preventDefault(); });
  form.addEventListener('keydown', (event) => {
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (event.key === 'Escape' && !panel.hidden) {
      event.preventDefault();
      show(false);
      input.focus();
      show(false);
    } else if (event.key === 'ArrowDown' && all.length && !panel.hidden) {
      event.preventDefault();
      all[Math.min(at + 1, all.length - 1)].focus();
    } else if (event.key === 'ArrowUp' && at >= 0) {
      event.preventDefault();
      (all[at - 1] ?? input).focus();
    }
  });
}
