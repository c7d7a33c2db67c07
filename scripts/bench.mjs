// The figures of the README: each measured on separate processes, so that the memory of the sandbox is not the suite's.
//
//   node scripts/bench.mjs BINARY GENERATOR [--etudiants 20000] [--catalogue DIR] [--seulement web|examens] [--json]
//
// DATABASE_URL empty or absent: SQLite in a temporary folder; otherwise a schema of that PostgreSQL for each measure.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { etudiants } from './bench-examens.mjs';
import { registre } from './bench-registre.mjs';
import { web } from './bench-web.mjs';

const [binary, generator, ...options] = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = options.indexOf(`--${name}`);
  return at < 0 ? otherwise : options[at + 1];
};
const students = Number(option('etudiants', 20000));
const catalogue = option('catalogue', '../shared/data/toulouse3');
const server = process.env.DATABASE_URL;
const engine = server ? 'PostgreSQL' : 'SQLite';
// The address goes in each folder's settings, where it says its schema; the environment would win over them.
delete process.env.DATABASE_URL;
const root = mkdtempSync(join(tmpdir(), 'telemaque-bench-'));
const running = new Set();
const schemas = [];
const results = [];

/** Peak and present resident memory of a process, in MiB. */
function memory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kib = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    return { peak: kib('VmHWM') / 1024, now: kib('VmRSS') / 1024, own: kib('RssAnon') / 1024 };
  } catch {
    return { peak: 0, now: 0, own: 0 };
  }
}

/** Runs the binary to its end; gives its output, its time in seconds and its peak memory in MiB. */
function run(...args) {
  return new Promise((resolve, reject) => {
    const begun = process.hrtime.bigint();
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err, peak] = ['', '', 0];
    const watch = setInterval(() => { peak = Math.max(peak, memory(child.pid).peak); }, 20);
    child.stdout.on('data', (d) => { out += d; });
    child.stderr.on('data', (d) => { err += d; });
    child.on('close', (code) => {
      clearInterval(watch);
      if (code !== 0) return reject(new Error(`${args.join(' ')} : ${code}\n${err.slice(-2000)}`));
      resolve({ out, seconds: Number(process.hrtime.bigint() - begun) / 1e9, peak });
    });
  });
}

/** Starts the binary and waits until `ready` finds what it wants in its standard output. */
function start(args, ready, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    running.add(child);
    let out = '';
    let err = '';
    child.stderr.on('data', (d) => { err += d; });
    child.on('close', (code) => reject(new Error(`${args.join(' ')} : ${code}\n${err}`)));
    child.stdout.on('data', (d) => {
      out += d;
      const found = ready(out);
      if (found) resolve({ child, found });
    });
  });
}

function stop(child) {
  running.delete(child);
  return new Promise((resolve) => {
    child.removeAllListeners('close');
    child.on('close', resolve);
    child.kill('SIGTERM');
  });
}

/** An empty data folder, and the address of an empty database for it. */
function place(name) {
  const data = join(root, name);
  mkdirSync(data, { recursive: true });
  if (!server) return { data, url: `sqlite:${join(data, 'telemaque.db')}` };
  const schema = `${name}_${process.pid}`;
  execFileSync('psql', [server, '--quiet', '-c', `CREATE SCHEMA ${schema}`]);
  schemas.push(schema);
  return { data, url: `${server}${server.includes('?') ? '&' : '?'}options=-csearch_path%3D${schema}` };
}

/** A data folder whose settings lead to the sandbox at `address`. */
async function folder(name, address) {
  const { data, url } = place(name);
  writeFileSync(join(data, 'telemaque.toml'), `[base]
url = "${url}"

[apogee]
url = "${address}"

[extraction]
lieu = "${address}/extraction"

[kofr]
url = "${address}/kofr"

[eve]
url = "${address}/eve"
`);
  await run('migrer', '--data', data);
  return data;
}

const sandbox = (...args) =>
  start(['sandbox', '--port', '0', '--controle', ...args], (out) => /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0]);

async function collect(data, ...args) {
  const { out, seconds, peak } = await run('collecte', ...args, '--json', '--data', data);
  return { report: JSON.parse(out.trim().split('\n').pop()), seconds, peak };
}

function say(what, target, measured, detail = '') {
  results.push({ engine, what, target, measured, detail });
  process.stderr.write(`${engine} · ${what} : ${measured} (${target ? `target ${target}` : 'no target'}) ${detail}\n`);
}

const s = (seconds) => `${seconds.toFixed(1)} s`;
const written = (r) => r.ajoutes + r.modifies + r.fermes + r.rouverts;

