import { describe, expect, test } from 'vitest';
import type { TokenPrices } from '../../../src/core/models/models.ts';
import { costOf } from '../../../src/core/models/prices/costs.ts';
import type { PricedModel } from '../../../src/core/models/prices/list/price-at-place.ts';
import { loadBuiltInList } from '../../../src/core/models/prices/list/price-list.ts';
import { createPrices } from '../../../src/core/models/prices/prices.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const createListed = (setting: Record<string, unknown> = {}, now = NOW) =>
  createPrices({ settings: () => ({ prices: setting }), now: () => now });
const openai = (model: string): PricedModel => ({ type: 'openai', connectionId: 'openai', model });

describe('the built-in price list', () => {
  test('prices OpenAI per million, with a separate price for cached input', async () => {
    const prices = await createListed().pricesFor(openai('gpt-5-mini'));
    const { source, date } = await loadBuiltInList();
    expect(prices).toMatchObject({ inputUsd: 0.25, outputUsd: 2, cacheReadUsd: 0.025, asOf: date });
    expect(prices?.source).toBe(`${source} (${date})`);
    expect(source).toMatch(/^genai-prices \d+\.\d+\.\d+$/);
  });

  test('knows Claude on Vertex AI by its versioned id, and Gemini by its resource path', async () => {
    const prices = createListed();
    const vertex = (model: string): PricedModel => ({ type: 'vertexai', connectionId: 'vertexai', model });
    expect((await prices.pricesFor(vertex('claude-sonnet-4-5@20250929')))?.cacheWriteUsd).toBe(3.75);
    expect((await prices.pricesFor(vertex('publishers/google/models/gemini-2.5-pro')))?.inputUsd).toBe(1.25);
    expect((await prices.pricesFor({ ...vertex('gemini-2.5-flash'), type: 'googleai' }))?.outputUsd).toBe(2.5);
  });

  test('prices a deployment as its base model', async () => {
    const deployed: PricedModel = {
      type: 'azure-openai',
      connectionId: 'azure',
      model: 'our-chat',
      baseModel: 'gpt-4o',
    };
    expect((await createListed().pricesFor(deployed))?.inputUsd).toBe(2.5);
    expect(await createListed().pricesFor({ ...deployed, baseModel: undefined })).toBeUndefined();
  });

  test('prices a compatible server only if its host is known', async () => {
    const groq: PricedModel = {
      type: 'openai-compatible',
      connectionId: 'groq',
      model: 'openai/gpt-oss-120b',
      baseUrl: 'https://api.groq.com/openai/v1',
    };
    expect((await createListed().pricesFor(groq))?.inputUsd).toBeGreaterThan(0);
    expect(await createListed().pricesFor({ ...groq, baseUrl: 'http://127.0.0.1:11434/v1' })).toBeUndefined();
  });

  test('unknown prices are undefined, never free', async () => {
    const prices = await createListed().pricesFor(openai('no-such-model'));
    expect(prices).toBeUndefined();
    expect(costOf({ inputTokens: 10, outputTokens: 10 }, prices)).toEqual({ totalUsd: undefined });
  });

  test('a price that changed is chosen by the date of the run', async () => {
    const sonnet: PricedModel = { type: 'anthropic', connectionId: 'anthropic', model: 'claude-sonnet-4-6' };
    const before = await createListed({}, Date.parse('2026-03-01')).pricesFor(sonnet);
    const after = await createListed({}, NOW).pricesFor(sonnet);
    expect(before?.tiers?.[0]?.inputUsd).toBe(6);
    expect(after?.tiers).toBeUndefined();
  });
});

