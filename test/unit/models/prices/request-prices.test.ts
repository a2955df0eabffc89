import { describe, expect, test } from 'vitest';
import { createMessagesMapper } from '../../../../src/core/models/anthropic/anthropic-stream.ts';
import type { ChatEvent, Message, Usage } from '../../../../src/core/models/chat-model.ts';
import { createResponsesMapper } from '../../../../src/core/models/openai/openai-responses-stream.ts';
import { createChatMapper } from '../../../../src/core/models/openai/openai-stream.ts';
import { costOf } from '../../../../src/core/models/prices/costs.ts';
import type { PricedModel } from '../../../../src/core/models/prices/list/price-at-place.ts';
import { createPrices } from '../../../../src/core/models/prices/prices.ts';
import { pricesForRequest } from '../../../../src/core/models/prices/request-terms.ts';
import { createGeminiMapper } from '../../../../src/core/models/vertexai/vertexai-stream.ts';

const prices = createPrices({ settings: () => ({ prices: {} }), now: () => Date.parse('2026-11-29T12:00:00Z') });
const TEXT: Message[] = [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }];

interface Asked {
  extra?: Record<string, unknown>;
  messages?: Message[];
  usage?: Usage;
}

/** A million tokens in and a million out, so that a cost is the sum of two listed prices. */
async function cost(model: Omit<PricedModel, 'connectionId'>, { extra = {}, messages = TEXT, usage }: Asked = {}) {
  const known = await prices.pricesFor({ connectionId: 'x', ...model });
  const priced = pricesForRequest(
    { id: model.model, type: model.type, prices: known },
    { messages, parameters: { extra } },
  );
  return costOf({ inputTokens: 100_000, outputTokens: 1_000, ...usage }, priced);
}

describe('service tiers', () => {
  const sol = { type: 'openai', model: 'gpt-6-sol' } as const;
  const standard = (100_000 * 2 + 1_000 * 10) / 1e6;

  test('flex and priority have their own prices; default and no tier have the standard price', async () => {
    expect((await cost(sol)).totalUsd).toBeCloseTo(standard, 12);
    expect((await cost(sol, { extra: { service_tier: 'default' } })).totalUsd).toBeCloseTo(standard, 12);
    expect((await cost(sol, { extra: { service_tier: 'flex' } })).totalUsd).toBeCloseTo(standard / 2, 12);
    const priority = await cost(sol, { extra: { service_tier: 'priority' } });
    expect(priority.totalUsd).toBeCloseTo(standard * 2, 12);
    expect(priority.estimatedBecause).toBeUndefined();
  });

  test('the served tier has precedence over the requested one', async () => {
    const usage: Usage = { served: { serviceTier: 'default' } };
    const served = await cost(sol, { extra: { service_tier: 'priority' }, usage });
    expect(served.totalUsd).toBeCloseTo(standard, 12);
    expect(served.estimatedBecause).toBeUndefined();
  });

  test('an unlisted tier is a marked estimate, never an exact wrong figure', async () => {
    const scale = await cost(sol, { usage: { served: { serviceTier: 'scale' } } });
    expect(scale.totalUsd).toBeCloseTo(standard, 12);
    expect(scale.estimatedBecause).toContain('service_tier "scale"');
    expect((await cost(sol, { extra: { service_tier: 'auto' } })).estimatedBecause).toContain('"auto"');
    const reported: Usage = { served: { serviceTier: 'flex' } };
    const auto = await cost(sol, { extra: { service_tier: 'auto' }, usage: reported });
    expect(auto.totalUsd).toBeCloseTo(standard / 2, 12);
    expect(auto.estimatedBecause).toBeUndefined();
  });

  test('the price of long prompts depends on their service tier', async () => {
    const usage: Usage = { inputTokens: 300_000 };
    const flex = await cost(sol, { extra: { service_tier: 'flex' }, usage });
    expect(flex.totalUsd).toBeCloseTo((300_000 * 2 + 1_000 * 7.5) / 1e6, 12);
  });

  test('a custom price does not depend on tiers', async () => {
    const own = createPrices({ settings: () => ({ prices: { 'x/*': { inputUsd: 1, outputUsd: 1 } } }), now: () => 0 });
    const known = await own.pricesFor({ connectionId: 'x', ...sol });
    const asked = { messages: TEXT, parameters: { extra: { service_tier: 'flex' } } };
    const priced = pricesForRequest({ id: sol.model, type: sol.type, prices: known }, asked);
    expect(costOf({ inputTokens: 1, outputTokens: 1 }, priced).estimatedBecause).toContain('flex');
  });
});

