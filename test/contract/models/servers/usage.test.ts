import { describe, expect, it } from 'vitest';
import { type Asking, delta, json, sse, stop, usage, useServer } from './serve.ts';

const server = useServer();

async function usageOf(chunks: unknown[], asking: Asking = {}) {
  const answer = await server.ask(sse(delta({ content: 'Hello' }), ...chunks, '[DONE]'), asking);
  expect(answer.error).toBeUndefined();
  return answer.usage;
}
const COUNTS = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

describe('token counts', () => {
  it.each<[string, unknown[], Record<string, number>]>([
    ['in the choice (Moonshot)', [delta({}, { finish_reason: 'stop', usage: COUNTS })], {}],
    ['in x_groq (Groq)', [{ ...stop(), x_groq: { id: 'req_1', usage: COUNTS } }], {}],
    ['cached at the top (Moonshot)', [stop(), usage({ ...COUNTS, cached_tokens: 60 })], { cacheReadTokens: 60 }],
    [
      'cached, with DeepSeek’s names',
      [stop(), usage({ ...COUNTS, prompt_cache_hit_tokens: 60 })],
      { cacheReadTokens: 60 },
    ],
    [
      'written to the cache, in the details (LiteLLM)',
      [stop(), usage({ ...COUNTS, prompt_tokens_details: { cached_tokens: 60, cache_creation_tokens: 30 } })],
      { cacheReadTokens: 60, cacheWriteTokens: 30 },
    ],
    [
      'written to the cache, with Anthropic’s names',
      [stop(), usage({ ...COUNTS, cache_creation_input_tokens: 30, cache_read_input_tokens: 60 })],
      { cacheReadTokens: 60, cacheWriteTokens: 30 },
    ],
    [
      'under a second name where the first is 0',
      [stop(), usage({ ...COUNTS, prompt_tokens_details: { cached_tokens: 0 }, cached_tokens: 60 })],
      { cacheReadTokens: 60 },
    ],
  ])('are read %s', async (_, chunks, more) => {
    expect(await usageOf(chunks)).toEqual({ inputTokens: 100, outputTokens: 20, ...more });
  });

  it('are not overwritten by a later zero, null or gap', async () => {
    for (const last of [{ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, { prompt_tokens: null }, {}]) {
      const first = usage({ ...COUNTS, prompt_tokens_details: { cached_tokens: 60 } });
      expect(await usageOf([first, stop(), usage(last)])).toEqual({
        inputTokens: 100,
        outputTokens: 20,
        cacheReadTokens: 60,
      });
    }
    expect(await usageOf([usage({ ...COUNTS, completion_tokens: 3 }), stop(), usage(COUNTS)])).toEqual({
      inputTokens: 100,
      outputTokens: 20,
    });
  });

  it('of zero are unknown for an answer with content (LocalAI)', async () => {
    const none = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    expect(await usageOf([stop(), usage(none)])).toBeUndefined();
    expect(await usageOf([stop(), usage({ ...COUNTS, completion_tokens: 0 })])).toEqual({ inputTokens: 100 });
    const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } };
    const called = await server.ask(
      sse(delta({ tool_calls: [call] }), stop('tool_calls'), usage({ ...none, prompt_tokens: 5 })),
    );
    expect(called.usage).toEqual({ inputTokens: 5 });
  });

  it('of zero are used for an empty answer', async () => {
    const { usage: counts } = await server.ask(
      sse(stop(), usage({ ...COUNTS, completion_tokens: 0, total_tokens: 100 })),
    );

    expect(counts).toEqual({ inputTokens: 100, outputTokens: 0 });
  });

  it('do not treat an unrelated part of the total as reasoning', async () => {
    const foreign = { ...COUNTS, total_tokens: 500, citation_tokens: 380, num_search_queries: 3 };
    expect(await usageOf([stop(), usage(foreign)])).toEqual({ inputTokens: 100, outputTokens: 20 });
  });

  it('have reasoning inside the completion, next to it, or only in the total', async () => {
    const inside = { ...COUNTS, completion_tokens_details: { reasoning_tokens: 8 } };
    expect(await usageOf([stop(), usage(inside)])).toEqual({ inputTokens: 100, outputTokens: 20, reasoningTokens: 8 });
    // xAI, and Gemini through LiteLLM.
    const beside = { ...COUNTS, total_tokens: 128, completion_tokens_details: { reasoning_tokens: 8 } };
    expect(await usageOf([stop(), usage(beside)])).toEqual({ inputTokens: 100, outputTokens: 28, reasoningTokens: 8 });
    const gemini = { type: 'googleai' as const, request: { model: 'gemini-3.8-flash' } };
    expect(await usageOf([stop(), usage({ ...COUNTS, total_tokens: 128 })], gemini)).toEqual({
      inputTokens: 100,
      outputTokens: 28,
      reasoningTokens: 8,
    });
  });

  it('that are not valid are left out', async () => {
    const odd = {
      prompt_tokens: '100',
      completion_tokens: -1,
      total_tokens: Number.MAX_VALUE,
      prompt_tokens_details: 5,
    };
    expect(await usageOf([stop(), usage(odd)])).toBeUndefined();
  });
});

describe('the cost reported by a provider', () => {
  it.each<[string, Record<string, unknown>, number | undefined]>([
    ['OpenRouter', { cost: 0.00014, cost_details: { upstream_inference_cost: 0.00014 }, is_byok: false }, 0.00014],
    [
      'OpenRouter with your own key',
      { cost: 0.00005, cost_details: { upstream_inference_cost: 0.001 }, is_byok: true },
      0.00105,
    ],
    ['OpenRouter, a free model', { cost: 0 }, 0],
    [
      'Perplexity',
      { cost: { input_tokens_cost: 0.0001, output_tokens_cost: 0.0002, request_cost: 0.005, total_cost: 0.0053 } },
      0.0053,
    ],
    ['xAI', { cost_in_usd_ticks: 37_756_000 }, 0.0037756],
    ['DeepInfra', { estimated_cost: 0.000021 }, 0.000021],
    ['nobody', { cost: 'free', estimated_cost: null }, undefined],
    ['nobody, with a cost below zero', { cost: -1 }, undefined],
  ])('is kept: %s', async (_, fields, expected) => {
    const counts = await usageOf([stop(), usage({ ...COUNTS, ...fields })]);

    expect(counts?.reportedCostUsd).toBe(expected);
    expect(counts).toMatchObject({ inputTokens: 100, outputTokens: 20 });
  });

  it('is kept with the Responses API and the Messages API too', async () => {
    const response = {
      id: 'r',
      object: 'response',
      model: 'served',
      status: 'completed',
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] }],
      usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5, cost: { total_cost: 0.006 } },
    };
    const openai = await server.ask(json(response), { type: 'openai', request: { model: 'gpt-5.6-luna' } });
    expect(openai).toMatchObject({ text: 'Hi', usage: { inputTokens: 3, outputTokens: 2, reportedCostUsd: 0.006 } });

    const message = {
      type: 'message',
      role: 'assistant',
      model: 'served',
      content: [{ type: 'text', text: 'Hi' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, output_tokens: 2, cost: 0.007 },
    };
    const anthropic = await server.ask(json(message), { type: 'anthropic' });
    expect(anthropic).toMatchObject({ text: 'Hi', usage: { inputTokens: 3, outputTokens: 2, reportedCostUsd: 0.007 } });
  });
});
