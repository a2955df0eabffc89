import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toErrorInfo } from '../../src/core/base/errors.ts';
import { diskFiles } from '../../src/core/base/files/disk-files.ts';
import { createNetwork } from '../../src/core/base/network/network.ts';
import { DEFAULT_SETTINGS } from '../../src/core/base/settings.ts';
import { createWorkbench, type Workbench } from '../../src/core/workbench.ts';
import { CompareSession } from '../../src/panels/compare/compare-session.ts';
import type { CompareSnapshot } from '../../src/protocol/compare.ts';
import { buildWorker } from '../integration/store/build-worker.ts';
import { memorySecrets } from '../unit/models/fixtures.ts';
import { LEAKS, type LeakyServer, startLeakyServer } from './leaky-server.ts';

/** A key for each connection that has one, none in a known format. */
const KEYS: Record<string, string> = {
  'my-openai': 'planted+openai/0123456789=ABCDEF',
  'my-anthropic': 'planted+anthro/abcdef0123456=789',
  'my-azure': 'planted+azure&/987654321%0FEDCBA',
  'my-google': 'planted+google/a1b2c3d4e5=f6g7h8',
  'my-server': 'planted+server/Z9Y8X7W6V5=U4T3S2',
};
const GATE = 'planted~gate"way\\0011223344556677';
const PLANTED = [...Object.values(KEYS), GATE];
const TYPES: Record<string, string> = {
  'my-openai': 'openai',
  'my-anthropic': 'anthropic',
  'my-azure': 'azure-openai',
  'my-google': 'googleai',
  'my-server': 'openai-compatible',
};
const REFS = Object.keys(KEYS).map((id) => `${id}/m`);
const WINDOW = 12;

/** Every part of a key, as it is and in all transmitted encodings. */
function piecesOf(key: string): string[] {
  const packed = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(key)]).toString('base64');
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  const lower = encodeURIComponent(key).replace(/%../g, (code) => code.toLowerCase());
  const forms = [key, encodeURIComponent(key), lower, JSON.stringify(key).slice(1, -1), ...packed];
  return forms.flatMap((form) =>
    Array.from({ length: form.length - WINDOW + 1 }, (_, at) => form.slice(at, at + WINDOW)),
  );
}
const PIECES = [...new Set(PLANTED.flatMap(piecesOf))];

function findLeaks(text: string): string[] {
  return PIECES.filter((piece) => text.includes(piece));
}

