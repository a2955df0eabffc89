import { describe, expect, it } from 'vitest';
import { modelCapabilities } from '../../../src/core/models/catalogue/catalogue.ts';
import type { ChatRequest, Message } from '../../../src/core/models/chat-model.ts';
import { compatibleDialect } from '../../../src/core/models/openai/openai-compatible.ts';
import { type ChatDialect, packThoughtSignature } from '../../../src/core/models/openai/openai-messages.ts';
import { mapChatRequest } from '../../../src/core/models/openai/openai-request.ts';
import { mapResponsesRequest } from '../../../src/core/models/openai/openai-responses.ts';
import { packReasoning } from '../../../src/core/models/openai/openai-responses-input.ts';
import { ask } from './make-context.ts';

const OPENAI: ChatDialect = {
  name: 'OpenAI',
  maxTokensField: 'max_completion_tokens',
  topK: false,
  structuredOutput: 'strict',
  pdf: true,
  thoughtSignatures: false,
};
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const PDF = 'data:application/pdf;base64,JVBERi0=';

function chat(request: Partial<ChatRequest>, dialect = OPENAI) {
  const whole = ask('Hello', { model: 'gpt-4.1', ...request });
  return mapChatRequest(whole, dialect, modelCapabilities('openai', whole.model));
}

function codes({ warnings }: { warnings: { code: string; message: string }[] }) {
  return warnings.map(({ code, message }) => `${code}: ${message}`);
}

