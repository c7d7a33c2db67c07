// A database of its own in the server of scripts/with-postgres, for a suite that lives as long as a run.
import { execFileSync } from 'node:child_process';

/** The server's URL, when there is one. */
export const server = process.env.TELEMAQUE_TEST_POSTGRES;

const sql = (statement) => execFileSync('psql', ['--quiet', '--no-psqlrc', '--set=ON_ERROR_STOP=1', '--command', statement, server], {
  stdio: ['ignore', 'ignore', 'inherit'],
});

/** Creates it. @returns {{ url: string, drop: () => void }} */
export function createDatabase() {
  const name = `telemaque_e2e_${process.pid}`;
  sql(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}
