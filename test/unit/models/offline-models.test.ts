import { describe, expect, test } from 'vitest';
import { fakeProvider, makeRegistry } from './fixtures.ts';

const OWN = `mine:
  type: openai-compatible
  baseUrl: http://127.0.0.1:9/v1
  models: [llama-4]
deployments:
  type: azure-openai
  baseUrl: https://example.openai.azure.com
`;
const ids = async (models: ReturnType<typeof makeRegistry>['models'], id: string) =>
  (await models.offlineModels(id)).map(({ ref }) => ref);

describe('models that are listed without a request', () => {
  test('are those of the catalogue without a key, newest first and chat models only', async () => {
    const provider = fakeProvider();
    const { models } = makeRegistry({ provider });
    for (const [id, newest, older] of [
      ['openai', 'openai/gpt-6-sol', 'openai/gpt-5-mini'],
      ['anthropic', 'anthropic/claude-opus-5-5', 'anthropic/claude-haiku-4-5'],
      ['googleai', 'googleai/gemini-3.8-flash', 'googleai/gemini-2.5-flash'],
      ['vertexai', 'vertexai/gemini-3.8-flash', 'vertexai/claude-opus-4-8'],
    ] as const) {
      const found = await ids(models, id);
      expect(found, id).toEqual(expect.arrayContaining([newest, older]));
      expect(found.indexOf(newest), id).toBeLessThan(found.indexOf(older));
      expect(found.filter((ref) => /embedding|whisper|tts|image|realtime|audio|live|[:@]/.test(ref))).toEqual([]);
      expect(new Set(found).size).toBe(found.length);
    }
    expect(provider.lists).toBe(0);
  });

  test('have their context windows and prices', async () => {
    const { models } = makeRegistry();
    const model = (await models.offlineModels('openai')).find(({ id }) => id === 'gpt-5-mini');
    expect(model).toMatchObject({ contextWindow: 400_000, prices: { inputUsd: expect.any(Number) } });
  });

  test('are the declared ones of a custom connection, without guesses for deployments', async () => {
    const { models } = makeRegistry({ yaml: OWN });
    expect(await ids(models, 'mine')).toEqual(['mine/llama-4']);
    expect(await ids(models, 'deployments')).toEqual([]);
  });

  test('are those of the last list, if there is one', async () => {
    const { models } = makeRegistry({ provider: fakeProvider({ models: [{ id: 'gpt-5-mini' }] }) });
    await models.setKey('openai', 'sk-planted');
    await models.listModels('openai');
    await models.removeKey('openai');
    expect(await ids(models, 'openai')).toEqual(['openai/gpt-5-mini']);
  });
});