describe('Claude', () => {
  const opus = { type: 'anthropic', model: 'claude-opus-5-5' } as const;

  test('fast mode and inference regions have their own prices, together too', async () => {
    const standard = (100_000 * 4 + 1_000 * 20) / 1e6;
    expect((await cost(opus, { extra: { speed: 'fast' } })).totalUsd).toBeCloseTo(standard * 2, 12);
    expect((await cost(opus, { extra: { inference_geo: 'us' } })).totalUsd).toBeCloseTo(standard * 1.1, 12);
    const both = await cost(opus, { extra: { speed: 'fast', inference_geo: 'us' } });
    expect(both.totalUsd).toBeCloseTo(standard * 2.2, 12);
    expect(both.inputUsd).toBeCloseTo(0.88, 12);
    expect(both.estimatedBecause).toBeUndefined();
    expect(
      (await cost(opus, { usage: { served: { inferenceGeo: 'not_available' } } })).estimatedBecause,
    ).toBeUndefined();
    expect((await cost(opus, { extra: { inference_geo: 'jp' } })).estimatedBecause).toContain('"jp"');
  });

  test('cache writes for an hour cost more than those for five minutes', async () => {
    const usage: Usage = { inputTokens: 10_000, outputTokens: 0, cacheWriteTokens: 10_000, cacheWrite1hTokens: 4_000 };
    const written = await cost(opus, { usage });
    expect(written.cacheWriteUsd).toBeCloseTo((6_000 * 5 + 4_000 * 8) / 1e6, 12);
    const untold: Usage = { inputTokens: 10_000, outputTokens: 0, cacheWriteTokens: 10_000 };
    const extra = { cache_control: { type: 'ephemeral', ttl: '1h' } };
    expect((await cost(opus, { extra, usage: untold })).estimatedBecause).toContain('an hour');
    expect((await cost(opus, { extra, usage })).estimatedBecause).toBeUndefined();
  });
});

describe('regional endpoints of Vertex AI', () => {
  const at = (model: string, location: string) => cost({ type: 'vertexai', model, location });

  test('add 10% for some models, and nothing for others', async () => {
    const worldwide = await at('claude-opus-5-5', 'global');
    expect((await at('claude-opus-5-5', 'europe-west1')).totalUsd).toBeCloseTo((worldwide.totalUsd ?? 0) * 1.1, 12);
    expect((await at('claude-opus-5-5', 'eu')).totalUsd).toBeCloseTo((worldwide.totalUsd ?? 0) * 1.1, 12);
    expect((await at('gemini-3.8-flash', 'us-central1')).totalUsd).toBeCloseTo(
      ((await at('gemini-3.8-flash', 'global')).totalUsd ?? 0) * 1.1,
      12,
    );
    const older = await at('gemini-2.5-flash', 'us-central1');
    expect(older.totalUsd).toBe((await at('gemini-2.5-flash', 'global')).totalUsd);
    expect(older.estimatedBecause).toBeUndefined();
  });

  test('show their own prices, for features that only read those', async () => {
    const asked = { type: 'vertexai', connectionId: 'v', model: 'claude-opus-5-5', location: 'europe-west1' } as const;
    expect(await prices.pricesFor(asked)).toMatchObject({ inputUsd: 4.4, outputUsd: 22, cacheReadUsd: 0.22 });
    const tiered = await prices.pricesFor({ ...asked, model: 'claude-haiku-5-5' });
    expect(tiered?.tiers).toEqual([expect.objectContaining({ aboveInputTokens: 100_000, inputUsd: 0.55 })]);
  });

  test('are an estimate if they are unknown', async () => {
    expect((await at('claude-mythos-5-2', 'europe-west1')).estimatedBecause).toContain('endpoint "regional"');
  });
});

