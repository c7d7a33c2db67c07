// The two figures of students: their page, and everybody's confirmation. Each student has an account and a session of their own, opened as
// a person opens one.
//
//   node scripts/bench-examens.mjs BINARY GENERATOR DATA [--etudiants 2000]
//
// DATA is the folder of a `telemaque demo` that is stopped: its students, and a period whose registrations are open.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from './bench-web.mjs';

const [binary, generator, data, ...options] = process.argv.slice(2);
const at = options.indexOf('--etudiants');
const wanted = at < 0 ? 2000 : Number(options[at + 1]);
const password = 'quatre chevaux bruns';
const running = new Set();
const folder = mkdtempSync(join(tmpdir(), 'telemaque-examens-'));
const field = (html, name) => new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(html)?.[1];
const form = (cookie, fields) => ({
  method: 'POST', redirect: 'manual',
  headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields),
});

/** Runs `work` on each of `items`, sixteen at a time. */
async function sixteen(items, work) {
  const left = [...items];
  const done = [];
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      const one = await work(item);
      if (one) done.push(one);
    }
  }));
  return done;
}

/** Signs in; the cookie of the session. */
async function enter(address, identifiant) {
  const page = await fetch(`${address}/connexion`);
  const before = page.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const csrf = field(await page.text(), '_csrf');
  const entered = await fetch(`${address}/connexion`, form(before, { _csrf: csrf, identifiant, mot_de_passe: password }));
  const [cookie] = entered.headers.getSetCookie().map((c) => c.split(';')[0]).filter((c) => /session/.test(c));
  if (!cookie) throw new Error(`${identifiant}: ${entered.status}`);
  return cookie;
}

/** The numbers of the students, from the REST interface. */
async function numbers(address) {
  const made = execFileSync(binary, ['jeton', 'creer', `examens-${process.pid}`, '--droits', 'etudiants:lire', '--json', '--data', data]).toString();
  const { secret } = JSON.parse(made.trim().split('\n').pop());
  const found = [];
  for (let page = 1; found.length < wanted; page += 1) {
    const answer = await fetch(`${address}/api/v1/maquette/etudiants?taille=500&page=${page}`, { headers: { authorization: `Bearer ${secret}` } });
    const { elements } = await answer.json();
    if (!elements?.length) break;
    found.push(...elements.map((e) => e.numero));
  }
  return found.slice(0, wanted);
}

/** Writes the draft of a student: everything is sat, in the first modality that takes them. Nothing for who has no épreuve. */
async function draft(address, path, cookie) {
  const get = async (where) => (await fetch(address + where, { headers: { cookie } })).text();
  const choose = async (html, more) => {
    const sat = [...html.matchAll(/name="(e-\d+)" value="passe"/g)].map(([, name]) => [name, 'passe']);
    const fields = Object.fromEntries([...sat, ...['_csrf', 'revision', 'onglet'].map((n) => [n, field(html, n)]), ...more]);
    const saved = await fetch(address + path, form(cookie, fields));
    if (saved.status !== 303) throw new Error(`draft: ${saved.status}`);
    return get(path);
  };
  let html = await get(path);
  if (!/name="e-\d+"/.test(html)) return undefined;
  const modality = /name="modalite" value="(\d+)"(?![^>]*disabled)/.exec(html)?.[1];
  html = await choose(html, [['modalite', modality]]);
  const centre = /name="centre" value="(\d+)"(?![^>]*disabled)/.exec(html)?.[1] ?? /<option value="(\d+)"(?![^>]*disabled)/.exec(html)?.[1];
  if (centre) await choose(html, [['modalite', modality], ['centre', centre]]);
  const read = await get(`${path}/relire`);
  const fields = Object.fromEntries(['_csrf', 'revision', 'vu'].map((n) => [n, field(read, n)]));
  return { cookie, body: new URLSearchParams(fields).toString() };
}

try {
  const { address } = await serve(binary, data, running);
  const students = await numbers(address);
  const sessions = await sixteen(students, async (numero) => {
    const identifiant = `mesure.${numero}`;
    execFileSync(binary, ['compte', 'creer', identifiant, '--role', 'etudiant', '--etudiant', numero, '--data', data, '--mot-de-passe-stdin'],
      { input: `${password}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
    return enter(address, identifiant);
  });
  const list = await (await fetch(`${address}/examens`, { headers: { cookie: sessions[0] } })).text();
  const path = /href="(\/examens\/\d{4}\/[^"/]+)"[^>]*>S’inscrire/.exec(list)?.[1];
  if (!path) throw new Error('no period whose registrations are open');
  const ready = await sixteen(sessions, (cookie) => draft(address, path, cookie));
  const load = (lines, ...args) => {
    const file = join(folder, 'demandes');
    writeFileSync(file, lines.join('\n'));
    return JSON.parse(execFileSync(generator, ['--connexions', '16', ...args, '--fichier', file, `${address}/`]).toString());
  };
  const page = load(ready.map((r) => `GET ${path}\tCookie: ${r.cookie}\t`), '--statut', '200');
  console.log(`Student's page, ${ready.length} sessions: ${page.par_seconde} a second, p99 ${page.p99_ms} ms (≥ 2,000/s, < 25 ms)`);
  const sent = load(ready.map((r) => `POST ${path}/valider\tCookie: ${r.cookie}\t${r.body}`), '--statut', '303', '--une-fois');
  console.log(`${sent.requetes} confirmations once each: ${sent.secondes} s, p99 ${sent.p99_ms} ms (2,000 in < 3 s, < 60 ms)`);
} finally {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
