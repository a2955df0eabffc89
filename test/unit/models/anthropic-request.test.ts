import { describe, expect, it } from 'vitest';
import { mapMessagesRequest } from '../../../src/core/models/anthropic/anthropic-request.ts';
import { modelCapabilities } from '../../../src/core/models/catalogue/catalogue.ts';
import type { ChatRequest, Message } from '../../../src/core/models/chat-model.ts';
import { ask } from './make-context.ts';

const NEW = 'claude-sonnet-5-5';
const OLD = 'claude-haiku-4-5';

function map(request: Partial<ChatRequest>) {
  const whole = ask('Hello', { model: NEW, ...request });
  return mapMessagesRequest(whole, modelCapabilities('anthropic', whole.model));
}

describe('a request to the Messages API', () => {
  it('always has a limit, a larger one if the model thinks by default', () => {
    expect(map({ model: OLD }).body.max_tokens).toBe(8_192);
    expect(map({ model: NEW }).body.max_tokens).toBe(24_576);
    expect(map({ parameters: { maxOutputTokens: 77 } }).body.max_tokens).toBe(77);
    expect(map({ model: 'claude-3-haiku-20240307' }).body.max_tokens).toBe(4_096);
  });

  it('contains the tool choice, and warns if a thinking model does not support it', () => {
    const tools = [{ name: 'lookup', inputSchema: { type: 'object' } }];
    const choose = (toolChoice: 'auto' | 'required' | 'none', model = OLD) =>
      map({ model, tools, parameters: { toolChoice } });
    expect(choose('auto').body.tool_choice).toEqual({ type: 'auto' });
    expect(choose('required').body.tool_choice).toEqual({ type: 'any' });
    expect(choose('none').body.tool_choice).toEqual({ type: 'none' });
    const thinking = choose('required', NEW);
    expect(thinking.body).not.toHaveProperty('tool_choice');
    expect(thinking.warnings.map(({ message }) => message)).toEqual([
      "toolChoice 'required' was left out: Claude refuses it with extended thinking.",
    ]);
  });

  it('contains sampling parameters for models that support them', () => {
    const { body, warnings } = map({ model: OLD, parameters: { temperature: 0.5, topK: 5, stopSequences: ['X'] } });

    expect(body).toMatchObject({ temperature: 0.5, top_k: 5, stop_sequences: ['X'] });
    expect(warnings).toEqual([]);
  });

  it('leaves them out for newer models, with a warning each', () => {
    const { body, warnings } = map({ parameters: { temperature: 0.5, topP: 0.9, topK: 5, seed: 1 } });

    expect(body).not.toHaveProperty('temperature');
    expect(body).not.toHaveProperty('top_p');
    expect(body).not.toHaveProperty('top_k');
    expect(warnings.map(({ code, message }) => `${code} ${message.split(' ')[0]}`)).toEqual([
      'temperature-omitted temperature',
      'parameter-unsupported topP',
      'parameter-unsupported topK',
      'parameter-unsupported seed',
    ]);
  });

  it('contains only one of temperature and topP if the model supports only one', () => {
    const { body, warnings } = map({ model: OLD, parameters: { temperature: 0.5, topP: 0.9 } });

    expect(body).toMatchObject({ temperature: 0.5 });
    expect(body).not.toHaveProperty('top_p');
    expect(warnings).toHaveLength(1);
  });

  it('gives older models a thinking budget below the limit', () => {
    expect(map({ model: OLD, parameters: { reasoningEffort: 'medium' } }).body).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 8_192 },
      max_tokens: 16_384,
    });
    expect(map({ model: OLD, parameters: { reasoningEffort: 'high', maxOutputTokens: 4_000 } }).body).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 2_000 },
      max_tokens: 4_000,
    });
    const tight = map({ model: OLD, parameters: { reasoningEffort: 'high', maxOutputTokens: 500, temperature: 0.1 } });
    expect(tight.body).not.toHaveProperty('thinking');
    expect(tight.warnings).toMatchObject([{ code: 'parameter-unsupported' }]);
  });

  it('gives newer models an effort, and turns thinking off if possible', () => {
    expect(map({ parameters: { reasoningEffort: 'low' } }).body).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'low' },
    });
    expect(map({ parameters: { reasoningEffort: 'none' } }).body).toMatchObject({ thinking: { type: 'disabled' } });
    const always = map({ model: 'claude-opus-5-5', parameters: { reasoningEffort: 'none' } });
    expect(always.body).toMatchObject({ output_config: { effort: 'low' } });
    expect(always.warnings[0]?.message).toMatch(/'none'.*'low' was sent/);
  });

  it('leaves temperature out while a model thinks', () => {
    const { body, warnings } = map({ model: OLD, parameters: { reasoningEffort: 'low', temperature: 0.2, topK: 3 } });

    expect(body).not.toHaveProperty('temperature');
    expect(warnings.map(({ code }) => code)).toEqual(['temperature-omitted', 'parameter-unsupported']);
  });

  it('constrains the answer to a schema in the subset that Anthropic supports', () => {
    const schema = { type: 'object', properties: { a: { type: 'integer', minimum: 1 } }, required: ['a'] };

    expect(map({ output: { format: 'json', schema } }).body.output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { a: { type: 'integer', description: '(minimum: 1)' } },
          required: ['a'],
          additionalProperties: false,
        },
      },
    });
    const open = map({ output: { format: 'json', schema: { type: 'object', additionalProperties: true } } });
    expect(open.body).not.toHaveProperty('output_config');
    expect(open.warnings).toMatchObject([{ code: 'schema-unsupported' }]);
  });

  it('joins consecutive messages of one role, and puts tool results into the user’s turn', () => {
    const messages: Message[] = [
      { role: 'system', parts: [{ type: 'text', text: 'S1' }] },
      { role: 'system', parts: [{ type: 'text', text: 'S2' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'U' },
          { type: 'text', text: '' },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'T', signature: 'sig' },
          { type: 'reasoning', text: 'foreign' },
          { type: 'reasoning', text: '', signature: 'redacted-thinking:xyz' },
          { type: 'tool-call', id: 'c1', name: 'f', input: { x: 1 } },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool-result', id: 'c1', name: 'f', output: 'R', isError: true }] },
      { role: 'user', parts: [{ type: 'text', text: 'go on' }] },
    ];
    const { body } = map({ messages });

    expect(body.system).toEqual([
      { type: 'text', text: 'S1' },
      { type: 'text', text: 'S2' },
    ]);
    expect(body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'U' }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'T', signature: 'sig' },
          { type: 'redacted_thinking', data: 'xyz' },
          { type: 'tool_use', id: 'c1', name: 'f', input: { x: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: 'R', is_error: true },
          { type: 'text', text: 'go on' },
        ],
      },
    ]);
  });

  it('moves a later system message into a turn, with one warning', () => {
    const messages: Message[] = [
      { role: 'user', parts: [{ type: 'text', text: 'U' }] },
      { role: 'system', parts: [{ type: 'text', text: 'S' }] },
      { role: 'system', parts: [{ type: 'text', text: 'S' }] },
    ];
    const { body, warnings } = map({ messages });

    expect(body.messages).toHaveLength(1);
    expect(warnings.map(({ code }) => code)).toEqual(['system-folded']);
  });

  it('contains pictures and PDF, and warns about other media', () => {
    const parts: Message['parts'] = [
      { type: 'media', url: 'data:image/png;base64,AAAA' },
      { type: 'media', url: 'https://example.com/x.pdf' },
      { type: 'media', url: 'data:application/pdf;base64,BBBB' },
      { type: 'media', url: 'data:image/tiff;base64,CCCC' },
    ];
    const { body, warnings } = map({ messages: [{ role: 'user', parts }] });

    expect(body.messages[0]?.content).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'document', source: { type: 'url', url: 'https://example.com/x.pdf' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'BBBB' } },
    ]);
    expect(warnings).toMatchObject([{ code: 'media-unsupported', message: expect.stringContaining('image/tiff') }]);
  });

  it('marks the system text and the last large block for the cache only if requested', () => {
    const large = 'x'.repeat(5_000);
    const messages: Message[] = [
      { role: 'system', parts: [{ type: 'text', text: 'S' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', text: large },
          { type: 'text', text: 'short question' },
        ],
      },
    ];
    const cached = map({ messages, promptCaching: true }).body;

    expect(cached.system).toMatchObject([{ cache_control: { type: 'ephemeral' } }]);
    expect(cached.messages[0]?.content).toMatchObject([
      { cache_control: { type: 'ephemeral' } },
      { text: 'short question' },
    ]);
    expect(JSON.stringify(cached).match(/cache_control/g)).toHaveLength(2);
    expect(JSON.stringify(map({ messages }).body)).not.toContain('cache_control');
  });
});
