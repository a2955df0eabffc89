import { describe, expect, test } from 'vitest';
import { findModel } from '../../../../src/core/models/prices/list/match-model.ts';
import type { PricedModel } from '../../../../src/core/models/prices/list/price-at-place.ts';
import { type ListProvider, loadBuiltInList, type Match } from '../../../../src/core/models/prices/list/price-list.ts';
import { createPrices } from '../../../../src/core/models/prices/prices.ts';

const model = (id: string, match: Match) => ({ id, match, prices: { input_mtok: 1, output_mtok: 2 } });
const provider = (...models: ListProvider['models']): ListProvider => ({ id: 'p', api_pattern: 'https://p', models });
const found = (match: Match, id: string) => {
  const one = provider(model('m', match));
  return findModel(one, id, [one]) !== undefined;
};

describe('a name that starts like a listed one', () => {
  const sonnet: Match = { starts_with: 'claude-sonnet-5' };
  test.each([
    'claude-sonnet-5',
    'Claude-Sonnet-5',
    'claude-sonnet-5-20260901',
    'claude-sonnet-5@20260901',
    'claude-sonnet-5-2026-09-01',
    'claude-sonnet-5-latest',
    'claude-sonnet-5@default',
    'claude-sonnet-5-001',
    'claude-sonnet-5-preview-09-2026',
    'claude-sonnet-5-20260901-v1:0',
  ])('is that model if only a release follows: %s', (id) => expect(found(sonnet, id)).toBe(true));

  test.each([
    'claude-sonnet-5-5',
    'claude-sonnet-5.5',
    'claude-sonnet-5-5-20261001',
    'claude-sonnet-51',
    'claude-sonnet-5-mini',
    'claude-sonnet-5-70b',
    'claude-sonnet-5x',
    'my-claude-sonnet-5',
  ])('is another model if anything else follows: %s', (id) => expect(found(sonnet, id)).toBe(false));
});

test('a name inside another counts only after a separator of a path or an id', () => {
  const opus: Match = { contains: 'claude-opus-4-6' };
  expect(found(opus, 'anthropic/claude-opus-4-6@20260205')).toBe(true);
  expect(found(opus, 'us.anthropic.claude-opus-4-6')).toBe(true);
  expect(found(opus, 'distilled-claude-opus-4-6')).toBe(false);
  expect(found(opus, 'claude-opus-4-6-lite')).toBe(false);
  expect(
    found({ ends_with: 'anthropic.claude-opus-5' }, 'arn:aws:bedrock::1:inference-profile/anthropic.claude-opus-5'),
  ).toBe(true);
  expect(found({ ends_with: 'claude-opus-5' }, 'not-claude-opus-5')).toBe(false);
});

test('the names of fine-tuned models continue with their organization and name', () => {
  const tuned: Match = { starts_with: 'ft:gpt-4o-2024-' };
  expect(found(tuned, 'ft:gpt-4o-2024-08-06:acme::abc')).toBe(true);
  expect(found({ starts_with: 'ft:gpt-3.5-turbo' }, 'ft:gpt-3.5-turbo-0125:acme::x')).toBe(true);
});

test('a compact date is also looked up in the format of the list', () => {
  expect(found({ equals: 'gpt-5.2-2025-12-11' }, 'gpt-5.2-20251211')).toBe(true);
});

