// Builds all of dist/: node esbuild.config.mjs [--watch] [--no-minify]. What went into it is in dist/metafile.json.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';

const { values } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    minify: { type: 'boolean' },
  },
  allowNegative: true,
});

process.chdir(fileURLToPath(new URL('.', import.meta.url)));

const common = {
  bundle: true,
  minify: values.minify ?? !values.watch,
  sourcemap: values.watch ? 'linked' : false,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
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
  // packages in CommonJS still call require for Node's own modules
  banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
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

const trim = 'test/bed/trim-vertex-protos.mjs';
const plugins = existsSync(trim) ? [(await import(`./${trim}`)).trimVertexProtos()] : [];

const builds = [
  {
    ...node,
    entryPoints: { extension: 'src/vscode/extension.ts', 'store-worker': 'src/core/store/worker.ts' },
    external: ['vscode'],
    plugins,
  },
  // `vscode` is not external here: a CLI that imports it does not build
  {
    ...node,
    entryPoints: { llmops: 'src/cli/main.ts' },
    banner: { js: `#!/usr/bin/env node\n${node.banner.js}` },
    plugins,
  },
  { ...browser, entryPoints: { compare: 'webview/compare/main.tsx', codicon: '@vscode/codicons/dist/codicon.css' } },
  {
    ...node,
    entryPoints: ['test/host/**/*.test.ts', 'test/host/run.ts'],
    outdir: 'dist/test-host',
    packages: 'external',
    minify: false,
    sourcemap: 'inline',
  },
];

// parts that are being written are left out until they are there
for (const build of builds) {
  if (Array.isArray(build.entryPoints)) continue;
  const there = ([, file]) => file.startsWith('@') || existsSync(file);
  build.entryPoints = Object.fromEntries(Object.entries(build.entryPoints).filter(there));
}

/** Files of an earlier build that this one did not write would be packaged with it. */
function removeStale(outputs) {
  const written = new Set([...outputs].map((file) => path.resolve(file)));
  for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
    const file = path.resolve(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(file)) rmSync(file);
  }
}

if (values.watch) {
  await Promise.all(builds.map(async (build) => (await esbuild.context({ ...build, logLevel: 'info' })).watch()));
} else {
  const results = await Promise.all(builds.map((build) => esbuild.build(build)));
  const metafile = { inputs: {}, outputs: {} };
  for (const result of results) {
    Object.assign(metafile.inputs, result.metafile.inputs);
    Object.assign(metafile.outputs, result.metafile.outputs);
  }
  writeFileSync('dist/metafile.json', JSON.stringify(metafile));
  removeStale(['dist/metafile.json', ...Object.keys(metafile.outputs)]);
}
