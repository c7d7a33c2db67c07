// A real CAS server (e2e/cas/serve.py, django-cas-server), which lives for one file of journeys.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './until.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const python = join(root, '.tools/venv/bin/python');

/**
 * Starts it with its users (`login:password`), on `port` or a free one.
 * @returns {Promise<{ url: string, port: string, stop: () => Promise<void> }>}
 */
export async function startCas(users, port = 0) {
  if (!existsSync(python)) throw new Error('The CAS server needs its Python packages: scripts/venv');
  const folder = await mkdtemp(join(tmpdir(), 'telemaque-cas-'));
  // Its standard input stays open as long as this process lives: the server ends with it, whatever happens here.
  const child = spawn(python, [join(root, 'e2e/cas/serve.py'), folder, String(port), ...users], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = [];
  let ready;
  let ended;
  child.on('error', (error) => { ended = String(error); });
  child.on('exit', (code, signal) => { ended ??= `ended with ${signal ?? code}`; });
  createInterface({ input: child.stderr }).on('line', (line) => { said.push(line); });
  createInterface({ input: child.stdout }).on('line', (line) => { ready ??= JSON.parse(line); });
  const stop = async () => {
    child.stdin.end();
    await until(() => ended, 'the CAS server has stopped', 10_000).catch(() => child.kill('SIGKILL'));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(() => {
      if (ended) throw new Error(`the CAS server ${ended}:\n${said.slice(-30).join('\n')}`);
      return ready;
    }, 'the CAS server listens', 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: ready.url, port: new URL(ready.url).port, stop };
}
