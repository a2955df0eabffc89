import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVertexServer, type VertexServer } from './vertex-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LARGEST_BYTES = 2_500_000;

/** Runs in a separate Node process, from the bundle alone. */
const PROGRAM = `
import { createVertexAiProvider, createNetwork } from './provider.js';
const network = createNetwork({ systemCa: false, strictSsl: true, env: {} });
const connection = { id: 'v', type: 'vertexai', source: 'settings', headers: {}, baseUrl: process.argv[2], project: 'p', location: 'global' };
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const provider = createVertexAiProvider({ connection, headers: {}, fetch: network.fetch, network: network.options, timeoutMs: 10000, maxRetries: 0, log });
const { signal } = new AbortController();
const messages = [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }];
const found = { answers: [] };
for (const model of ['gemini-2.5-flash', 'claude-sonnet-5-5', 'meta/llama-4']) {
  let text = '';
  for await (const event of provider.chat.stream({ model, messages, parameters: {} }, signal)) {
    if (event.type === 'text-delta') text += event.text;
  }
  found.answers.push(text);
}
found.tokens = await provider.chat.countTokens({ model: 'gemini-2.5-flash', messages, parameters: {} }, signal);
found.models = (await provider.listModels(signal)).length;
try {
  for await (const _ of provider.chat.stream({ model: 'fail', messages, parameters: {} }, signal));
} catch (error) {
  found.error = { code: error.code, retryAfterMs: error.retryAfterMs };
}
const google = { ...connection, baseUrl: 'https://aiplatform.googleapis.com' };
const strange = createVertexAiProvider({ connection: google, headers: {}, fetch: network.fetch, network: network.options, timeoutMs: 10000, maxRetries: 0, log });
found.login = await strange.chat.countTokens({ model: 'gemini-2.5-flash', messages, parameters: {} }, signal).catch((error) => error.message);
console.log(JSON.stringify(found));
`;

describe('the Vertex AI provider as it is shipped', () => {
  let server: VertexServer;
  let folder: string;
  let metafile: Metafile;

  beforeAll(async () => {
    server = await startVertexServer();
    const limited = { status: 429, grpc: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded', retryAfterMs: 1500 };
    server.reply(({ model }) => (model.endsWith('fail') ? { error: limited } : undefined));
    // Outside the checkout, so that nothing can be found in node_modules.
    folder = mkdtempSync(path.join(tmpdir(), 'llmops-bundle-'));
    const config: { builds: BuildOptions[] } = await import(pathToFileURL(path.join(root, 'esbuild.config.mjs')).href);
    const [extension] = config.builds;
    const contents = ['models/vertexai/vertexai.ts', 'base/network/network.ts']
      .map((file) => `export * from './src/core/${file}';`)
      .join('\n');
    const result = await build({
      ...extension,
      entryPoints: undefined,
      stdin: { contents, resolveDir: root, loader: 'ts', sourcefile: 'provider.ts' },
      outdir: folder,
      entryNames: 'provider',
      metafile: true,
    } as BuildOptions);
    metafile = result.metafile ?? { inputs: {}, outputs: {} };
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(path.join(folder, 'program.js'), PROGRAM);
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('reaches every kind of model from the bundle alone, and lets the process end', async () => {
    // No login of the user who runs the tests can be found from this environment.
    const env = { PATH: process.env.PATH, METADATA_SERVER_DETECTION: 'none', HOME: folder, APPDATA: folder };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['program.js', server.url], {
      cwd: folder,
      env,
    });

    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      answers: ['Answer of gemini-2.5-flash.', 'Answer of claude-sonnet-5-5.', 'Answer of meta/llama-4.'],
      tokens: 11,
      models: 3,
      error: { code: 'rate-limit', retryAfterMs: 1500 },
      login: 'v: no application-default credentials were found.',
    });
  });

  it('contains the gRPC client in a few chunks, none of them large, and only the used protos', () => {
    const sizes = Object.entries(metafile.outputs).map(([file, { bytes, inputs }]) => ({
      file,
      bytes,
      vertex: Object.keys(inputs).some((input) => /node_modules\/(@google-cloud|google-gax|@grpc)\//.test(input)),
    }));
    const total = sizes.filter(({ vertex }) => vertex).reduce((sum, { bytes }) => sum + bytes, 0);
    const protos = Object.values(metafile.outputs)
      .flatMap(({ inputs }) => Object.entries(inputs))
      .find(([input]) => input.endsWith('aiplatform/build/protos/protos.json'));

    expect(total).toBeGreaterThan(100_000);
    expect(total).toBeLessThan(LARGEST_BYTES);
    expect(protos?.[1].bytesInOutput).toBeLessThan(200_000);
  });

  it('loads nothing of it before the first request', () => {
    const entry = readFileSync(path.join(folder, 'provider.js'), 'utf8');

    expect(statSync(path.join(folder, 'provider.js')).size).toBeLessThan(100_000);
    expect(entry).not.toContain('x-goog-request-params');
  });
});
