import { describe, expect, it } from 'vitest';
import { createMessagesMapper } from '../../../src/core/models/anthropic/anthropic-stream.ts';
import type { ChatEvent } from '../../../src/core/models/chat-model.ts';
import { createResponsesMapper } from '../../../src/core/models/openai/openai-responses-stream.ts';
import { createChatMapper } from '../../../src/core/models/openai/openai-stream.ts';
import { readUsage } from '../../../src/core/models/openai/openai-usage.ts';
import type { StreamMapper } from '../../../src/core/models/transport/sdk-stream.ts';

/** Chunks as servers really send them, which the SDKs' types do not always allow. */
function play<Chunk>(mapper: StreamMapper<Chunk>, chunks: readonly unknown[]): ChatEvent[] {
  const out: ChatEvent[] = [];
  for (const chunk of chunks) mapper.map(chunk as Chunk, out);
  mapper.end(out);
  return out;
}

const delta = (change: unknown, extra = {}) => ({ choices: [{ index: 0, delta: change, ...extra }] });
const done = (reason: string) => delta({}, { finish_reason: reason });

describe('chunks of a chat completion', () => {
  it('are distinguished if a server gives every parallel call the same index', () => {
    const call = (id: string, name: string, args: string) => ({ index: 0, id, function: { name, arguments: args } });
    const events = play(createChatMapper(), [
      delta({ tool_calls: [call('a', 'f', '{"x":1}')] }),
      delta({ tool_calls: [call('b', 'g', '{}')] }),
      done('stop'),
    ]);

    expect(events).toMatchObject([
      { type: 'tool-call', id: 'a', name: 'f', input: { x: 1 } },
      { type: 'tool-call', id: 'b', name: 'g', input: {} },
      { type: 'finish', reason: 'tool-calls', rawReason: 'stop' },
    ]);
  });

  it('give a call without an id one, and show arguments that are not JSON unchanged', () => {
    const events = play(createChatMapper(), [
      delta({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '{"x":' } }] }),
      done('tool_calls'),
    ]);

    expect(events[0]).toEqual({ type: 'tool-call', id: 'call_0', name: 'f', input: '{"x":' });
  });

  it('contain Gemini’s thoughts, and the signature that is returned with a tool call', () => {
    const events = play(createChatMapper(), [
      delta({ content: '<thought>hm', extra_content: { google: { thought: true } } }),
      delta({ content: 'answer' }),
      delta({
        tool_calls: [
          {
            index: 0,
            id: 'a',
            function: { name: 'f', arguments: '{}' },
            extra_content: { google: { thought_signature: 'P' } },
          },
        ],
      }),
      done('tool_calls'),
    ]);

    expect(events.slice(0, 2)).toEqual([
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'text-delta', text: 'answer' },
    ]);
    expect(events[2]).toMatchObject({ type: 'reasoning-delta', text: '', signature: expect.stringContaining('"P"') });
    expect(events[3]).toMatchObject({ type: 'tool-call', id: 'a' });
  });

  it('show a refusal as text and as finish reason', () => {
    const events = play(createChatMapper(), [delta({ refusal: 'No.' }), done('stop')]);

    expect(events).toMatchObject([
      { type: 'text-delta', text: 'No.' },
      { reason: 'content-filter', rawReason: 'stop' },
    ]);
  });

  it('ignore everything that is not a choice: Azure’s filters, other candidates, nulls', () => {
    const events = play(createChatMapper(), [
      { choices: [], prompt_filter_results: [] },
      { choices: [{ index: 1, delta: { content: 'other' } }] },
      { choices: [{ index: 0, delta: null }] },
      delta({ content: null, reasoning: null, tool_calls: null }),
      done('eos'),
    ]);

    expect(events).toMatchObject([{ type: 'finish', reason: 'stop', rawReason: 'eos' }]);
  });

  it.each([
    ['content_filter', 'content-filter'],
    ['MAX_TOKENS', 'length'],
    ['something_new', 'unknown'],
  ])('end with %s as %s', (raw, reason) => {
    expect(play(createChatMapper(), [done(raw)])).toMatchObject([{ reason, rawReason: raw }]);
  });
});

describe('the usage of a chat completion', () => {
  it('counts thoughts that are only in the total, as Gemini sends it', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 35 };
    expect(readUsage(usage, { hiddenReasoning: true })).toEqual({
      inputTokens: 10,
      outputTokens: 25,
      reasoningTokens: 20,
    });
  });

  it('is unknown if it was not sent', () => {
    expect(readUsage({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 })).toEqual({
      inputTokens: 10,
      outputTokens: 5,
    });
    expect(readUsage({})).toEqual({});
  });

  it('reads the cache fields of DeepSeek', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, prompt_cache_hit_tokens: 8 };

    expect(readUsage(usage).cacheReadTokens).toBe(8);
  });
});

describe('events of the Responses API', () => {
  const failed = (code: string) => ({ type: 'response.failed', response: { error: { code, message: 'sorry' } } });

  it('fail with the status that the code means', () => {
    expect(() => play(createResponsesMapper(), [failed('server_error')])).toThrow(
      expect.objectContaining({ status: 500 }),
    );
    expect(() => play(createResponsesMapper(), [failed('rate_limit_exceeded')])).toThrow(
      expect.objectContaining({ status: 429 }),
    );
    expect(() => play(createResponsesMapper(), [failed('invalid_prompt')])).toThrow(
      expect.objectContaining({ status: 400 }),
    );
  });

  it('keep encrypted reasoning for the next turn', () => {
    const item = { type: 'reasoning', id: 'r', summary: [], encrypted_content: 'E' };
    const [event] = play(createResponsesMapper(), [{ type: 'response.output_item.done', item }]);

    expect(event).toEqual({ type: 'reasoning-delta', text: '', signature: 'openai-reasoning:["r","E"]' });
  });
});

describe('events of the Messages API', () => {
  it('keep encrypted thinking for the next turn', () => {
    const block = { type: 'redacted_thinking', data: 'D' };
    const [event] = play(createMessagesMapper(), [{ type: 'content_block_start', index: 0, content_block: block }]);

    expect(event).toEqual({ type: 'reasoning-delta', text: '', signature: 'redacted-thinking:D' });
  });

  it.each([
    ['refusal', 'content-filter'],
    ['model_context_window_exceeded', 'length'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'unknown'],
  ])('end with %s as %s', (raw, reason) => {
    const chunk = { type: 'message_delta', delta: { stop_reason: raw }, usage: { output_tokens: 1 } };

    expect(play(createMessagesMapper(), [chunk]).at(-1)).toMatchObject({ type: 'finish', reason, rawReason: raw });
  });

  it('treat a call without arguments as one with none', () => {
    const events = play(createMessagesMapper(), [
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a', name: 'f', input: {} } },
      { type: 'content_block_stop', index: 0 },
    ]);

    expect(events).toEqual([{ type: 'tool-call', id: 'a', name: 'f', input: {} }]);
  });
});
