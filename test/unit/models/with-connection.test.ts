import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../src/core/base/errors.ts';
import { createConnectionStates } from '../../../src/core/models/connections/connection-states.ts';
import { createSecretKeyStore } from '../../../src/core/models/connections/keys.ts';
import { type ConnectionUse, withConnection } from '../../../src/core/models/connections/with-connection.ts';
import { errorOf, memorySecrets } from './fixtures.ts';

const KEY = 'sk-planted-0123456789';
const ORIGIN = 'https://llm.example.com';
const connection = { id: 'mine', type: 'openai-compatible' as const, source: 'workspace' as const, headers: {} };
const declared = { ...connection, baseUrl: `${ORIGIN}/v1` };

/** The context of a call, with one connection whose key is set; `opened` counts how often its provider was opened. */
async function use(over: Partial<ConnectionUse> = {}) {
  const keys = createSecretKeyStore(memorySecrets());
  await keys.setKey(declared, ORIGIN, KEY);
  const seen = { opened: 0 };
  const states = createConnectionStates(() => 1000);
  const all: ConnectionUse = {
    trusted: () => true,
    keys,
    directory: {
      load: async () => {},
      all: async () => [declared],
      find: async () => declared,
      problems: () => [],
    },
    providers: {
      async open() {
        seen.opened += 1;
        return { chat: { async *stream() {} }, listModels: async () => [{ id: 'm' }] };
      },
      forget() {},
    },
    states,
    ...over,
  };
  const state = () => states.of(declared, { kind: 'granted', apiKey: KEY, headers: {}, secrets: [KEY] });
  return { all, seen, state };
}

describe('a call through a connection', () => {
  it('loads the provider on request, and records that the connection answered', async () => {
    const { all, seen, state } = await use();
    const models = await withConnection(all, 'mine', async ({ provider }) => {
      expect(seen.opened).toBe(0);
      return (await provider()).listModels(new AbortController().signal);
    });
    expect(models).toEqual([{ id: 'm' }]);
    expect(state()).toEqual({ kind: 'ready', checkedAt: 1000 });
  });

  it('throws the call’s error without secrets, and records that the connection failed', async () => {
    const { all, state } = await use();
    const refused = new ProviderError(`The key ${KEY} is wrong.`, { code: 'auth', status: 401, retryable: false });
    const error = await errorOf(withConnection(all, 'mine', () => Promise.reject(refused)));
    expect(error).toMatchObject({ code: 'auth', status: 401 });
    expect(String(error)).not.toContain(KEY);
    expect(state()).toMatchObject({ kind: 'unreachable', error: { code: 'auth' } });
  });

  it('is rejected in an untrusted workspace, unless it sends nothing', async () => {
    const { all, seen } = await use({ trusted: () => false });
    const call = async () => 'called';
    expect(await errorOf(withConnection(all, 'mine', call))).toMatchObject({ code: 'untrusted' });
    expect(await withConnection(all, 'mine', call, { needsTrust: false })).toBe('called');
    expect(seen.opened).toBe(0);
  });

  it('is rejected with a key of another origin', async () => {
    const other = { ...declared, baseUrl: 'https://elsewhere.example.com/v1' };
    const directory = { load: async () => {}, all: async () => [other], find: async () => other, problems: () => [] };
    const { all } = await use({ directory });
    const error = await errorOf(withConnection(all, 'mine', async () => 'called'));
    expect(error).toMatchObject({ code: 'key-origin' });
  });
});
