// What htmx could not fetch: the page stays as it is, and says so until a request succeeds.
const ID = 'panne-reseau';

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
  const failed = (why) => {
    since ??= clock();
    say(`${why} depuis ${since}. Ce qui est affiché date d’avant ; rien n’est perdu, la page réessaiera d’elle-même.`);
  };
  document.addEventListener('htmx:error', () => failed('Le serveur ne répond pas'));
  document.addEventListener('htmx:response:error', () => failed('Le serveur refuse de répondre'));
  document.addEventListener('htmx:after:swap', () => {
    since = null;
    document.getElementById(ID)?.remove();
  });
}
