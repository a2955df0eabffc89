import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll } from 'vitest';

/**
 * Bundles a worker like the build does, for the tests of one file. Stripping the types of its source in each new thread
 * would take most of a test's time.
 */
export async function buildWorker(source: URL): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), 'llmops-store-worker-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'store-worker.mjs');
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return pathToFileURL(outfile);
}
