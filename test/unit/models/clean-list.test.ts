import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../src/core/base/errors.ts';
import { createRedactor } from '../../../src/core/base/secrets/redact.ts';
import { cleanList } from '../../../src/core/models/transport/structured/clean-list.ts';
import { fakeProvider, makeRegistry, readStream } from './fixtures.ts';

const KEY = 'planted-key-0123456789';
const REQUEST = { model: 'm', messages: [], parameters: {} };
const never = new AbortController().signal;
const { removeSecrets } = createRedactor([KEY]);

describe('the model list of a server', () => {
  it('keeps every readable id unchanged', () => {
    const models = [{ id: 'org/llama-3:8b@2025', contextWindow: 8 }, { id: 'モデル' }];
    expect(cleanList(models, removeSecrets)).toEqual({ models, omitted: 0 });
  });

  it('leaves out ids with a secret, with invisible characters, or of unlimited length', () => {
    const ids = [`m-${KEY}`, 'a\u001b[2Jb', 'a\nb', 'a\u202eb', 'a\u200bb', '', 'x'.repeat(300)];
    const bad = ids.map((id) => ({ id }));
    expect(cleanList([...bad, { id: 'm' }, { id: 'm' }], removeSecrets)).toEqual({ models: [{ id: 'm' }], omitted: 7 });
    const many = Array.from({ length: 9000 }, (_, n) => ({ id: `m${n}` }));
    expect(cleanList(many, removeSecrets)).toMatchObject({ models: { length: 5000 }, omitted: 4000 });
  });

  it('ignores impossible context windows', () => {
    for (const wrong of [-5, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2 ** 53, '8' as never, {} as never]) {
      const list = cleanList([{ id: 'm', contextWindow: wrong, maxOutputTokens: wrong }], removeSecrets);
      expect(list.models).toEqual([{ id: 'm' }]);
    }
    const fine = [{ id: 'm', contextWindow: 1, maxOutputTokens: 10_000_000 }];
    expect(cleanList(fine, removeSecrets).models).toEqual(fine);
  });

  it('cleans names, and ignores invalid dates', () => {
    const model = { id: 'm', displayName: `A\u0007 ${KEY}`, sunsetDate: '<b>soon', createdAt: KEY, baseModel: KEY };
    expect(cleanList([model], removeSecrets).models).toEqual([{ id: 'm', displayName: 'A  [removed]' }]);
  });

  it('is cleaned before it is shown or cached', async () => {
    const cached: unknown[] = [];
    const provider = fakeProvider({ models: [{ id: KEY }, { id: 'm', displayName: KEY }] });
    const cache = { get: async () => undefined, set: async (_: string, value: unknown) => void cached.push(value) };
    const { models } = makeRegistry({ provider, ports: { cache } });
    await models.setKey('openai', KEY);
    const list = await models.listModels('openai');
    expect(list.models.map(({ id }) => id)).toEqual(['m']);
    expect(JSON.stringify([list, cached])).not.toContain(KEY);
  });
});

describe('token counts of a server', () => {
  it('are used only if they are valid counts', async () => {
    const usage = { inputTokens: KEY as never, outputTokens: 7, cacheReadTokens: -1 };
    const provider = fakeProvider({ events: [{ type: 'usage', usage }] });
    const { models } = makeRegistry({ provider });
    await models.setKey('openai', KEY);
    const chat = await models.chat({ connection: 'openai', model: 'm' });
    const { events } = await readStream(chat.stream(REQUEST, never));
    expect(events).toEqual([{ type: 'usage', usage: { outputTokens: 7 } }]);
  });
});

describe('an error with a secret', () => {
  it('is cleaned before it becomes the state of its connection', async () => {
    const failure = new ProviderError(`refused ${KEY}`, { code: 'auth', status: 401, retryable: false });
    const { models } = makeRegistry({ provider: fakeProvider({ streamError: failure }) });
    await models.setKey('openai', KEY);
    const chat = await models.chat({ connection: 'openai', model: 'm' });
    await readStream(chat.stream(REQUEST, never));
    const { state } = await models.connection('openai');
    expect(state).toMatchObject({ kind: 'unreachable', error: { message: 'refused [removed]' } });
  });
});
