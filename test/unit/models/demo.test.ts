import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonSchema } from '../../../src/core/models/chat-model.ts';
import { createDemoProvider, demoPrices, toTokens } from '../../../src/core/models/demo/demo.ts';
import { ask, collect, makeContext, only } from './make-context.ts';

const FAST = { 'demo.ttftMs': 0, 'demo.tokensPerSecond': 1_000_000 };
const CUSTOMER = `Judge the risk that this customer leaves.

| Figure | Value |
| --- | --- |
| Age | 42 years |
| Tenure | 7 months |
| Support tickets, last 90 days | 4 |
| Monthly spend | $89.5 |`;
const CHURN: JsonSchema = {
  type: 'object',
  properties: {
    risk_level: { type: 'string', enum: ['low', 'medium', 'high'] },
    factors: { type: 'array', items: { type: 'string' } },
    recommendations: { type: 'array', items: { type: 'string' } },
  },
  required: ['risk_level', 'factors', 'recommendations'],
  additionalProperties: false,
};

const demo = createDemoProvider(makeContext({ connection: { id: 'demo', type: 'demo' } }));

function fast(text: string, overrides: Partial<ChatRequest> = {}): ChatRequest {
  const { parameters, ...rest } = overrides;
  return ask(text, { model: 'balanced', parameters: { extra: FAST, ...parameters }, ...rest });
}

