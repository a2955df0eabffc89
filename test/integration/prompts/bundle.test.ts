import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

// CommonJS libraries have another shape in a bundle than in Node; only running it shows whether it works.
it('parses, validates and renders from a bundle like from source', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const root = join(import.meta.dirname, '../../../src/core/prompts');
    await build({
      entryPoints: ['parse', 'render/render', 'schema/check-output'].map((name) => join(root, `${name}.ts`)),
      bundle: true,
      platform: 'node',
      format: 'esm',
      splitting: true,
      outdir: folder,
      banner: {
        js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
      },
      logLevel: 'silent',
    });
    const load = async (name: string) => (await import(pathToFileURL(join(folder, `${name}.js`)).href)) as object;
    const { parsePrompt } = (await load('parse')) as typeof import('../../../src/core/prompts/parse.ts');
    const { renderPrompt } = (await load(
      'render/render',
    )) as typeof import('../../../src/core/prompts/render/render.ts');
    const { checkOutput } = (await load(
      'schema/check-output',
    )) as typeof import('../../../src/core/prompts/schema/check-output.ts');
    const { prompt } = parsePrompt('---\ninput:\n  schema: {x: string}\n---\n{{role "system"}}{{> p}}');
    const env = { partials: async () => 'Say {{json x}}', workspaceRoots: [], promptDir: undefined };
    expect((await renderPrompt(prompt, { input: { x: 'y' } }, env)).messages).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Say "y"' }] },
    ]);
    await expect(renderPrompt(prompt, { input: {} }, env)).rejects.toThrow('does not match the schema: x is missing');
    expect(await checkOutput({ type: 'object' }, '[]')).toEqual({
      valid: false,
      problems: ['$ must be a map, not a list'],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
