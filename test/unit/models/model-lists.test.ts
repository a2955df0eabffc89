import { expect, it } from 'vitest';
import { createModelLists, type ModelCache } from '../../../src/core/models/catalogue/model-lists.ts';
import type { Connection } from '../../../src/core/models/connection.ts';

/** What is read from and written to a cache while the models of a connection are listed. */
async function list(connection: Pick<Connection, 'id' | 'type'>) {
  const used: string[] = [];
  const cache: ModelCache = {
    async get() {
      used.push('get');
      return { models: [{ id: 'outdated' }], fetchedAt: 1000 };
    },
    async set() {
      used.push('set');
    },
  };
  const lists = createModelLists({ cache, now: () => 2000 });
  const fetchList = async () => ({ models: [{ id: 'current' }], omitted: 0 });
  const { models } = await lists.list(connection as Connection, fetchList, false);
  return { models: models.map(({ id }) => id), used };
}

it('lists the demo models of this version, and those of a provider as they are stored', async () => {
  expect(await list({ id: 'demo', type: 'demo' })).toEqual({ models: ['current'], used: [] });
  expect(await list({ id: 'ollama', type: 'openai-compatible' })).toEqual({ models: ['outdated'], used: ['get'] });
});
