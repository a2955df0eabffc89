import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ConnectionType } from '../../../../src/core/models/chat-model.ts';
import { costOf } from '../../../../src/core/models/prices/costs.ts';
import type { PricedModel } from '../../../../src/core/models/prices/list/price-at-place.ts';
import { createPrices } from '../../../../src/core/models/prices/prices.ts';
import { pricesForRequest } from '../../../../src/core/models/prices/request-terms.ts';
import type { ReferenceCase } from '../../../bed/price-list/reference-costs.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/prices/${name}`, import.meta.url), 'utf8'));
const { date, cases } = fixture('reference-costs.json') as { date: string; cases: ReferenceCase[] };
const NOW = Date.parse(`${date}T12:00:00Z`);

const TYPES: Record<string, ConnectionType> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'googleai',
  azure: 'azure-openai',
};
const URLS: Record<string, string> = {
  aws: 'https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1',
  groq: 'https://api.groq.com/openai/v1',
  deepseek: 'https://api.deepseek.com/v1',
  mistral: 'https://api.mistral.ai/v1',
  'x-ai': 'https://api.x.ai/v1',
  openrouter: 'https://openrouter.ai/api/v1',
  cerebras: 'https://api.cerebras.ai/v1',
  together: 'https://api.together.xyz/v1',
  fireworks: 'https://api.fireworks.ai/inference/v1',
};

/** A provider of the lists as one of our connections. */
function asConnection(provider: string, model: string): PricedModel {
  const type = TYPES[provider];
  if (type !== undefined) return { type, connectionId: provider, model };
  return { type: 'openai-compatible', connectionId: provider, model, baseUrl: URLS[provider] };
}

const prices = createPrices({ settings: () => ({ prices: {} }), now: () => NOW });

test('hundreds of costs match both reference tables', async () => {
  expect(cases.length).toBeGreaterThan(500);
  const wrong: string[] = [];
  for (const { provider, model, serviceTier, usage, usd } of cases) {
    const asked = asConnection(provider, model);
    const known = { id: model, type: asked.type, prices: await prices.pricesFor(asked) };
    const parameters = serviceTier === undefined ? {} : { extra: { service_tier: serviceTier } };
    const cost = costOf(usage, pricesForRequest(known, { messages: [], parameters }));
    const differs = Math.abs((cost.totalUsd ?? Number.NaN) - usd) > 1e-9 * usd + 1e-12;
    // Azure is always an estimate: the kind of a deployment is unknown.
    const isDoubted = cost.estimatedBecause !== undefined && provider !== 'azure';
    if (differs || !(usd > 0) || isDoubted) {
      const name = [provider, model, serviceTier ?? ''].join(' ');
      wrong.push(`${name} ${JSON.stringify(usage)}: ${cost.totalUsd}, not ${usd}. ${cost.estimatedBecause ?? ''}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every current model of a broad list has a price, with source and date', async () => {
  const models = fixture('current-models.json') as Record<string, string[]>;
  const unpriced: string[] = [];
  for (const [key, ids] of Object.entries(models)) {
    for (const model of ids) {
      const asked: PricedModel = key.startsWith('https:')
        ? { type: 'openai-compatible', connectionId: 'own', model, baseUrl: key }
        : { type: key as ConnectionType, connectionId: key, model, location: 'global' };
      const known = await prices.pricesFor(asked);
      const isPriced = known?.inputUsd !== undefined && known.outputUsd !== undefined && known.asOf === date;
      if (!isPriced || !known.source.includes(date)) unpriced.push(`${key} ${model}`);
    }
  }
  expect(unpriced).toEqual([]);
});
