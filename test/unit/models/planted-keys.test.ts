import { describe, expect, test } from 'vitest';
import { ProviderError, toErrorInfo } from '../../../src/core/base/errors.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/base/settings.ts';
import { errorOf, fakeProvider, makeRegistry, readStream } from './fixtures.ts';

const KEY = 'planted-key-0123456789';
const GATE = 'planted-gate-9876543210';
const YAML = `
x:
  type: openai
  baseUrl: https://llm.example/v1
  apiKey: ${KEY}
  headers:
    X-Gate: token \${secret:gate}
    Authorization-Copy: Bearer ${KEY}
y:
  type: openai
  baseUrl: https://me:${KEY}@llm.example/v1
`;
const REQUEST = { model: 'm', messages: [], parameters: {} };
const never = new AbortController().signal;

describe('planted keys', () => {
  test('never appear: not in errors, problems, log lines, states, lists or the cache', async () => {
    const cached: unknown[] = [];
    const shown: unknown[] = [];
    const provider = fakeProvider();
    const { models, log, current } = makeRegistry({
      yaml: YAML,
      provider,
      ports: {
        cache: { get: async () => undefined, set: async (key, value) => void cached.push(key, value) },
      },
    });
    await models.setKey('x', KEY);
    await models.setSecret('x', 'gate', GATE);

    provider.models = [{ id: 'm' }];
    shown.push(await models.listModels('x'), await models.test('x', never), await models.modelInfo('x/m'));
    const context = provider.contexts[0];
    expect(context).toMatchObject({ apiKey: KEY, headers: { 'X-Gate': `token ${GATE}` } });
    context?.log.warn(`sent ${KEY} and token ${GATE}`);
    context?.log.error('failed', new Error(`with ${KEY}`));

    for (const failure of [
      new Error(`TypeError near ${KEY} and ${GATE}`),
      new ProviderError(`refused ${KEY}`, { code: 'auth', hint: `check ${GATE}`, status: 401, retryable: false }),
      new ProviderError(`no model for ${KEY}`, { code: 'model-not-found', status: 404, retryable: false }),
    ]) {
      provider.streamError = failure;
      provider.listError = failure;
      const chat = await models.chat({ connection: 'x', model: 'm' });
      const { error } = await readStream(chat.stream(REQUEST, never));
      const tested = await errorOf(models.test('x', never));
      for (const thrown of [error, tested]) shown.push(toErrorInfo(thrown), (thrown as Error).stack);
      shown.push(await models.listModels('x', { refresh: true }));
    }

    current.settings = {
      ...DEFAULT_SETTINGS,
      discoverOllama: false,
      connections: { x: { baseUrl: 'https://evil.example' } },
    };
    await models.reload();
    shown.push(toErrorInfo(await errorOf(models.chat({ connection: 'x', model: 'm' }))));
    shown.push(toErrorInfo(await errorOf(models.setKey('x', `${KEY}\n${KEY}`))));
    shown.push(await models.connections(), models.problems());

    const everything = JSON.stringify([shown, cached, log.lines]);
    expect(everything).not.toContain(KEY);
    expect(everything).not.toContain(GATE);
    expect(cached.length).toBeGreaterThan(0);
    expect(log.lines).toHaveLength(2);
    expect(models.problems().length).toBeGreaterThanOrEqual(3);
  });
});
