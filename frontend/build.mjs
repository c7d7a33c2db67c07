// Builds dist/: one stylesheet, one script, one icon sprite, the fonts, each named by its content, and
// manifest.json (logical name → file name), which platform/web reads. A second or two, no network.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import postcss from 'postcss';
import { ICONS } from './src/icons.mjs';

const out = new URL('./dist/', import.meta.url);
const from = (path) => new URL(path, import.meta.url);
const read = (path) => readFile(from(path), 'utf8');
const manifest = {};

/** Writes `content` as stem-HASH.ext, with a gzip twin for what compresses, and records it. */
async function emit(name, content, { compress = true } = {}) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const dot = name.lastIndexOf('.');
  const file = `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
  await writeFile(new URL(file, out), content);
  if (compress) await writeFile(new URL(`${file}.gz`, out), gzipSync(content, { level: 9 }));
  manifest[name] = file;
  return file;
}

// Parts of Tabler that no page of ours may use: widgets that need somebody else's script, and decoration.
const UNUSED = new RegExp(
  String.raw`\.(apexcharts|tom-select|ts-|dropzone|litepicker|jsvectormap|plyr|fslightbox|tox|noUi|gl-star|clr-|turbo|fc|fc-|` +
    String.raw`carousel|avatar-cover|ribbon|signature|typed|stars|chat|mention|otp|sortable|marketing|flag|payment|` +
    String.raw`navbar-overlap|bg-pattern|shape|tracking|hexagon|dropdown-menu-demo|browser|countup|img-responsive|` +
    String.raw`(bg|text|btn|btn-outline|btn-ghost|border|link|tag|badge|ribbon)-(facebook|twitter|x|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler|gradient)\b)`,
);

/** Drops unused selectors, and makes the few rules Tabler keys on an attribute follow the system as well. */
const slim = {
  postcssPlugin: 'telemaque-slim',
  Once(root) {
    root.walkRules((rule) => {
      if (rule.parent.type === 'atrule' && /keyframes/.test(rule.parent.name)) return;
      const kept = rule.selectors.filter((s) => !UNUSED.test(s) && !/data-bs-navbar-theme|\.theme-dark|data-theme|rtl|\[dir=/.test(s));
      if (kept.length === 0) return rule.remove();
      rule.selectors = kept;
      const dark = kept.filter((s) => s.includes('[data-bs-theme=dark]') && !s.includes('body'));
      if (dark.length === 0 || rule.parent.name === 'media') return;
      const twin = rule.clone({ selectors: dark.map((s) => s.replace('[data-bs-theme=dark]', ':root:not([data-bs-theme])')) });
      const media = postcss.atRule({ name: 'media', params: '(prefers-color-scheme: dark)' });
      media.append(twin);
      rule.after(media);
    });
    root.walkAtRules('media', (media) => { if (!media.nodes?.length) media.remove(); });
  },
};

async function fonts() {
  const source = await read('./node_modules/@fontsource-variable/source-sans-3/index.css');
  let css = source.replaceAll('Source Sans 3 Variable', 'Source Sans 3').replace(/\/\*.*?\*\//g, '');
  for (const [whole, name] of source.matchAll(/\.\/files\/([\w-]+\.woff2)/g)) {
    const bytes = await readFile(from(`./node_modules/@fontsource-variable/source-sans-3/files/${name}`));
    css = css.replace(whole, await emit(name, bytes, { compress: false }));
  }
  return css;
}

async function sprite() {
  const symbols = [];
  for (const name of ICONS) {
    const svg = await read(`./node_modules/@tabler/icons/icons/outline/${name}.svg`);
    const body = svg.replace(/^[\s\S]*?<svg[\s\S]*?>|<\/svg>\s*$/g, '').replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, '');
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, ' ').trim()}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const tabler = await read('./node_modules/@tabler/core/dist/css/tabler.css');
const slimmed = await postcss([slim]).process(tabler.replace(/\/\*#.*?\*\//g, ''), { from: undefined });
const theme = await Promise.all(['theme', 'shell', 'composants', 'arbre', 'chemin', 'comptes', 'jetons', 'administration', 'examens', 'examens-reglages', 'examens-etudiant', 'manuel', 'impression'].map((part) => read(`./src/${part}.css`)));
const css = [await fonts(), slimmed.css, ...theme].join('\n').replaceAll('@charset "UTF-8";', '');
await emit('telemaque.css', (await esbuild.transform(css, { loader: 'css', minify: true, legalComments: 'inline' })).code);

const own = await esbuild.build({ entryPoints: [from('./src/telemaque.js').pathname], bundle: true, minify: true, format: 'iife', target: 'es2022', write: false });
const htmx = (await read('./node_modules/htmx.org/dist/htmx.min.js')).replace(/\/\/# sourceMappingURL.*$/m, '');
await emit('telemaque.js', `${htmx}\n${own.outputFiles[0].text}`);

await emit('icones.svg', await sprite());
await emit('favicon.svg', await read('./src/favicon.svg'));
await writeFile(new URL('manifest.json', out), JSON.stringify(manifest, null, 2));
for (const [name, file] of Object.entries(manifest)) if (!name.endsWith('woff2')) console.log(`${name} → ${file}`);
