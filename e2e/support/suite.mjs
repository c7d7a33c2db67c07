// A whole suite of its own (sandbox, database, 60 students), started once for a run of the journeys.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './until.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const binary = process.env.TELEMAQUE_BIN ?? join(root, process.env.CARGO_TARGET_DIR ?? 'target', 'debug', 'telemaque');

/** First collection included, on a busy two-core machine. */
const READY_WITHIN_MS = 180_000;

/**
 * Where a running suite is, and who may sign in.
 * @typedef {{ adresse: string, bac_a_sable: string, comptes: { role: string, identifiant: string, mot_de_passe: string }[] }} Suite
 */

/**
 * Starts `telemaque demo` and answers once `GET /sante` is 200. `env` adds settings: `{ TELEMAQUE_CAS__URL: … }`.
 * @returns {Promise<Suite & { stop: () => Promise<void> }>}
 */
export async function start(options = ['--etudiants', '60', '--seed', '7'], env = {}) {
  const data = await mkdtemp(join(tmpdir(), 'telemaque-e2e-'));
  const child = spawn(binary, ['demo', '--json', '--port', '0', '--data', data, ...options], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  let ended;
  child.on('error', (error) => { ended = String(error); });
  child.on('exit', (code, signal) => { ended ??= `ended with ${signal ?? code}`; });
  createInterface({ input: child.stderr }).on('line', (line) => { said.push(line); });

  let suite;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!suite && line.startsWith('{')) suite = JSON.parse(line);
    else said.push(line);
  });

  const stop = async () => {
    process.off('exit', kill);
    if (ended === undefined) {
      child.kill('SIGTERM');
      await until(() => ended, 'the suite has stopped', 10_000).catch(kill);
    }
    await rm(data, { recursive: true, force: true });
  };
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);

  try {
    await until(() => {
      if (ended) throw new Error(`telemaque demo ${ended}:\n${said.slice(-30).join('\n')}`);
      return suite;
    }, 'telemaque demo has printed its address', READY_WITHIN_MS);
    await until(async () => {
      if (ended) throw new Error(`telemaque demo ${ended}:\n${said.slice(-30).join('\n')}`);
      return healthy(suite.adresse);
    }, '/sante answers 200', READY_WITHIN_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...suite, stop };
}

async function healthy(address) {
  const answer = await fetch(new URL('/sante', address)).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 200;
}

const given = process.env.TELEMAQUE_E2E ? JSON.parse(process.env.TELEMAQUE_E2E) : undefined;

/** The database of the suite that `run.mjs` started: « SQLite », « PostgreSQL ». */
export const moteur = given?.moteur;

/** The suite that `run.mjs` started, or one of its own when a file is run by itself. */
export async function attach() {
  return given ? { ...given, stop: async () => {} } : start();
}
