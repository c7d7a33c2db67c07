// What htmx could not fetch: the page stays as it is, and says so until a request succeeds. A form that saves itself is sent again.
const ID = 'panne-reseau';
const AGAIN_MS = 15_000;

function say(text) {
  let box = document.getElementById(ID);
  if (!box) {
    box = document.createElement('div');
    box.id = ID;
    box.className = 'panne message ton-danger';
    box.setAttribute('role', 'alert');
    const p = document.createElement('p');
    box.append(p);
    document.body.append(box);
  }
  box.firstElementChild.textContent = text;
}

export function failures() {
  const clock = () => new Date().toLocaleTimeString('fr-FR', { hour: 'numeric', minute: '2-digit' }).replace(':', '\u00a0h\u00a0');
  let since = null;
  let unsaved = null;
  const again = () => {
    if (unsaved?.isConnected) unsaved.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const failed = (why, what) => {
    since ??= clock();
    say(`${why} depuis ${since}. ${what}`);
  };
  const lost = (event) => {
    const form = event.target?.closest?.('form[method="post"][hx-trigger*="change"]');
    if (!form) return failed('Le serveur ne répond pas', 'Ce qui est affiché date d’avant ; rien n’est perdu, la page réessaiera d’elle-même.');
    if (!unsaved) setTimeout(function retry() { if (unsaved) { again(); setTimeout(retry, AGAIN_MS); } }, AGAIN_MS);
    unsaved = form;
    form.classList.add('pas-enregistre');
    failed('Le serveur ne répond pas', 'Votre dernier choix n’est pas encore enregistré : gardez cette page ouverte, elle réessaiera d’elle-même.');
  };
  document.addEventListener('htmx:error', lost);
  document.addEventListener('htmx:response:error', (event) => {
    if (event.detail?.ctx?.response?.status >= 500) return lost(event);
    failed('Le serveur refuse de répondre', 'Rechargez la page : ce qui était enregistré n’est pas perdu.');
  });
  document.addEventListener('htmx:after:swap', () => {
    since = null;
    unsaved?.classList.remove('pas-enregistre');
    unsaved = null;
    document.getElementById(ID)?.remove();
  });
  addEventListener('online', again);
}
