// A button that copies a text of the page. Without a clipboard it stays hidden: the text can be selected by hand.

/** `button[data-copie]` holds the id of what it copies, and `data-copie-dit` what it then says. */
export function copy(button) {
  if (!navigator.clipboard || button.dataset.prete) return;
  button.dataset.prete = 'oui';
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copie)?.textContent?.trim() ?? '';
    const said = document.getElementById(button.dataset.copieDit);
    try {
      await navigator.clipboard.writeText(text);
      if (said) said.textContent = 'Copié.';
    } catch {
      if (said) said.textContent = 'La copie a été refusée par le navigateur : sélectionnez le texte.';
    }
  });
}
