import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll } from 'vitest';

function workerOf(folder: string): string {
  return fileURLToPath(new URL(`../../../src/core/evals/${folder}/worker.ts`, import.meta.url));
}

/** A program of this folder with its workers beside it, as the command line is built. */
export async function buildProgram(name: string): Promise<string> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'llmops-eval-process-'));
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));
  await build({
    entryPoints: {
      [name]: fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
      ...Object.fromEntries(['aggregate', 'scoring'].map((room) => [`${room}-worker`, workerOf(room)])),
    },
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
  });
  writeFileSync(path.join(outdir, 'package.json'), '{"type":"module"}');
  return path.join(outdir, `${name}.js`);
}
