// Runs the journeys and closes on "browser: N passed, N failed". Those of the exams run on both databases, the others on SQLite.
// Two lanes share the files: the first starts a suite on PostgreSQL (TELEMAQUE_TEST_POSTGRES) and runs the exams there, then helps with
// the rest. Each lane has a suite of its own, so that no two files ever run at once on the same one.
// Arguments: the files to run (all of journeys/ without).
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase, server } from './support/postgres.mjs';
import { start } from './support/suite.mjs';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const asked = process.argv.slice(2).map((path) => path.replace(/^e2e\//, ''));
const files = asked.length > 0 ? asked
  : readdirSync('journeys').filter((name) => name.endsWith('.test.mjs')).sort().map((name) => `journeys/${name}`);
const exams = files.filter((file) => basename(file).startsWith('examens-'));
// The exams last: their pages were then found accessible on PostgreSQL (support/axe.mjs).
const waiting = [...files.filter((file) => !exams.includes(file)), ...exams];

const folder = mkdtempSync(join(tmpdir(), 'telemaque-e2e-run-'));
const clean = join(folder, 'axe');
writeFileSync(clean, '');

const running = new Set();
const suites = new Set();
const total = { pass: 0, fail: 0 };

/** Starts a suite on an engine; `close` leaves nothing of it behind, started or not. */
async function open(moteur) {
  const base = moteur === 'PostgreSQL' ? createDatabase() : undefined;
  const opened = {
    moteur,
    close: async () => {
      suites.delete(opened);
      await opened.suite?.stop();
      base?.drop();
    },
  };
  suites.add(opened);
  opened.suite = await start(undefined, base ? { DATABASE_URL: base.url } : {});
  return opened;
}

/** Runs a file on a suite, and tells what it said once it has ended. */
async function run(file, { moteur, suite: { adresse, bac_a_sable, comptes } }) {
  const begun = performance.now();
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', '--test-reporter=spec', file], {
    env: { ...process.env, TELEMAQUE_E2E: JSON.stringify({ adresse, bac_a_sable, comptes, moteur }), TELEMAQUE_E2E_AXE: clean },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk; });
  const code = await new Promise((resolve) => { child.on('close', (status) => resolve(status ?? 1)); });
  running.delete(child);
  const count = (word) => Number(output.match(new RegExp(`^\\S* ?${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  total.pass += count('pass');
  total.fail += failed === 0 && code !== 0 ? 1 : failed;
  const said = code === 0 ? output.split('\n').filter((line) => line.startsWith('✔')).join('\n') : output;
  console.log(`▸ ${moteur}, ${basename(file, '.test.mjs')}: ${Math.round((performance.now() - begun) / 1000)} s\n${said}`);
}

async function lane(moteur, next) {
  let file = next();
  if (file === undefined) return;
  const begun = performance.now();
  const opened = await open(moteur);
  console.log(`▸ ${moteur}: the suite is ready after ${Math.round((performance.now() - begun) / 1000)} s`);
  for (; file !== undefined; file = next()) await run(file, opened);
  await opened.close();
}

const stop = async (code) => {
  for (const child of running) child.kill('SIGTERM');
  await Promise.all([...suites].map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
};
process.once('SIGINT', () => stop(130));
process.once('SIGTERM', () => stop(143));

const shared = () => waiting.shift();
const twice = [...exams];
if (!server && exams.length > 0) console.log('▸ TELEMAQUE_TEST_POSTGRES is not set: the exams run on SQLite alone');
const lanes = [
  lane('SQLite', shared),
  (async () => {
    if (server) await lane('PostgreSQL', () => twice.shift());
    // A suite is not started for what the other lane will have done by then.
    if (waiting.length > 2) await lane('SQLite', shared);
  })(),
];
for (const { status, reason } of await Promise.allSettled(lanes)) {
  if (status === 'fulfilled') continue;
  console.error(reason);
  total.fail += 1;
}
console.log(`browser: ${total.pass} passed, ${total.fail} failed`);
await stop(total.fail === 0 ? 0 : 1);