describe('a chat completions request', () => {
  it('contains every parameter that the model supports', () => {
    const { body, warnings } = chat({
      parameters: {
        temperature: 0.3,
        maxOutputTokens: 50,
        topP: 0.9,
        stopSequences: ['END'],
        seed: 7,
        extra: { logprobs: true },
      },
    });

    expect(body).toMatchObject({
      temperature: 0.3,
      max_completion_tokens: 50,
      top_p: 0.9,
      stop: ['END'],
      seed: 7,
      logprobs: true,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(warnings).toEqual([]);
  });

  it('contains the tool choice if there are tools, with either API', () => {
    const tools = [{ name: 'lookup', inputSchema: { type: 'object' } }];
    for (const toolChoice of ['auto', 'required', 'none'] as const) {
      expect(chat({ tools, parameters: { toolChoice } }).body.tool_choice).toBe(toolChoice);
      const whole = ask('Hello', { model: 'gpt-5', tools, parameters: { toolChoice } });
      expect(mapResponsesRequest(whole, OPENAI, {}).body.tool_choice).toBe(toolChoice);
    }
    const own = { type: 'function', function: { name: 'lookup' } };
    const both = chat({ tools, parameters: { toolChoice: 'auto', extra: { tool_choice: own } } });
    expect(both.body.tool_choice).toEqual(own);
    const bare = chat({ parameters: { toolChoice: 'required' } });
    expect(bare.body).not.toHaveProperty('tool_choice');
    expect(codes(bare)).toEqual([
      "parameter-unsupported: toolChoice 'required' was left out: the request has no tools.",
    ]);
    expect(codes(chat({ parameters: { toolChoice: 'auto' } }))).toEqual([]);
  });

  it('reports what it leaves out, and why', () => {
    const mapped = chat({
      parameters: { topK: 40, stopSequences: ['1', '2', '3', '4', '5'], reasoningEffort: 'high' },
    });

    expect(mapped.body).not.toHaveProperty('top_k');
    expect(mapped.body.stop).toHaveLength(4);
    expect(codes(mapped)).toEqual([
      expect.stringMatching(/parameter-unsupported: reasoningEffort .*does not reason/),
      expect.stringMatching(/parameter-unsupported: topK .*OpenAI/),
      expect.stringMatching(/parameter-unsupported: stopSequences .*limited to 4/),
    ]);
  });

  it('leaves out an unsupported temperature, and nothing else', () => {
    const refused = chat({ model: 'gpt-5', parameters: { temperature: 0.2 } });
    const unknown = chat({ model: 'a-model-of-tomorrow', parameters: { temperature: 0.2 } });

    expect(refused.body).not.toHaveProperty('temperature');
    expect(refused.warnings).toMatchObject([{ code: 'temperature-omitted' }]);
    expect(unknown.body).toMatchObject({ temperature: 0.2 });
    expect(unknown.warnings).toEqual([]);
  });

  it('contains a temperature for models that support one while they do not reason', () => {
    const without = chat({ model: 'gpt-5.2', parameters: { temperature: 0.2 } });
    const reasoning = chat({ model: 'gpt-5.2', parameters: { temperature: 0.2, reasoningEffort: 'low' } });

    expect(without.body).toMatchObject({ temperature: 0.2 });
    expect(reasoning.body).toMatchObject({ reasoning_effort: 'low' });
    expect(reasoning.body).not.toHaveProperty('temperature');
  });

  it('contains the nearest effort that the model supports', () => {
    const { body, warnings } = chat({ model: 'gpt-5', parameters: { reasoningEffort: 'max' } });

    expect(body.reasoning_effort).toBe('high');
    expect(warnings[0]?.message).toMatch(/'max'.*'high' was sent/);
  });

  it('does not let config override the prompt itself', () => {
    const { body, warnings } = chat({
      parameters: { extra: { model: 'other', stream: false, n: 3, 'demo.ttftMs': 1 } },
    });

    expect(body).toMatchObject({ model: 'gpt-4.1', stream: true });
    expect(body).not.toHaveProperty('n');
    expect(body).not.toHaveProperty('demo.ttftMs');
    expect(warnings.map(({ message }) => message.split(' ')[0])).toEqual(['model', 'stream', 'n']);
  });

  it('contains text, pictures and PDF in one message', () => {
    const parts: Message['parts'] = [
      { type: 'text', text: 'Look' },
      { type: 'media', url: PNG },
      { type: 'media', url: 'https://example.com/a.jpg' },
      { type: 'media', url: PDF },
      { type: 'media', url: 'data:text/plain,note%20it' },
    ];
    const { body, warnings } = chat({ messages: [{ role: 'user', parts }] });

    expect(body.messages[0]?.content).toEqual([
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: PNG } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.jpg' } },
      { type: 'file', file: { filename: 'document.pdf', file_data: PDF } },
      { type: 'text', text: 'note it' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('leaves out media that the model cannot read, with a warning', () => {
    const parts: Message['parts'] = [
      { type: 'media', url: PNG },
      { type: 'media', url: 'data:audio/wav;base64,AAAA' },
    ];
    const { body, warnings } = chat({ model: 'gpt-4', messages: [{ role: 'user', parts }] });

    expect(body.messages[0]?.content).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(['media-unsupported', 'media-unsupported']);
  });

  it('continues a conversation with tools', () => {
    const messages: Message[] = [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Weather?' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'thinking', signature: 's' },
          { type: 'tool-call', id: 'c1', name: 'get_weather', input: { city: 'Oslo' } },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool-result', id: 'c1', name: 'get_weather', output: 'no', isError: true }] },
    ];

    expect(chat({ messages }).body.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'Error: no' },
    ]);
  });

  it('returns Gemini’s thought signature with the tool call', () => {
    const messages: Message[] = [
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: '', signature: packThoughtSignature('c1', 'proof') },
          { type: 'tool-call', id: 'c1', name: 'f', input: {} },
        ],
      },
    ];
    const { body } = chat({ messages }, { ...OPENAI, thoughtSignatures: true });

    expect(JSON.stringify(body.messages)).toContain('"extra_content":{"google":{"thought_signature":"proof"}}');
    expect(JSON.stringify(chat({ messages }).body)).not.toContain('proof');
  });

  const schema = { type: 'object', properties: { a: { type: 'string' } } };

  it('contains a schema in the strict subset if possible', () => {
    const { body, warnings } = chat({ output: { format: 'json', schema } });

    expect(body.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { strict: true, schema: { required: ['a'], additionalProperties: false } },
    });
    expect(warnings).toEqual([]);
  });

  it('contains other schemas as not strict, with a warning', () => {
    const open = { type: 'object', additionalProperties: { type: 'string' } };
    const { body, warnings } = chat({ output: { format: 'json', schema: open } });

    expect(body.response_format).toMatchObject({ json_schema: { strict: false, schema: open } });
    expect(warnings).toMatchObject([{ code: 'schema-not-strict' }]);
  });

  it('falls back to plain JSON for models without schemas', () => {
    const messages: Message[] = [{ role: 'user', parts: [{ type: 'text', text: 'Answer as JSON' }] }];
    const { body, warnings } = chat({ model: 'gpt-4-turbo', messages, output: { format: 'json', schema } });

    expect(body.response_format).toEqual({ type: 'json_object' });
    expect(warnings).toMatchObject([{ code: 'schema-unsupported' }]);
  });

  it('does not request plain JSON if the messages never name it, which OpenAI rejects', () => {
    expect(chat({ output: { format: 'json' } }).body).not.toHaveProperty('response_format');
  });

  it('uses the parameter names of compatible servers', () => {
    const { body, warnings } = chat(
      { parameters: { maxOutputTokens: 9, topK: 40, temperature: 1.5 }, output: { format: 'json', schema } },
      compatibleDialect('vllm'),
    );

    expect(body).toMatchObject({ max_tokens: 9, top_k: 40, temperature: 1.5 });
    expect(body.response_format).toEqual({ type: 'json_schema', json_schema: { name: 'answer', schema } });
    expect(warnings).toEqual([]);
  });
});