describe('Flex and Priority PayGo of Vertex AI', () => {
  const flash = { type: 'vertexai', model: 'gemini-3.8-flash', location: 'global' } as const;

  test('are requested by the connection, and the served traffic has precedence', async () => {
    const standard = (100_000 * 0.75 + 1_000 * 3.75) / 1e6;
    expect((await cost(flash)).totalUsd).toBeCloseTo(standard, 12);
    expect((await cost({ ...flash, serviceTier: 'flex' })).totalUsd).toBeCloseTo(standard / 2, 12);
    expect((await cost({ ...flash, serviceTier: 'priority' })).totalUsd).toBeCloseTo(standard * 1.8, 12);
    const served: Usage = { served: { serviceTier: 'on_demand' } };
    expect((await cost({ ...flash, serviceTier: 'priority' }, { usage: served })).totalUsd).toBeCloseTo(standard, 12);
    const reserved: Usage = { served: { serviceTier: 'provisioned_throughput' } };
    expect((await cost(flash, { usage: reserved })).estimatedBecause).toContain('provisioned_throughput');
  });

  test('are not requested by a field that Gemini does not have there', async () => {
    expect((await cost(flash, { extra: { service_tier: 'priority' } })).totalUsd).toBe((await cost(flash)).totalUsd);
  });
});

describe('other places', () => {
  test('OpenAI’s regional hosts add a surcharge if the model has one', async () => {
    const at = (model: string, baseUrl: string) => cost({ type: 'openai', model, baseUrl });
    const worldwide = (await at('gpt-6-sol', 'https://api.openai.com/v1')).totalUsd ?? 0;
    const europe = await at('gpt-6-sol', 'https://eu.api.openai.com/v1');
    expect(europe.totalUsd).toBeCloseTo(worldwide * 1.1, 12);
    expect(europe.estimatedBecause).toBeUndefined();
    expect((await at('gpt-4o', 'https://eu.api.openai.com/v1')).totalUsd).toBe(
      (await at('gpt-4o', 'https://api.openai.com/v1')).totalUsd,
    );
    expect((await at('gpt-6-sol', 'https://jp.api.openai.com/v1')).estimatedBecause).toContain('"jp"');
  });

  test('Azure’s deployments and Bedrock’s other regions are estimates', async () => {
    const azure = await cost({ type: 'azure-openai', model: 'our-chat', baseModel: 'gpt-4o' });
    expect(azure.estimatedBecause).toContain('deployment type');
    const bedrock = (region: string, model: string) => {
      const baseUrl = `https://bedrock-runtime.${region}.amazonaws.com/openai/v1`;
      return cost({ type: 'openai-compatible', model, baseUrl });
    };
    expect((await bedrock('eu-west-3', 'mistral.mistral-7b-instruct-v0:2')).estimatedBecause).toContain('eu-west-3');
    expect((await bedrock('us-east-1', 'mistral.mistral-7b-instruct-v0:2')).estimatedBecause).toBeUndefined();
    expect((await bedrock('eu-west-3', 'eu.anthropic.claude-opus-5-5')).estimatedBecause).toBeUndefined();
  });
});