describe('the demo models', () => {
  it('are three and an echo, with their own context windows and prices', async () => {
    const models = await demo.listModels(new AbortController().signal);

    expect(models.map(({ id }) => id)).toEqual(['swift', 'balanced', 'thorough', 'echo']);
    expect(models.every(({ contextWindow }) => contextWindow !== undefined)).toBe(true);
    expect(new Set(Object.values(demoPrices).map(({ outputUsd }) => outputUsd)).size).toBe(4);
  });

  it('answer the same request with the same tokens', async () => {
    const first = await collect(demo.chat, fast(CUSTOMER));
    const second = await collect(demo.chat, fast(CUSTOMER));

    expect(second.text).toBe(first.text);
    expect(second.events).toEqual(first.events);
  });

  it('label every text answer in its first line', async () => {
    const { text } = await collect(demo.chat, fast('Tell me about tea.', { model: 'swift' }));

    expect(text.split('\n')[0]).toMatch(/demo answer.*swift/i);
  });

  it('answer the churn question with the figures in the input', async () => {
    const { text } = await collect(demo.chat, fast(CUSTOMER, { output: { format: 'json', schema: CHURN } }));
    const answer = JSON.parse(text) as { risk_level: string; factors: string[]; recommendations: string[] };

    expect(answer.risk_level).toBe('high');
    expect(answer.factors[0]).toMatch(/Tenure is 7 months|Support tickets/);
    expect(answer.factors.join()).not.toMatch(/Age is/);
    expect(answer.recommendations.length).toBeGreaterThan(0);
    expect(answer.recommendations.length).toBeLessThanOrEqual(3);
  });

  it('differ in length', async () => {
    const lengths = await Promise.all(
      ['swift', 'balanced', 'thorough'].map(
        async (model) => (await collect(demo.chat, fast(CUSTOMER, { model }))).text.length,
      ),
    );

    expect([...lengths].sort((a, b) => a - b)).toEqual(lengths);
    expect(new Set(lengths).size).toBe(3);
  });

  it('count every token that they send, including reasoning', async () => {
    const { events, text, reasoning } = await collect(demo.chat, fast(CUSTOMER, { model: 'thorough' }));
    const [last] = only(events, 'usage').slice(-1);

    expect(reasoning).not.toBe('');
    expect(last?.usage.reasoningTokens).toBe(toTokens(reasoning).length);
    expect(last?.usage.outputTokens).toBe(toTokens(reasoning).length + toTokens(text).length);
    expect(toTokens(text).join('')).toBe(text);
  });

  it('do not reason if the effort is none', async () => {
    const { reasoning } = await collect(
      demo.chat,
      fast(CUSTOMER, { model: 'thorough', parameters: { extra: FAST, reasoningEffort: 'none' } }),
    );

    expect(reasoning).toBe('');
  });

  it('stop at the limit of output tokens, with that finish reason', async () => {
    const { events } = await collect(demo.chat, fast(CUSTOMER, { parameters: { extra: FAST, maxOutputTokens: 5 } }));

    expect(only(events, 'text-delta')).toHaveLength(5);
    expect(only(events, 'finish')[0]?.reason).toBe('length');
    expect(only(events, 'usage').at(-1)?.usage.outputTokens).toBe(5);
  });

  it('stop before a stop sequence', async () => {
    const { text } = await collect(demo.chat, fast(CUSTOMER, { parameters: { extra: FAST, stopSequences: ['##'] } }));

    expect(text).toMatch(/^> \*\*Demo answer/);
    expect(text).not.toContain('##');
  });

  it('write exactly as many tokens as a benchmark asks for', async () => {
    const { events } = await collect(
      demo.chat,
      fast('go', { parameters: { extra: { ...FAST, 'demo.outputTokens': 600 } } }),
    );

    expect(only(events, 'usage').at(-1)?.usage.outputTokens).toBe(600);
  });

  it('call a tool if the prompt requires one, and none if it forbids it', async () => {
    const tool = { name: 'get_weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } };
    const ask = async (text: string, toolChoice: 'auto' | 'required' | 'none') => {
      const { events } = await collect(
        demo.chat,
        fast(text, { tools: [tool], parameters: { extra: FAST, toolChoice } }),
      );
      return only(events, 'tool-call').length;
    };
    expect(await ask('Hello', 'required')).toBe(1);
    expect(await ask('Hello', 'auto')).toBe(0);
    expect(await ask('Please get the weather in Oslo', 'none')).toBe(0);
  });

  it('call a tool that the user names, with valid input, and answer after its result', async () => {
    const tool = {
      name: 'get_weather',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    };
    const request = fast('Please get the weather in Oslo', { tools: [tool] });
    const first = await collect(demo.chat, request);
    const [call] = only(first.events, 'tool-call');
    expect(call?.name).toBe('get_weather');
    expect(call?.input).toHaveProperty('city');
    expect(only(first.events, 'finish')[0]?.reason).toBe('tool-calls');

    const result = { type: 'tool-result' as const, id: call?.id ?? '', name: 'get_weather', output: 'Rain, 4 °C' };
    const { text } = await collect(demo.chat, {
      ...request,
      messages: [...request.messages, { role: 'tool', parts: [result] }],
    });
    expect(text).toContain('Rain, 4 °C');
  });

  it('end at once when they are cancelled', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const read = async () => {
      const request = ask(CUSTOMER, {
        model: 'thorough',
        parameters: { extra: { 'demo.ttftMs': 0, 'demo.tokensPerSecond': 1 } },
      });
      for await (const event of demo.chat.stream(request, controller.signal)) {
        seen.push(event.type);
        if (event.type === 'reasoning-delta') controller.abort();
      }
    };

    await expect(read()).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).not.toContain('finish');
  });

  it('list the existing models if another one is requested', async () => {
    const { error } = await collect(demo.chat, fast('x', { model: 'huge' }));

    expect(error).toMatchObject({ code: 'model-not-found', hint: expect.stringContaining('balanced') });
  });

  const SCHEMAS: Record<string, JsonSchema> = {
    'nested objects with ranges': {
      type: 'object',
      properties: {
        score: { type: 'number', minimum: 0, maximum: 1 },
        count: { type: 'integer', exclusiveMinimum: 3, maximum: 9, multipleOf: 2 },
        owner: { type: 'object', properties: { email: { type: 'string', format: 'email' } }, required: ['email'] },
      },
      required: ['score', 'count', 'owner'],
      additionalProperties: false,
    },
    'arrays with bounds': {
      type: 'object',
      properties: {
        tags: { type: 'array', minItems: 5, maxItems: 6, items: { type: 'string', minLength: 10, maxLength: 20 } },
        pair: { type: 'array', maxItems: 1, items: { type: 'integer', minimum: 1, maximum: 3 } },
      },
      required: ['tags', 'pair'],
    },
    'a reference to itself': {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { label: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } },
          required: ['label', 'children'],
        },
      },
    },
    'a union with null, a constant and a pattern': {
      type: 'object',
      properties: {
        kind: { const: 'report' },
        code: { type: 'string', pattern: '^[A-Z]{2}-\\d{4}(a|b)?$' },
        next: {
          anyOf: [
            { type: 'object', properties: { at: { type: 'string', format: 'date-time' } }, required: ['at'] },
            { type: 'null' },
          ],
        },
        grade: { type: ['string', 'null'], enum: ['A', 'B', null] },
      },
      required: ['kind', 'code', 'next', 'grade'],
    },
    'all of several schemas': {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { type: 'object', properties: { b: { type: 'boolean' } }, required: ['b'] },
      ],
    },
    'a bare array': { type: 'array', items: { type: 'string', enum: ['x', 'y'] }, minItems: 1 },
  };
  const cases = Object.entries(SCHEMAS).flatMap(([name, schema]) =>
    ['swift', 'balanced', 'thorough'].map((model) => ({ name, schema, model })),
  );
  it.each(cases)('$model writes valid JSON for $name', async ({ schema, model }) => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const { text } = await collect(demo.chat, fast(CUSTOMER, { model, output: { format: 'json', schema } }));

    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });
});