describe('a Responses API request', () => {
  const can = modelCapabilities('openai', 'gpt-5.6-sol') ?? {};
  const map = (request: Partial<ChatRequest>) =>
    mapResponsesRequest(ask('Hello', { model: 'gpt-5.6-sol', ...request }), OPENAI, can);

  it('stores nothing at the provider and requests encrypted reasoning', () => {
    expect(map({}).body).toMatchObject({ store: false, include: ['reasoning.encrypted_content'], stream: true });
  });

  it('maps limits, effort, schema and tools', () => {
    const { body } = map({
      parameters: {
        maxOutputTokens: 99,
        reasoningEffort: 'low',
        extra: { reasoning: { summary: 'auto' }, text: { verbosity: 'low' } },
      },
      output: { format: 'json', schema: { type: 'object', properties: { a: { type: 'string' } } } },
      tools: [{ name: 'f', inputSchema: { type: 'object' } }],
    });

    expect(body).toMatchObject({
      max_output_tokens: 99,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { verbosity: 'low', format: { type: 'json_schema', strict: true } },
      tools: [{ type: 'function', name: 'f', strict: false }],
    });
  });

  it('reports what reasoning models do not support', () => {
    const mapped = map({ parameters: { temperature: 0.2, topP: 0.9, topK: 1, seed: 2, stopSequences: ['x'] } });

    expect(mapped.warnings.map(({ code }) => code)).toEqual([
      'temperature-omitted',
      'parameter-unsupported',
      'parameter-unsupported',
      'parameter-unsupported',
      'parameter-unsupported',
    ]);
  });

  it('continues a conversation with encrypted reasoning, calls and results in order', () => {
    const messages: Message[] = [
      { role: 'system', parts: [{ type: 'text', text: 'S' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'U' },
          { type: 'media', url: PNG },
          { type: 'media', url: PDF },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'shown', signature: packReasoning('r1', 'enc') },
          { type: 'text', text: 'A' },
          { type: 'tool-call', id: 'c1', name: 'f', input: { x: 1 } },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool-result', id: 'c1', name: 'f', output: '2' }] },
    ];

    expect(map({ messages }).body.input).toEqual([
      { role: 'system', content: [{ type: 'input_text', text: 'S' }] },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'U' },
          { type: 'input_image', image_url: PNG, detail: 'auto' },
          { type: 'input_file', filename: 'document.pdf', file_data: PDF },
        ],
      },
      { type: 'reasoning', id: 'r1', summary: [], encrypted_content: 'enc' },
      { role: 'assistant', content: 'A' },
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"x":1}' },
      { type: 'function_call_output', call_id: 'c1', output: '2' },
    ]);
  });
});