describe('audio', () => {
  const flash = { type: 'googleai', model: 'gemini-2.5-flash' } as const;
  const messages: Message[] = [{ role: 'user', parts: [{ type: 'media', url: 'data:audio/wav;base64,AAAA' }] }];

  test('audio tokens have their own price', async () => {
    const usage: Usage = {
      inputTokens: 1_000,
      outputTokens: 0,
      inputAudioTokens: 600,
      cacheReadTokens: 200,
      cacheReadAudioTokens: 100,
    };
    const heard = await cost(flash, { messages, usage });
    expect(heard.totalUsd).toBeCloseTo((300 * 0.3 + 500 * 1 + 100 * 0.03 + 100 * 0.1) / 1e6, 15);
    expect(heard.estimatedBecause).toBeUndefined();
  });

  test('are an estimate if the response does not count them', async () => {
    expect((await cost(flash, { messages })).estimatedBecause).toContain('audio');
    expect((await cost(flash)).estimatedBecause).toBeUndefined();
  });
});

test('different price lists result in an estimate that names the other price', async () => {
  const baseUrl = 'https://api.mistral.ai/v1';
  const disputed = await cost({ type: 'openai-compatible', model: 'mistral-large-latest', baseUrl });
  expect(disputed.estimatedBecause).toMatch(
    /Price lists differ: litellm \S+ has \$0\.50 for input and \$1\.50 for output\./,
  );
});

test('price lists that differ only for long requests leave short ones exact', async () => {
  const sonnet = { type: 'anthropic', model: 'claude-sonnet-4-5' } as const;
  expect((await cost(sonnet)).estimatedBecause).toBeUndefined();
  expect((await cost(sonnet, { usage: { inputTokens: 200_001 } })).estimatedBecause).toContain(
    '$3.00 for input and $15.00 for output',
  );
});

describe('how a request was served, according to its response', () => {
  const usageOf = (events: ChatEvent[]) => events.findLast((event) => event.type === 'usage')?.usage;

  test('OpenAI’s chunks name the tier and count audio', () => {
    const out: ChatEvent[] = [];
    const chunk = {
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'gpt-6-sol',
      service_tier: 'flex',
      choices: [],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 4 },
        completion_tokens_details: { audio_tokens: 2 },
      },
    };
    createChatMapper().map(chunk as unknown as Parameters<ReturnType<typeof createChatMapper>['map']>[0], out);
    expect(usageOf(out)).toMatchObject({ inputAudioTokens: 4, outputAudioTokens: 2, served: { serviceTier: 'flex' } });
  });

  test('an invalid tier, such as a key that a server sends back, is not repeated', () => {
    const out: ChatEvent[] = [];
    for (const service_tier of ['sk-planted-0123456789abcdef', 'x'.repeat(1_000_000)]) {
      const chunk = { model: 'm', service_tier, choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } };
      createChatMapper().map(chunk as unknown as Parameters<ReturnType<typeof createChatMapper>['map']>[0], out);
      expect(usageOf(out)?.served).toEqual({ serviceTier: 'another' });
    }
  });

  test('OpenAI’s responses name the tier at their end', () => {
    const out: ChatEvent[] = [];
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    const chunk = {
      type: 'response.completed',
      response: { status: 'completed', model: 'm', service_tier: 'priority', usage },
    };
    createResponsesMapper().map(
      chunk as unknown as Parameters<ReturnType<typeof createResponsesMapper>['map']>[0],
      out,
    );
    expect(usageOf(out)?.served).toEqual({ serviceTier: 'priority' });
  });

  test('Anthropic names tier, speed and region at the start, and they apply until the end', () => {
    const out: ChatEvent[] = [];
    const mapper = createMessagesMapper();
    const usage = {
      input_tokens: 3,
      output_tokens: 1,
      cache_creation_input_tokens: 100,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 },
      service_tier: 'standard',
      inference_geo: 'us',
      speed: 'fast',
    };
    const chunks: unknown[] = [
      { type: 'message_start', message: { model: 'claude-opus-5-5', usage } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    ];
    for (const chunk of chunks) mapper.map(chunk as Parameters<typeof mapper.map>[0], out);
    expect(usageOf(out)).toEqual({
      inputTokens: 103,
      outputTokens: 9,
      cacheReadTokens: 0,
      cacheWriteTokens: 100,
      cacheWrite1hTokens: 40,
      served: { serviceTier: 'standard', inferenceGeo: 'us', speed: 'fast' },
    });
  });

  test('Vertex AI names its traffic and counts modalities', () => {
    const out: ChatEvent[] = [];
    const usageMetadata = {
      promptTokenCount: 30,
      candidatesTokenCount: 2,
      trafficType: 'ON_DEMAND_PRIORITY',
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 10 },
        { modality: 'AUDIO', tokenCount: 20 },
      ],
    };
    createGeminiMapper().map({ usageMetadata }, out);
    expect(usageOf(out)).toMatchObject({ inputAudioTokens: 20, served: { serviceTier: 'priority' } });
    createGeminiMapper().map({ usageMetadata: { ...usageMetadata, trafficType: 'ON_DEMAND' } }, out);
    expect(usageOf(out)?.served).toEqual({ serviceTier: 'on_demand' });
  });
});