test('no model of the list is treated as a later version or another size of itself', async () => {
  const { providers } = await loadBuiltInList();
  const wrong: string[] = [];
  for (const own of providers) {
    for (const { id, match } of own.models) {
      // Fine-tuned models continue with a name of their own.
      if (/ft[:-]/.test(JSON.stringify(match))) continue;
      for (const later of [`${id}-5`, `${id}.5`, `${id}-mini`, `${id}-lite`, `${id}x`]) {
        const other = findModel(own, later, providers);
        if (other?.id === id && !mentions(match, later)) wrong.push(`${own.id} ${later} is ${id}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

function mentions(match: Match, id: string): boolean {
  return JSON.stringify(match).toLowerCase().includes(`"${id.toLowerCase()}"`);
}

describe('models that were priced incorrectly', () => {
  const prices = createPrices({ settings: () => ({ prices: {} }), now: () => Date.parse('2026-11-29T12:00:00Z') });
  const inputOf = async (asked: Omit<PricedModel, 'connectionId'>) => {
    return (await prices.pricesFor({ connectionId: 'x', ...asked }))?.inputUsd;
  };

  test('Claude Opus 4.6 on Vertex AI has one price, above 200,000 tokens too', async () => {
    const opus = await prices.pricesFor({ type: 'vertexai', connectionId: 'v', model: 'claude-opus-4-6' });
    expect(opus).toMatchObject({ inputUsd: 5, outputUsd: 25 });
    expect(opus?.tiers).toBeUndefined();
  });

  test('Claude Sonnet 5.5 has its own cache price, and an unlisted Sonnet 5.7 has none', async () => {
    const at = (model: string) => prices.pricesFor({ type: 'anthropic', connectionId: 'a', model });
    expect((await at('claude-sonnet-5-5'))?.cacheReadUsd).toBe(0.1);
    expect((await at('claude-sonnet-5'))?.cacheReadUsd).toBe(0.2);
    expect(await at('claude-sonnet-5-7')).toBeUndefined();
    expect(await at('claude-sonnet-6')).toBeUndefined();
  });

  test('free models cost nothing at the Gemini API and OpenRouter, and are unknown on your own machines', async () => {
    expect(await inputOf({ type: 'googleai', model: 'gemma-3-27b-it' })).toBe(0);
    const baseUrl = 'https://openrouter.ai/api/v1';
    expect(await inputOf({ type: 'openai-compatible', model: 'meta-llama/llama-3.3-70b-instruct:free', baseUrl })).toBe(
      0,
    );
    expect(await inputOf({ type: 'vertexai', model: 'gemma-3-27b-it', location: 'global' })).toBeUndefined();
  });

  test('fine-tuned models have their own price and cache discount', async () => {
    const tuned = (model: string) => prices.pricesFor({ type: 'openai', connectionId: 'o', model });
    expect(await tuned('ft:gpt-4.1-2025-04-14:acme::x')).toMatchObject({
      inputUsd: 3,
      outputUsd: 12,
      cacheReadUsd: 0.75,
    });
    expect(await tuned('ft:gpt-4o-2024-08-06:acme::x')).toMatchObject({
      inputUsd: 3.75,
      outputUsd: 15,
      cacheReadUsd: 1.875,
    });
  });

  test('regional and dated suffixes still resolve', async () => {
    const baseUrl = 'https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1';
    const bedrock = (model: string) => inputOf({ type: 'openai-compatible', model, baseUrl });
    expect(await bedrock('global.anthropic.claude-opus-5-5')).toBe(4);
    expect(await bedrock('eu.anthropic.claude-opus-5-5')).toBe(4.4);
    expect(await bedrock('us.anthropic.claude-haiku-4-5-20251001-v1:0')).toBe(1.1);
    expect(await inputOf({ type: 'anthropic', model: 'claude-sonnet-4-5-20250929' })).toBe(3);
    expect(await inputOf({ type: 'vertexai', model: 'claude-sonnet-4-5@20250929' })).toBe(3);
  });
});

describe('names that only look listed', () => {
  const prices = createPrices({ settings: () => ({ prices: {} }), now: () => Date.parse('2026-11-29T12:00:00Z') });
  const find = (type: PricedModel['type'], model: string, baseUrl?: string) => {
    return prices.pricesFor({ type, connectionId: 'x', model, baseUrl });
  };

  test('an address that continues with another host is not the provider’s', async () => {
    const at = (baseUrl: string) => find('openai-compatible', 'gpt-4o', baseUrl);
    expect(await at('https://api.openai.com/v1')).toMatchObject({ inputUsd: 2.5 });
    expect(await at('https://api.openai.com:443/v1')).toMatchObject({ inputUsd: 2.5 });
    expect(await at('https://api.openai.com.example.org/v1')).toBeUndefined();
    expect(await at('https://api.openai.company/v1')).toBeUndefined();
    expect(await find('openai-compatible', 'kimi-k3', 'https://api.moonshot.ai/v1')).toBeDefined();
  });

  test('zeros that mean "unknown" are not prices', async () => {
    expect(await find('vertexai', 'gemini-exp-1206')).toBeUndefined();
    expect(await find('googleai', 'learnlm-1.5-pro-experimental')).toBeUndefined();
    expect(await find('azure-openai', 'model-router')).toBeUndefined();
  });

  test('a disputed price is detected in any spelling of the name', async () => {
    const disputed = async (type: PricedModel['type'], model: string, baseUrl?: string) => {
      return (await find(type, model, baseUrl))?.disputed !== undefined;
    };
    expect(await disputed('anthropic', 'claude-sonnet-4-5-20250929')).toBe(true);
    expect(await disputed('anthropic', 'Claude-Sonnet-4-5-20250929')).toBe(true);
    const bedrock = 'https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1';
    const profile = 'inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0';
    expect(await disputed('openai-compatible', `arn:aws:bedrock:us-east-1:123456789012:${profile}`, bedrock)).toBe(
      true,
    );
    const fireworks = 'https://api.fireworks.ai/inference/v1';
    expect(await disputed('openai-compatible', 'accounts/fireworks/models/gemma-3-27b-it', fireworks)).toBe(true);
  });
});

test('the list contains the licenses of both source tables', async () => {
  const { notice, source, comparedWith } = await loadBuiltInList();
  expect(notice).toContain(`The license of ${source}:`);
  expect(notice).toContain('Copyright (c) Pydantic Services Inc. 2025 to present');
  expect(notice).toContain(`The license of ${comparedWith}:`);
  expect(notice).toContain('Copyright (c) 2023 Berri AI');
  expect(notice?.match(/The above copyright notice and this permission notice shall be included/g)).toHaveLength(2);
});
