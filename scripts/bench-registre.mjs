// The figures of the registry: its worklists over 20,000 registrations, as a clerk who is signed in asks for them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { serve } from './bench-web.mjs';

const registrations = 20000;
const worklists = ['a-verifier', 'demandes', 'a-corriger', 'a-payer', 'trop-percu', 'sans-accord', 'sans-salle', 'temps-majore',
  'a-convoquer', 'brouillons', 'annulees'];

/** Signs a clerk in, and gives the cookie of the session. */
async function clerk(binary, data, address) {
  const password = 'quatre chevaux bruns';
  execFileSync(binary, ['compte', 'creer', 'guichet', '--role', 'scolarite', '--data', data, '--mot-de-passe-stdin'],
    { input: `${password}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
  const form = await fetch(`${address}/connexion`);
  const cookies = form.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const csrf = /name="_csrf" value="([^"]+)"/.exec(await form.text())?.[1];
  const entered = await fetch(`${address}/connexion`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ _csrf: csrf, identifiant: 'guichet', mot_de_passe: password }),
  });
  const opened = entered.headers.getSetCookie().map((c) => c.split(';')[0]).filter((c) => /session/.test(c));
  if (opened.length !== 1) throw new Error(`sign-in: ${entered.status}`);
  return opened[0];
}

/** Fills the installation at `data`, then measures. `say` records a figure. Gives the process that serves. */
export async function registre({ binary, generator, data, running, say }) {
  const url = /^url = "([^"]+)"/m.exec(readFileSync(join(data, 'telemaque.toml'), 'utf8'))[1];
  const period = execFileSync(join(dirname(generator), 'inscriptions'), [url, String(registrations)]).toString().trim();
  const { child, address } = await serve(binary, data, running);
  const cookie = ['--entete', `Cookie: ${await clerk(binary, data, address)}`];
  const made = execFileSync(binary, ['jeton', 'creer', 'guichet', '--droits', 'examens:lire,etudiants:lire,paiements:lire', '--json', '--data', data]);
  const token = ['--entete', `Authorization: Bearer ${JSON.parse(made.toString().trim().split('\n').pop()).secret}`];
  const load = (args, ...paths) => JSON.parse(execFileSync(generator,
    ['--connexions', '2', ...args, ...paths.map((p) => address + p)], { maxBuffer: 1 << 26 }).toString());
  const rate = (m) => `${m.par_seconde} a second, p99 ${m.p99_ms.toFixed(1)} ms`;
  const list = `/iexam/inscriptions?periode=${period}`;
  say(`Worklists over ${registrations} registrations, each in turn, 2 connections`, 'p99 < 50 ms',
    rate(load(cookie, ...worklists.map((file) => `${list}&file=${file}`))), `${worklists.length} worklists`);
  // Names that nobody has searched yet, pages that nobody has turned to.
  const searched = Array.from({ length: 800 }, (_, i) => `${list}&recherche=pr%C3%A9nom${i % 400}${i % 2 ? '&etat=validee' : ''}`);
  say('The list searched by name', 'p99 < 50 ms', rate(load(cookie, ...searched)));
  const pages = Array.from({ length: 400 }, (_, i) => `${list}&page=${i + 1}&tri=${i % 2 ? 'validee' : 'nom'}`);
  say('The list, page after page to the last', 'p99 < 50 ms', rate(load(cookie, ...pages)));
  const rest = `/api/v1/iexam/inscriptions?periode=${period}`;
  const asked = Array.from({ length: 400 }, (_, i) => (i % 2 ? `${rest}&page=${i + 1}` : `${rest}&etat=verifiee&recherche=prenom${i}`));
  say('The same as JSON', 'p99 < 50 ms', rate(load(token, ...asked)));
  const ledger = Array.from({ length: 200 }, (_, i) => `/api/v1/iexam/paiements?periode=${period}&page=${i * 6 + 1}`);
  say(`The ledger as JSON, ${3 * registrations} rows, to its last page`, '', rate(load(token, ...ledger)));
  return child;
}