describe('the cost of a run', () => {
  const claude: TokenPrices = { inputUsd: 3, outputUsd: 15, cacheReadUsd: 0.3, cacheWriteUsd: 3.75, source: 'test' };

  test('each class of tokens has its own price, and the parts add up', () => {
    const cost = costOf(
      { inputTokens: 10_000, outputTokens: 2_000, cacheReadTokens: 6_000, cacheWriteTokens: 1_000 },
      claude,
    );
    expect(cost.inputUsd).toBeCloseTo(0.009, 10);
    expect(cost.cacheReadUsd).toBeCloseTo(0.0018, 10);
    expect(cost.cacheWriteUsd).toBeCloseTo(0.00375, 10);
    expect(cost.outputUsd).toBeCloseTo(0.03, 10);
    expect(cost.totalUsd).toBeCloseTo(0.04455, 10);
  });

  test('reasoning is part of the output and is not counted twice', () => {
    const usage = { inputTokens: 0, outputTokens: 1_000, reasoningTokens: 400 };
    expect(costOf(usage, claude).totalUsd).toBeCloseTo(0.015, 10);
    expect(costOf(usage, { ...claude, reasoningUsd: 5 }).totalUsd).toBeCloseTo(0.009 + 0.002, 10);
  });

  test('cached input without a price of its own costs the input price', () => {
    const cost = costOf(
      { inputTokens: 1_000_000, outputTokens: 0, cacheReadTokens: 400_000 },
      { inputUsd: 2, outputUsd: 8, source: 'test' },
    );
    expect(cost.totalUsd).toBeCloseTo(2, 10);
  });

  test('above a tier the whole request has the higher price, at its limit the lower', async () => {
    const prices = await createListed().pricesFor({
      type: 'googleai',
      connectionId: 'googleai',
      model: 'gemini-2.5-pro',
    });
    expect(costOf({ inputTokens: 200_000, outputTokens: 1_000 }, prices).totalUsd).toBeCloseTo(0.25 + 0.01, 10);
    expect(costOf({ inputTokens: 200_001, outputTokens: 1_000 }, prices).totalUsd).toBeCloseTo(0.5000025 + 0.015, 10);
    expect(costOf({ inputTokens: 300_000, outputTokens: 0, cacheReadTokens: 100_000 }, prices).totalUsd).toBeCloseTo(
      0.5 + 0.025,
      10,
    );
  });

  test('an unknown count, or an unknown price of used tokens, leaves the total unknown', () => {
    expect(costOf({ inputTokens: 10 }, claude).totalUsd).toBeUndefined();
    expect(costOf({ outputTokens: 10 }, claude).totalUsd).toBeUndefined();
    expect(costOf({ inputTokens: 10, outputTokens: 5 }, { inputUsd: 1, source: 'x' }).totalUsd).toBeUndefined();
    expect(costOf({ inputTokens: 10, outputTokens: 0 }, { inputUsd: 1, source: 'x' }).totalUsd).toBeCloseTo(0.00001);
  });

  test('an hourly GPU costs by its measured throughput, otherwise by the time of the run', () => {
    const measured: TokenPrices = { hourly: { usdPerHour: 3.6, tokensPerSecond: 100 }, source: 'test' };
    expect(costOf({ outputTokens: 1000 }, measured).totalUsd).toBeCloseTo(0.01, 10);
    const unmeasured: TokenPrices = { hourly: { usdPerHour: 3.6 }, source: 'test' };
    expect(costOf({ outputTokens: 1000 }, unmeasured, { elapsedMs: 5000 }).totalUsd).toBeCloseTo(0.005, 10);
    expect(costOf({ outputTokens: 1000 }, unmeasured).totalUsd).toBeUndefined();
  });
});

describe('llmops.prices', () => {
  const vllm = (model: string): PricedModel => ({ type: 'openai-compatible', connectionId: 'vllm-gke', model });

  test('overrides the list; an exact name has precedence over a pattern, a longer pattern over a shorter one', async () => {
    const prices = createListed({
      '*/*': { inputUsd: 9, outputUsd: 9 },
      'vllm-gke/*': { usdPerHour: 2, tokensPerSecond: 500 },
      'vllm-gke/llama-3-70b': { inputUsd: 0.1, outputUsd: 0.2, asOf: '2026-10-01' },
    });
    expect(await prices.pricesFor(vllm('llama-3-70b'))).toEqual({
      inputUsd: 0.1,
      outputUsd: 0.2,
      source: 'llmops.prices (2026-10-01)',
      asOf: '2026-10-01',
    });
    expect((await prices.pricesFor(vllm('org/other')))?.hourly).toEqual({ usdPerHour: 2, tokensPerSecond: 500 });
    expect((await prices.pricesFor(openai('gpt-5-mini')))?.inputUsd).toBe(9);
  });

  test('dated prices apply from their date on; the list applies before the first one', async () => {
    const setting = {
      'openai/gpt-5-mini': [
        { from: '2026-12-01', inputUsd: 2, outputUsd: 4 },
        { from: '2026-06-01', inputUsd: 1, outputUsd: 3 },
      ],
    };
    const inputAt = async (day: string) =>
      (await createListed(setting, Date.parse(day)).pricesFor(openai('gpt-5-mini')))?.inputUsd;
    expect(await inputAt('2026-05-01')).toBe(0.25);
    expect(await inputAt('2026-11-23')).toBe(1);
    expect(await inputAt('2026-12-02')).toBe(2);
  });

  test.each([
    [{ 'openai/x': { inputUsd: -1 } }, '"inputUsd" must be a number'],
    [{ 'openai/x': { inputUsd: '1' } }, '"inputUsd" must be a number'],
    [{ 'openai/x': { inputUSD: 1 } }, 'Did you mean inputUsd?'],
    [{ 'openai/x': { inputUsd: 1, asOf: 'yesterday' } }, '"asOf" must be a date'],
    [{ 'openai/x': { usdPerHour: 1, inputUsd: 1 } }, 'an hourly and a token price'],
    [{ 'openai/x': { tokensPerSecond: 5 } }, 'without "usdPerHour"'],
    [{ 'openai/x': { usdPerHour: 1, tokensPerSecond: 0 } }, 'more than 0'],
    [{ 'openai/x': 5 }, 'must be prices'],
    [{ 'openai/x': {} }, 'has no price'],
    [{ 'gpt-5': { inputUsd: 1 } }, 'Use connection/model'],
  ])('an invalid entry is reported and not used: %j', async (setting, message) => {
    const prices = createListed(setting);
    expect(prices.problems().map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
    expect(await prices.pricesFor(openai('x'))).toBeUndefined();
  });

  test('a changed setting is read again', async () => {
    let setting: Record<string, unknown> = { 'openai/x': { inputUsd: 1, outputUsd: 1 } };
    const prices = createPrices({ settings: () => ({ prices: setting }), now: () => NOW });
    expect((await prices.pricesFor(openai('x')))?.inputUsd).toBe(1);
    setting = {};
    expect(await prices.pricesFor(openai('x'))).toBeUndefined();
  });
});