let server: LeakyServer;
let folder: string;
let workbench: Workbench;
/** Everything that could be seen, stored or copied: log lines, messages to the panel, errors, lists, code. */
const shown: string[] = [];
const show = (what: string, value: unknown) =>
  shown.push(`${what}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
/** An error with everything that a log might print. */
const showError = (what: string, error: unknown) => {
  show(what, toErrorInfo(error));
  show(what, inspect(error, { depth: 3 }));
};
const log = {
  debug: (message: string) => void show('log', message),
  info: (message: string) => void show('log', message),
  warn: (message: string) => void show('log', message),
  error: (message: string, error?: unknown) => void show('log', `${message} ${inspect(error)}`),
};

const worker = await buildWorker(new URL('../../src/core/store/worker.ts', import.meta.url));

beforeAll(async () => {
  server = await startLeakyServer();
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-planted-'));
  mkdirSync(path.join(folder, 'llmops'));
  const declarations = Object.entries(TYPES).map(
    ([id, type]) =>
      `${id}:\n  type: ${type}\n  baseUrl: ${server.url}/v1\n  apiKeyEnv: KEY\n  headers: { x-gate: 'token \${secret:gate}' }\n  models: [m]\n`,
  );
  writeFileSync(path.join(folder, 'llmops/connections.yaml'), declarations.join(''));
  const settings = { ...DEFAULT_SETTINGS, discoverOllama: false, maxRetries: 0, timeoutMs: 10_000 };
  workbench = createWorkbench({
    folder,
    trusted: () => true,
    settings: () => settings,
    files: diskFiles,
    secrets: memorySecrets(),
    env: {},
    log,
    now: Date.now,
    network: async () => createNetwork({ systemCa: false, strictSsl: true, env: {} }),
    modelCache: { get: async () => undefined, set: async (key, value) => void show(`cache ${key}`, value) },
    storeWorkerUrl: worker,
    windowId: 'planted',
  });
  for (const [id, key] of Object.entries(KEYS)) {
    await workbench.models.setKey(id, key);
    await workbench.models.setSecret(id, 'gate', GATE);
  }
});
afterAll(async () => {
  await workbench.dispose();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

async function openSession(): Promise<CompareSession> {
  const text = `---\nmodel: ${REFS[0]}\nllmops.models: [${REFS.join(', ')}]\n---\nHello\n`;
  return CompareSession.create({
    workbench,
    source: { path: path.join(folder, 'p.prompt'), label: 'p.prompt', dirty: false, text },
    models: undefined,
    settings: () => ({ ...DEFAULT_SETTINGS }),
    log,
    send: (seq, events) => void show(`message ${seq}`, events),
    onRunsChanged: () => undefined,
  });
}

async function finish(session: CompareSession): Promise<CompareSnapshot> {
  while (session.running) await new Promise((resolve) => setTimeout(resolve, 10));
  return session.snapshot();
}

describe('a server that returns the keys', () => {
  it.each(LEAKS)('%s: they are shown and stored nowhere', async (leak) => {
    server.leak = leak;
    server.seen.clear();
    shown.length = 0;
    const session = await openSession();
    await session.start();
    const snapshot = await finish(session);
    show('snapshot', snapshot);
    // Every key was sent: those that are not found below were removed, not missed.
    expect([...server.seen].sort()).toEqual([...PLANTED].sort());
    const isAnswer = leak.startsWith('in an answer');
    for (const { model, runs } of snapshot.columns) {
      expect(runs[0]?.state, `${model}: ${runs[0]?.error?.message}`).toBe(isAnswer ? 'done' : 'failed');
      if (isAnswer) expect(runs[0]?.text, model).toMatch(/^You sent .*\[removed\]/);
      if (leak.includes('reasoning between')) expect(runs[0]?.reasoning, model).toContain('hm. hm. ');
    }
    const { store } = workbench;
    for (const { id } of await store.runs.list({ limit: 100 })) show('run', await store.runs.get(id));
    show('found', await store.runs.list({ limit: 100, filter: { search: 'planted' } }));
    session.dispose();
    expect(findLeaks(shown.join('\n'))).toEqual([]);
  });

  it('does not show them in a list, state, test or count', async () => {
    shown.length = 0;
    for (const id of Object.keys(KEYS)) {
      const list = await workbench.models.listModels(id, { refresh: true });
      expect(list.models.map((model) => model.id)).toEqual(['m']);
      show('list', list);
      await workbench.models.test(id, AbortSignal.timeout(10_000)).catch((error) => showError('test', error));
      const error = await workbench.models.setKey(id, `${KEYS[id]}\n`.repeat(2)).catch((refused: unknown) => refused);
      showError('refused key', error);
    }
    show('connections', await workbench.models.connections());
    show('problems', workbench.models.problems());
    expect(findLeaks(shown.join('\n'))).toEqual([]);
  });

  it('does not show them in a request that is copied as code', async () => {
    shown.length = 0;
    const session = await openSession();
    for (const { id } of session.snapshot().columns) {
      for (const language of ['curl', 'python', 'typescript'] as const) {
        show(language, await workbench.runs.asCode(await session.specOf(id), language));
      }
    }
    session.dispose();
    expect(shown.filter((text) => /^(curl|python|typescript): /.test(text))).toHaveLength(15);
    expect(findLeaks(shown.join('\n'))).toEqual([]);
  });

  it('does not receive them at another address, and the error does not contain them', async () => {
    shown.length = 0;
    const file = path.join(folder, 'llmops/connections.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll(server.url, 'https://elsewhere.example'));
    await workbench.models.reload();
    for (const ref of REFS) {
      const [connection = '', model = ''] = ref.split('/');
      const error = await workbench.models.chat({ connection, model }).catch((refused: unknown) => refused);
      expect(error).toMatchObject({ code: 'key-origin' });
      showError(ref, error);
    }
    writeFileSync(file, text);
    await workbench.models.reload();
    expect(findLeaks(shown.join('\n'))).toEqual([]);
  });

  it('does not put them into any byte of the database, including its log', async () => {
    const database = path.join(folder, '.llmops');
    const leaksOnDisk = () =>
      readdirSync(database).flatMap((name) => findLeaks(readFileSync(path.join(database, name), 'latin1')));
    expect(readdirSync(database)).toEqual(expect.arrayContaining(['llmops.db', 'llmops.db-wal']));
    expect(leaksOnDisk()).toEqual([]);
    await workbench.dispose();
    expect(readFileSync(path.join(database, 'llmops.db')).length).toBeGreaterThan(50_000);
    expect(leaksOnDisk()).toEqual([]);
  });
});
