import path from 'node:path';
import * as esbuild from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

/** What esbuild reports about each output file, by path. */
type Outputs = esbuild.Metafile['outputs'];

const config = new URL('../../esbuild.config.mjs', import.meta.url);

/** Builds the extension like the project does, without writing anything. */
async function buildOutputs(): Promise<Outputs> {
  const { builds } = (await import(config.href)) as { builds: esbuild.BuildOptions[] };
  const [build] = builds;
  const result = await esbuild.build({ ...build, write: false, metafile: true, minify: true });
  return result.metafile.outputs;
}

/** The files that are loaded with an entry point, before any `import()` is reached. */
function loadedWith(outputs: Outputs, entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const { path: file, kind, external } of outputs[entry]?.imports ?? []) {
    if (kind === 'import-statement' && !external) loadedWith(outputs, file, seen);
  }
  return seen;
}

describe('the extension’s bundle', () => {
  let outputs: Outputs;
  let activation: Set<string>;

  beforeAll(async () => {
    outputs = await buildOutputs();
    activation = loadedWith(outputs, path.posix.join('dist', 'extension.js'));
  }, 60_000);

  it('loads no package at activation: no SDK, no YAML, no tokenizer', () => {
    const inputs = [...activation].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
    expect(inputs).toContain('src/vscode/extension.ts');
    expect(inputs.filter((file) => file.includes('node_modules'))).toEqual([]);
  });

  it('loads at most 150 KB at activation', () => {
    const bytes = [...activation].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
    expect(bytes).toBeLessThan(150_000);
  });

  it('loads no tokenizer for features that respond to typing', () => {
    const answering = ['diagnostics/check-prompt', 'completion/completion', 'navigation/semantic-tokens'];
    for (const name of [...answering, 'navigation/inlay-hints', 'navigation/hover']) {
      const source = `src/core/language/${name}.ts`;
      const entry = Object.entries(outputs).find(([, output]) => output.entryPoint === source)?.[0];
      expect(entry, source).toBeDefined();
      const inputs = [...loadedWith(outputs, entry ?? '')].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
      expect(inputs).toContain(source);
      expect(inputs.filter((file) => file.includes('gpt-tokenizer'))).toEqual([]);
    }
  });

  it('has a file for each encoding of the tokenizer, and neither loads the other', () => {
    for (const [own, other] of [
      ['o200k_base', 'cl100k_base'],
      ['cl100k_base', 'o200k_base'],
    ]) {
      const source = `node_modules/gpt-tokenizer/esm/encoding/${own}.js`;
      const entry = Object.entries(outputs).find(([, output]) => output.entryPoint === source)?.[0];
      expect(entry, source).toBeDefined();
      const inputs = [...loadedWith(outputs, entry ?? '')].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
      expect(inputs.some((file) => file.includes(`bpeRanks/${own}`))).toBe(true);
      expect(inputs.filter((file) => file.includes(`bpeRanks/${other}`))).toEqual([]);
    }
  });

  it('keeps each SDK separate from other providers', () => {
    const entryOf = (source: string) => {
      const found = Object.entries(outputs).find(([, output]) => output.entryPoint === source);
      if (!found) throw new Error(`${source} has no chunk of its own`);
      return found[0];
    };
    for (const source of [
      'src/core/models/openai/openai.ts',
      'src/core/models/anthropic/anthropic.ts',
      'src/core/models/vertexai/vertexai.ts',
    ]) {
      const inputs = [...loadedWith(outputs, entryOf(source))].flatMap((file) =>
        Object.keys(outputs[file]?.inputs ?? {}),
      );
      const sdks = inputs.filter((file) =>
        /node_modules\/(openai|@anthropic-ai|@google-cloud|google-gax|@grpc)\//.test(file),
      );
      expect(sdks, source).toEqual([]);
    }
  });
});