describe('places and classes that the request does not name', () => {
  const us = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/endpoints/openapi';
  const everywhere = 'https://aiplatform.googleapis.com/v1/projects/p/locations/global/endpoints/openapi';

  test('Vertex AI’s regions cost more at its OpenAI-compatible address too', async () => {
    const flash = { type: 'openai-compatible', model: 'google/gemini-3.5-flash' } as const;
    expect((await cost({ ...flash, baseUrl: everywhere })).totalUsd).toBeCloseTo((100_000 * 1.5 + 1_000 * 9) / 1e6, 12);
    expect((await cost({ ...flash, baseUrl: us })).totalUsd).toBeCloseTo((100_000 * 1.65 + 1_000 * 9.9) / 1e6, 12);
  });

  test('a model that is free at the Gemini API is not free on Vertex AI', async () => {
    const gemma = { type: 'openai-compatible', model: 'google/gemma-3-27b-it' } as const;
    const api = 'https://generativelanguage.googleapis.com/v1beta/openai';
    expect((await cost({ ...gemma, baseUrl: us })).totalUsd).toBeUndefined();
    expect((await cost({ ...gemma, baseUrl: api })).totalUsd).toBe(0);
  });

  test('Gemini 3.1 Flash Lite costs 10% more in regions, and its tiers have their own audio price', async () => {
    const lite = { type: 'vertexai', model: 'gemini-3.1-flash-lite', location: 'europe-west1' } as const;
    expect((await cost(lite)).totalUsd).toBeCloseTo(((100_000 * 0.25 + 1_000 * 1.5) / 1e6) * 1.1, 12);
    const usage: Usage = { inputAudioTokens: 100_000, served: { serviceTier: 'flex' } };
    const flex = await cost({ ...lite, location: 'global' }, { usage });
    expect(flex.totalUsd).toBeCloseTo((100_000 * 0.25 + 1_000 * 0.75) / 1e6, 12);
  });

  test('pictures in an answer and web searches make a cost a marked estimate', async () => {
    expect((await cost({ type: 'googleai', model: 'gemini-2.5-flash-image' })).estimatedBecause).toContain('Images');
    expect((await cost({ type: 'openai', model: 'gpt-4o-search-preview' })).estimatedBecause).toContain('search');
    expect((await cost({ type: 'openai', model: 'gpt-4o' })).estimatedBecause).toBeUndefined();
  });

  test('cached audio at the text price is an estimate', async () => {
    const usage: Usage = { inputAudioTokens: 50_000, cacheReadTokens: 60_000, cacheReadAudioTokens: 50_000 };
    const robotics = await cost({ type: 'googleai', model: 'gemini-robotics-er-1.5-preview' }, { usage });
    expect(robotics.estimatedBecause).toContain('cached audio');
    const priced = await cost({ type: 'googleai', model: 'gemini-2.5-flash' }, { usage });
    expect(priced.estimatedBecause).toBeUndefined();
  });
});
