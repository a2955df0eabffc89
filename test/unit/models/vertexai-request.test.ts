import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/core/models/catalogue/capabilities.ts';
import type { ChatRequest, Message, Parameters } from '../../../src/core/models/chat-model.ts';
import { mapGeminiRequest } from '../../../src/core/models/vertexai/vertexai-request.ts';
import { ask } from './make-context.ts';

const map = (request: Partial<ChatRequest>, can?: Capabilities) =>
  mapGeminiRequest(ask('Hello', { model: 'gemini-2.5-flash', ...request }), can);
const config = (parameters: Parameters, can?: Capabilities, model = 'gemini-2.5-flash') =>
  map({ parameters, model }, can).body.generationConfig;
const codes = ({ warnings }: ReturnType<typeof map>) => warnings.map(({ code }) => code);

describe('a request to Gemini', () => {
  it('has every sampling parameter under Gemini’s name', () => {
    const parameters = { temperature: 0, maxOutputTokens: 9, topP: 0.5, topK: 3, stopSequences: ['END'], seed: 7 };
    expect(config(parameters)).toEqual(parameters);
  });

  it('contains the tool choice', () => {
    const tools = [{ name: 'lookup', inputSchema: { type: 'object' } }];
    const modes = { auto: 'AUTO', required: 'ANY', none: 'NONE' } as const;
    for (const [toolChoice, mode] of Object.entries(modes) as [keyof typeof modes, string][]) {
      expect(map({ tools, parameters: { toolChoice } }).body.toolConfig).toEqual({ functionCallingConfig: { mode } });
    }
    expect(map({ parameters: { toolChoice: 'required' } }).body).not.toHaveProperty('toolConfig');
    expect(codes(map({ parameters: { toolChoice: 'required' } }))).toEqual(['parameter-unsupported']);
  });

  it('puts passed-through config where it belongs, and reports keys that belong nowhere', () => {
    const safetySettings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }];
    const mapped = map({
      parameters: { extra: { safetySettings, presencePenalty: 1, frobnicate: 2, 'demo.speed': 1 } },
    });

    expect(mapped.body.safetySettings).toEqual(safetySettings);
    expect(mapped.body.generationConfig).toEqual({ presencePenalty: 1 });
    expect(mapped.warnings.map(({ message }) => message)).toEqual([expect.stringContaining('frobnicate')]);
  });

  it.each([
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0, includeThoughts: false }],
    ['gemini-2.5-pro', 'high', { thinkingBudget: 24576, includeThoughts: true }],
    ['gemini-3-pro', 'low', { thinkingLevel: 'LOW', includeThoughts: true }],
    ['endpoints/12', 'medium', { thinkingLevel: 'MEDIUM', includeThoughts: true }],
  ] as const)('asks %s for effort %s in its own way', (model, reasoningEffort, thinkingConfig) => {
    expect(config({ reasoningEffort }, undefined, model)).toEqual({ thinkingConfig });
  });

  it('contains the nearest effort that the model supports, with a warning', () => {
    const mapped = map({ parameters: { reasoningEffort: 'max' } }, { reasoningEfforts: ['low', 'high'] });

    expect(mapped.body.generationConfig).toEqual({ thinkingConfig: { thinkingBudget: 24576, includeThoughts: true } });
    expect(codes(mapped)).toEqual(['parameter-unsupported']);
  });

  it('requests thoughts from models that are known to think, and from no others', () => {
    expect(config({}, { reasoningEfforts: ['low', 'high'] })).toEqual({ thinkingConfig: { includeThoughts: true } });
    expect(config({}, { reasoningEfforts: [] })).toBeUndefined();
    expect(config({})).toBeUndefined();
  });

  it('leaves out what the model does not support, with a warning each', () => {
    const can: Capabilities = {
      temperature: false,
      topK: false,
      seed: false,
      stopSequences: 1,
      tools: false,
      images: false,
    };
    const parameters = { temperature: 1, topK: 2, seed: 3, stopSequences: ['a', 'b'] };
    const messages: Message[] = [
      {
        role: 'user',
        parts: [
          { type: 'media', url: 'https://x.test/a.png' },
          { type: 'text', text: 'Hi' },
        ],
      },
    ];
    const tools = [{ name: 'f', inputSchema: {} }];
    const mapped = map({ parameters, messages, tools, promptCaching: true }, can);

    expect(mapped.body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      generationConfig: { stopSequences: ['a'] },
    });
    expect(codes(mapped).sort()).toEqual([
      'caching-unsupported',
      'media-unsupported',
      'parameter-unsupported',
      'parameter-unsupported',
      'parameter-unsupported',
      'temperature-omitted',
      'tools-unsupported',
    ]);
  });

  it('omits the parameters of a function without any, since an empty object is rejected', () => {
    const tools = [
      { name: 'now', description: 'The time.', inputSchema: { type: 'object', properties: {} } },
      { name: 'at', inputSchema: { type: 'object', properties: { zone: { type: 'string' } } } },
    ];
    expect(map({ tools }).body.tools).toEqual([
      {
        functionDeclarations: [
          { name: 'now', description: 'The time.' },
          {
            name: 'at',
            parameters: { type: 'OBJECT', properties: { zone: { type: 'STRING' } }, propertyOrdering: ['zone'] },
          },
        ],
      },
    ]);
  });

  it('puts the results of parallel calls into one turn', () => {
    const messages: Message[] = [
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: '1', name: 'f', input: {} },
          { type: 'tool-call', id: '2', name: 'g', input: { a: 1 } },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool-result', id: '1', name: 'f', output: 'plain' }] },
      { role: 'tool', parts: [{ type: 'tool-result', id: '2', name: 'g', output: 'broken', isError: true }] },
    ];
    expect(map({ messages }).body.contents).toEqual([
      {
        role: 'model',
        parts: [{ functionCall: { name: 'f', args: {} } }, { functionCall: { name: 'g', args: { a: 1 } } }],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'f', response: { output: 'plain' } } },
          { functionResponse: { name: 'g', response: { error: 'broken' } } },
        ],
      },
    ]);
  });

  it('sends files by address with their type, but no signatures of other providers', () => {
    const messages: Message[] = [
      {
        role: 'user',
        parts: [
          { type: 'media', url: 'gs://bucket/a.pdf' },
          { type: 'media', url: 'https://x.test/picture' },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'Hm.', signature: 'anthropic-proof' },
          { type: 'text', text: 'Yes.' },
        ],
      },
    ];
    expect(map({ messages }).body.contents).toEqual([
      {
        role: 'user',
        parts: [
          { fileData: { mimeType: 'application/pdf', fileUri: 'gs://bucket/a.pdf' } },
          { fileData: { mimeType: 'image/jpeg', fileUri: 'https://x.test/picture' } },
        ],
      },
      { role: 'model', parts: [{ text: 'Yes.' }] },
    ]);
  });

  it('warns if the schema has constraints that Gemini does not support', () => {
    const schema = { type: 'object', properties: { n: { type: 'number', multipleOf: 5 } } };
    expect(codes(map({ output: { format: 'json', schema } }))).toEqual(['schema-not-strict']);
    expect(map({ output: { format: 'json' } }).body.generationConfig).toEqual({ responseMimeType: 'application/json' });
  });
});
