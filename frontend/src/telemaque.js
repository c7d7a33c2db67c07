// Progressive enhancement: every page works without this file. It adds keys, folding, choice of several rows, and says when the
// network fails. One module per habit; each is told of new content by `each`.
import { clavier } from './js/clavier.js';
import { copy } from './js/copier.js';
import { menus, openers, rows, shortcut, singleSubmit } from './js/gestes.js';
import { arrows, bulk, keepOpen, options, wideBoxes } from './js/listes.js';
import { failures } from './js/pannes.js';
import { suggestions } from './js/recherche.js';
import { tree } from './js/arbre.js';

/** Runs `enhance` on every element of the page matching `selector`, now and when htmx brings more. */
function each(selector, enhance) {
  const apply = (root) => {
    for (const element of root.querySelectorAll(selector)) enhance(element);
  };
  apply(document);
  document.addEventListener('htmx:after:swap', () => apply(document));
}

each('[data-arbre]', tree);
each('[data-copie]', copy);
each('[data-lot]', bulk);
each('[data-filtre-options]', options);
arrows();
keepOpen();
wideBoxes();
menus();
openers();
rows();
shortcut();
clavier();
singleSubmit();
suggestions();
failures();