async function offer() {
  const { child, found } = await sandbox(
    '--etapes', '4000', '--elements', '60000', '--liens', '150000', '--etudiants', '40');
  const data = await folder('offre', found);
  const first = await collect(data, 'offre');
  const l = first.report.lus;
  const links = l.liens_etape_liste + l.liens_liste_element + l.liens_element_liste;
  say('First collection of an offer', '< 30 s, < 600 MB', `${s(first.seconds)}, ${first.peak.toFixed(0)} MB`,
    `${l.etapes} étapes, ${l.elements} elements, ${links} links`);
  const again = await collect(data, 'offre');
  say('Unchanged again', '< 5 s, 0 rows', `${s(again.seconds)}, ${written(again.report)} rows`);
  await fetch(`${found}/controle/api/changements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pourcentage: 2 }),
  }).then((r) => { if (!r.ok) throw new Error(`changements : ${r.status}`); });
  const changed = await collect(data, 'offre');
  say('2 % changed', '< 8 s', s(changed.seconds), `${written(changed.report)} rows written`);
  await stop(child);
  await stop(await web({ binary, generator, data, running, say, memory }));
}

async function real() {
  if (!existsSync(catalogue)) {
    process.stderr.write(`skipped: no catalogue at ${catalogue}\n`);
    return;
  }
  const { child, found } = await sandbox('--extraction', catalogue);
  const data = await folder('catalogue', found);
  const first = await collect(data, 'offre');
  say('A real catalogue', '< 3 s', s(first.seconds), `${first.report.lus.elements} elements`);
  await stop(child);
}

async function people() {
  const { child, found } = await sandbox('--etudiants', String(students));
  const data = await folder('personnes', found);
  await collect(data, 'offre');
  const { report, seconds, peak } = await collect(data, 'personnes');
  const soap = report.attentes.find((a) => a.source.includes('services web')) ?? {};
  say(`${students} students with IA and IP`, 'limited by the source', `${s(seconds)}, ${peak.toFixed(0)} MB`,
    `${soap.appels} calls, ${(soap.appels / (soap.lecture_ms / 1000)).toFixed(0)} a second; reading ${s(soap.lecture_ms / 1000)}, `
    + `busy waiting for the source ${soap.occupation} %; ${report.lus.inscriptions_pedagogiques} IP`);
  const again = await collect(data, 'personnes');
  say('The same again', '0 rows', `${s(again.seconds)}, ${written(again.report)} rows`);
  await served(data);
  await stop(child);
}

/** Cold start: from the launch of `serve` to the first good answer of /sante; then its memory when idle. */
async function served(data) {
  const times = [];
  let idle = { now: 0, own: 0 };
  for (let i = 0; i < 5; i += 1) {
    const port = 20000 + Math.floor(Math.random() * 20000);
    const begun = process.hrtime.bigint();
    const child = spawn(binary, ['serve', '--data', data, '--port', String(port)], { stdio: 'ignore' });
    running.add(child);
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/sante`).catch(() => null);
      if (answer?.ok) break;
      if (child.exitCode !== null) throw new Error('serve stopped');
      await pause(2);
    }
    times.push(Number(process.hrtime.bigint() - begun) / 1e6);
    await pause(1000);
    const held = memory(child.pid);
    if (held.now > idle.now) idle = held;
    await stop(child);
  }
  times.sort((a, b) => a - b);
  say('Cold start of serve', '< 300 ms', `${times[2].toFixed(0)} ms`, 'median of five, to the first answer of /sante');
  say('Idle memory of serve', '< 60 MB', `${idle.now.toFixed(0)} MB`,
    `${idle.own.toFixed(0)} MB of its own; the rest is its program, in the page cache`);
}

/** Students on the data of a demonstration; the registry on data of its own. */
async function exams() {
  const { data: played, url } = place('etudiants');
  // A few students have no open registration: some more than are measured.
  const demo = ['demo', '--json', '--port', '0', '--etudiants', '2600', '--data', played];
  const { child } = await start(demo, (out) => out.includes('"adresse"'), { DATABASE_URL: url });
  await stop(child);
  await stop(await etudiants({ binary, generator, data: played, running, say }));
  // Nothing is collected: no source needs to answer.
  const data = await folder('registre', 'http://127.0.0.1:9');
  await stop(await registre({ binary, generator, data, running, say }));
}

try {
  const only = option('seulement');
  if (only !== 'examens') await offer();
  if (!only) {
    await real();
    await people();
  }
  if (only !== 'web') {
    await exams();
  }
} finally {
  for (const child of running) child.kill('SIGKILL');
  for (const schema of schemas) {
    execFileSync('psql', [server, '--quiet', '-c', `SET client_min_messages = warning; DROP SCHEMA ${schema} CASCADE`]);
  }
  rmSync(root, { recursive: true, force: true });
}
if (options.includes('--json')) {
  console.log(JSON.stringify(results));
} else {
  console.log(`\n| ${engine} | target | measured | |\n|---|---|---|---|`);
  for (const r of results) console.log(`| ${r.what} | ${r.target} | ${r.measured} | ${r.detail} |`);
}
