// Builds all of dist/: node esbuild.config.mjs [--watch] [--no-minify]. What went into it is in dist/metafile.json.
import { globSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { joinChunks } from './test/bed/join-chunks.mjs';
import { lazyCjsImports } from './test/bed/lazy-cjs-imports.mjs';
import { tokenRanks } from './test/bed/token-ranks.mjs';
import { trimVertexProtos } from './test/bed/trim-vertex-protos.mjs';

const script = fileURLToPath(import.meta.url);
const root = path.dirname(script);

const { values } = parseArgs({
  strict: false,
  allowNegative: true,
  options: { watch: { type: 'boolean', default: false }, minify: { type: 'boolean' } },
});

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: values.minify ?? !values.watch,
  sourcemap: values.watch ? 'linked' : false,
  metafile: true,
  legalComments: 'none',
  logLevel: values.watch ? 'info' : 'warning',
  target: 'es2024',
};

/** Chunks land beside the entries, so `new URL('./store-worker.js', import.meta.url)` holds in every file. */
const node = {
  ...common,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  splitting: true,
  outdir: 'dist',
  chunkNames: '[name]-[hash]',
  // packages in CommonJS still call require for Node's own modules, and ask where they are; no import.meta.filename, since
  // the command line has to get as far as its own check of Node's version on Node 18
  banner: {
    js: [
      "import{createRequire as $require}from'node:module';import{dirname as $dirname}from'node:path';import{fileURLToPath as $path}from'node:url';",
      'const require=$require(import.meta.url),__filename=$path(import.meta.url),__dirname=$dirname(__filename);',
    ].join(''),
  },
};

const browser = {
  ...common,
  platform: 'browser',
  format: 'iife',
  outdir: 'dist/webview',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
};

const plugins = [lazyCjsImports(), tokenRanks(), trimVertexProtos()];

/** Each worker under the name of its folder: `src/core/store/worker.ts` becomes `store-worker.js`. */
const workers = globSync('src/**/worker.ts', { cwd: root }).map((file) => [
  `${path.basename(path.dirname(file))}-worker`,
  file.replaceAll(path.sep, '/'),
]);
/** Those that load packages of their own at run time; each of the others is one file, which starts sooner. */
const sharing = workers.filter(([name]) => ['import-worker', 'scoring-worker'].includes(name));

const cli = { llmops: 'src/cli/main.ts' };

export const builds = [
  // one build, so that the command line and the extension share their chunks
  {
    ...node,
    entryPoints: { extension: 'src/vscode/extension.ts', ...Object.fromEntries(sharing), ...cli },
    external: ['vscode'],
    plugins,
  },
  {
    ...node,
    entryPoints: Object.fromEntries(workers.filter((worker) => !sharing.includes(worker))),
    splitting: false,
  },
  // written nowhere: `vscode` is not external here, so a command line that imports it does not build
  { ...node, entryPoints: cli, write: false, plugins },
  {
    ...browser,
    entryPoints: {
      compare: 'webview/compare/main.tsx',
      evaluation: 'webview/evaluation/main.tsx',
      preview: 'webview/preview/main.tsx',
      report: 'webview/report/main.tsx',
      runs: 'webview/runs/main.tsx',
      codicon: '@vscode/codicons/dist/codicon.css',
    },
  },
  {
    ...node,
    entryPoints: ['test/host/**/*.test.ts', 'test/host/run.ts'],
    outdir: 'dist/test-host',
    packages: 'external',
    minify: false,
    sourcemap: 'inline',
  },
];

const ofExtension = (file, graph) => graph.reachedFrom('dist/extension.js').has(file);
const ofCommandLine = (file, graph) => !ofExtension(file, graph);
// what the command line itself loads must not make the extension load the command line
const ofCore = (file, graph) => ofExtension(file, graph) && !graph.loadedWith('src/cli/program.ts').includes(file);

/** Chunks that are loaded together; the last four are those of an evaluation on demo models. */
const groups = [
  {
    name: 'activation-core.js',
    entries: ['src/vscode/extension.ts'],
    has: (file, graph) => !graph.loadedWith(file).some(graph.importsVscode),
  },
  { name: 'activation.js', entries: ['src/vscode/extension.ts'] },
  {
    name: 'prompts.js',
    entries: ['src/core/prompts/load-prompt.ts', 'src/core/prompts/render/render.ts'],
    has: ofCore,
  },
  {
    name: 'evaluation.js',
    entries: [
      'src/cli/commands/eval/run-evaluations.ts',
      'src/core/config/read-yaml.ts',
      'src/core/evals/file/eval-file.ts',
      'src/core/evals/file/known-metrics.ts',
      'src/core/evals/metrics/text/comparisons.ts',
      'src/core/evals/plan/plan-evaluation.ts',
      'src/core/evals/report/json-report.ts',
      'src/core/evals/run/start-evaluation.ts',
      'src/core/models/catalogue/catalogue.ts',
      'src/core/models/demo/demo.ts',
      'src/core/models/prices/price-file.ts',
      'src/core/store/database/database-location.ts',
      'src/core/store/open-store.ts',
    ],
    has: ofCore,
  },
  { name: 'command-line.js', entries: ['src/cli/program.ts'], has: ofCommandLine },
  { name: 'eval-command.js', entries: ['src/cli/commands/eval/run-evaluations.ts'], has: ofCommandLine },
];

/** Files of an earlier build that this one did not write would be packaged with it. */
function removeStale(outputs) {
  const dist = path.join(root, 'dist');
  const written = new Set([...outputs].map((file) => path.resolve(root, file)));
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const file = path.resolve(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(file)) rmSync(file);
  }
}

async function watchAll() {
  const contexts = await Promise.all(builds.map((build) => esbuild.context(build)));
  // a first build of each, so that the line below (which .vscode/tasks.json waits for) means that all of dist/ is there
  await Promise.allSettled(contexts.map((context) => context.rebuild()));
  console.log('[watch] ready');
  await Promise.all(contexts.map((context) => context.watch()));
}

async function buildAll() {
  const results = await Promise.allSettled(builds.map((build) => esbuild.build(build)));
  if (results.some(({ status }) => status === 'rejected')) process.exit(1); // esbuild has said where
  const metafile = { inputs: {}, outputs: {} };
  for (const { value } of results.filter((_, index) => builds[index].write !== false)) {
    Object.assign(metafile.inputs, value.metafile.inputs);
    Object.assign(metafile.outputs, value.metafile.outputs);
  }
  writeFileSync(path.join(root, 'dist/metafile.json'), JSON.stringify(metafile));
  const written = await joinChunks(metafile.outputs, { ...node, groups });
  removeStale(['dist/metafile.json', ...written]);
}

if (process.argv[1] === script) await (values.watch ? watchAll() : buildAll());
