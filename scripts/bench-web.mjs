// The figures of what is served: the REST interface by a token, pages by a session, on a running `telemaque serve`.
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** Starts `serve` on a data folder and waits until it answers. */
export async function serve(binary, data, running) {
  const port = 20000 + Math.floor(Math.random() * 20000);
  const child = spawn(binary, ['serve', '--data', data, '--port', String(port)], { stdio: 'ignore' });
  running.add(child);
  const address = `http://127.0.0.1:${port}`;
  for (;;) {
    if (await fetch(`${address}/sante`).then((r) => r.ok, () => false)) return { child, address };
    if (child.exitCode !== null) throw new Error('serve stopped');
    await pause(5);
  }
}

/** Signs in as a person would, and gives the cookie of the session. */
async function session(binary, data, address) {
  const password = 'quatre chevaux bruns';
  execFileSync(binary, ['compte', 'creer', 'mesure', '--role', 'informatique', '--data', data, '--mot-de-passe-stdin'],
    { input: `${password}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
  const form = await fetch(`${address}/connexion`);
  const cookies = form.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const csrf = /name="_csrf" value="([^"]+)"/.exec(await form.text())?.[1];
  const entered = await fetch(`${address}/connexion`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ _csrf: csrf, identifiant: 'mesure', mot_de_passe: password }),
  });
  const opened = entered.headers.getSetCookie().map((c) => c.split(';')[0]).filter((c) => /session/.test(c));
  if (opened.length !== 1) throw new Error(`sign-in: ${entered.status}`);
  return opened[0];
}

/** Everything that is measured of a served university of 60,000 elements. `say` records a figure; `memory` reads that of a process. */
export async function web({ binary, generator, data, running, say, memory }) {
  const { child, address } = await serve(binary, data, running);
  const made = execFileSync(binary, ['jeton', 'creer', 'mesure', '--droits', 'maquette:lire', '--json', '--data', data]).toString();
  const secret = JSON.parse(made.trim().split('\n').pop()).secret;
  const token = ['--entete', `Authorization: Bearer ${secret}`];
  const load = (args, ...urls) =>
    JSON.parse(execFileSync(generator, [...args, ...urls.map((u) => address + u)]).toString());
  const rate = (m) => `${m.par_seconde} a second, p99 ${m.p99_ms.toFixed(1)} ms`;
  const get = async (path) => (await fetch(address + path, { headers: { authorization: `Bearer ${secret}` } })).json();

  // Sixteen trees, of different sizes, each asked in turn by every connection.
  const etapes = (await get('/api/v1/maquette/etapes?taille=500')).elements;
  const trees = Array.from({ length: 16 }, (_, i) => etapes[Math.floor((i * etapes.length) / 16)].arbre);
  const sizes = await Promise.all(trees.map(async (t) => JSON.stringify(await get(t)).length));
  const mean = Math.round(sizes.reduce((a, b) => a + b) / sizes.length / 100) / 10;
  await pause(300); // what was built is being written
  const read = load(['--connexions', '16', ...token], ...trees);
  say('Tree as JSON, read from the database, 16 connections', '≥ 6,000/s', rate(read), `${mean} kB on average`);
  const unchanged = load(['--connexions', '16', '--revalider', '--statut', '304', ...token], ...trees);
  say('The same, unchanged (304)', '≥ 15,000/s', rate(unchanged));

  // Searches that nobody has made before: a total once counted is kept until something changes, and would flatter the figure.
  const words = ['droit', 'analyse', 'projet', 'histoire', 'stage', 'anglais', 'de', 'xyz'];
  const searches = (base) => Array.from({ length: 1200 }, (_, i) =>
    `${base}?recherche=${words[i % 8]}+${Math.floor(i / 8)}${i % 2 ? '&nature=UE' : ''}`);
  const cookie = ['--entete', `Cookie: ${await session(binary, data, address)}`];
  const elements = load(['--connexions', '2', ...token], ...searches('/api/v1/maquette/elements'));
  say('Element list searched over 60,000, REST, 2 connections', 'p99 < 50 ms', rate(elements));
  const page = load(['--connexions', '2', ...cookie], ...searches('/maquette/elements'));
  say('The same as a page', 'p99 < 50 ms', rate(page));

  const pages = trees.map((t) => t.replace('/api/v1', '').replace(/\/arbre.*/, ''));
  const codes = (await get('/api/v1/maquette/elements?taille=200')).elements.map((e) => `/maquette/elements/${encodeURIComponent(e.code)}`);
  say('Logged-in page: list of étapes, 8 connections', '≥ 1,500/s, p99 < 30 ms', rate(load(['--connexions', '8', ...cookie], '/maquette/etapes')));
  say('Logged-in page: an element', '≥ 1,500/s, p99 < 30 ms', rate(load(['--connexions', '8', ...cookie], ...codes)));
  say('Logged-in page: an étape with its tree', '', rate(load(['--connexions', '8', ...cookie], ...pages)));

  const before = memory(child.pid).now;
  const begun = process.hrtime.bigint();
  const file = await fetch(`${address}/maquette/elements?export=xlsx`, { headers: { cookie: cookie[1].slice(8) } });
  let bytes = 0;
  for await (const chunk of file.body) bytes += chunk.length;
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  if (!file.ok) throw new Error(`export: ${file.status}`);
  say('Export of 60,000 elements as XLSX', '< 5 s, flat memory', `${seconds.toFixed(1)} s`,
    `${(bytes / 1e6).toFixed(1)} MB; memory ${before.toFixed(0)} → peak ${memory(child.pid).peak.toFixed(0)} MB`);
  return child;
}
