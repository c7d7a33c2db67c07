// Starts one suite, runs the journeys on it one file after the other, and closes on "browser: N passed, N failed".
// Arguments: the files to run (all of journeys/ without).
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { start } from './support/suite.mjs';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const asked = process.argv.slice(2).map((path) => path.replace(/^e2e\//, ''));
const files = asked.length > 0 ? asked
  : readdirSync('journeys').filter((name) => name.endsWith('.test.mjs')).sort().map((name) => `journeys/${name}`);

const suite = await start();
let tests;
const stop = async (code) => {
  tests?.kill('SIGTERM');
  await suite.stop();
  process.exit(code);
};
process.once('SIGINT', () => stop(130));
process.once('SIGTERM', () => stop(143));

const { adresse, bac_a_sable, comptes } = suite;
tests = spawn(process.execPath, ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files], {
  env: { ...process.env, TELEMAQUE_E2E: JSON.stringify({ adresse, bac_a_sable, comptes }) },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let output = '';
tests.stdout.on('data', (chunk) => {
  output += chunk;
  process.stdout.write(chunk);
});
const code = await new Promise((resolve) => { tests.on('close', (status) => resolve(status ?? 1)); });
const count = (word) => Number(output.match(new RegExp(`^\\S* ?${word} (\\d+)$`, 'm'))?.[1] ?? 0);
console.log(`browser: ${count('pass')} passed, ${count('fail') + count('cancelled')} failed`);
await stop(code);
