// The two figures of students: their page, and everybody's confirmation. Each student has an account and a session of their own, opened as
// a person opens one, on the data that `telemaque demo` has made: a period whose registrations are open.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from './bench-web.mjs';

const password = 'quatre chevaux bruns';
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

/** Asks the REST interface for every page of a list. */
async function all(address, secret, list) {
  const found = [];
  for (let page = 1; ; page += 1) {
    const answer = await fetch(`${address}/api/v1/${list}taille=500&page=${page}`, { headers: { authorization: `Bearer ${secret}` } });
    const { elements } = await answer.json();
    if (!elements?.length) return found;
    found.push(...elements);
  }
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

/** Measures `wanted` students on the stopped demonstration at `data`. `say` records a figure. Gives the process that serves. */
export async function etudiants({ binary, generator, data, running, say, wanted = 2000 }) {
  const { child, address } = await serve(binary, data, running);
  const made = execFileSync(binary, ['jeton', 'creer', 'examens', '--droits', 'etudiants:lire,examens:lire', '--json', '--data', data]).toString();
  const { secret } = JSON.parse(made.trim().split('\n').pop());
  const ready = [];
  let path;
  await sixteen(await all(address, secret, 'maquette/etudiants?'), async ({ numero }) => {
    if (ready.length >= wanted) return;
    const identifiant = `mesure.${numero}`;
    const asked = ['compte', 'creer', identifiant, '--role', 'etudiant', '--etudiant', numero, '--data', data, '--mot-de-passe-stdin'];
    // A student has one account: those of the demonstration have theirs already, and are left out.
    if (spawnSync(binary, asked, { input: `${password}\n`, stdio: ['pipe', 'ignore', 'ignore'] }).status !== 0) return;
    const cookie = await enter(address, identifiant);
    path ??= /href="(\/examens\/\d{4}\/[^"/]+)"[^>]*>S’inscrire/.exec(await (await fetch(`${address}/examens`, { headers: { cookie } })).text())?.[1];
    const drafted = path && await draft(address, path, cookie);
    if (drafted && ready.length < wanted) ready.push(drafted);
  });
  if (!ready.length) throw new Error('no student whose registration is open');
  const folder = mkdtempSync(join(tmpdir(), 'telemaque-examens-'));
  const load = (lines, ...args) => {
    const file = join(folder, 'demandes');
    writeFileSync(file, lines.join('\n'));
    return JSON.parse(execFileSync(generator, ['--connexions', '16', ...args, '--fichier', file, `${address}/`]).toString());
  };
  const [year, period] = path.split('/').slice(2);
  const confirmed = async () => {
    const list = await all(address, secret, `iexam/inscriptions?periode=${year}-${period}&`);
    return list.filter((i) => i.validee_le).map((i) => i.etudiant?.numero ?? i.etudiant);
  };
  try {
    const page = load(ready.map((r) => `GET ${path}\tCookie: ${r.cookie}\t`), '--statut', '200');
    say(`Student's page, ${ready.length} sessions in turn, 16 connections`, '≥ 2,000/s, p99 < 25 ms', `${page.par_seconde} a second, p99 ${page.p99_ms.toFixed(1)} ms`);
    const before = await confirmed();
    const sent = load(ready.map((r) => `POST ${path}/valider\tCookie: ${r.cookie}\t${r.body}`), '--statut', '303', '--une-fois');
    const after = await confirmed();
    const lost = before.length + sent.requetes - after.length;
    const twice = after.length - new Set(after).size;
    say(`${sent.requetes} students confirm once each, 16 at a time`, '2,000 < 3 s, p99 < 60 ms',
      `${sent.secondes.toFixed(2)} s, p99 ${sent.p99_ms.toFixed(1)} ms`, `${lost} lost, ${twice} twice`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return child;
}
