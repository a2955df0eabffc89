import Ajv from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/core/models/chat-model.ts';
import {
  normalizeStructuredAnswer,
  restoreNulls,
} from '../../../src/core/models/transport/structured/structured-answer.ts';
import { toStrictSchema } from '../../../src/core/models/transport/structured/structured-output.ts';

const PERSON: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 2 },
    nick: { type: 'string' },
    mood: { type: 'string', enum: ['good', 'bad'] },
    age: { type: 'integer', minimum: 0 },
    boss: { $ref: '#/$defs/ref' },
    note: { type: ['string', 'null'] },
  },
  required: ['name'],
  $defs: { ref: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } },
};

describe('OpenAI’s strict subset', () => {
  it('requires every property, closes every object and makes optional ones nullable', () => {
    const result = toStrictSchema(PERSON, 'openai');

    expect(result).toEqual({
      strict: true,
      schema: {
        type: 'object',
        properties: {
          name: { type: 'string', description: '(minLength: 2)' },
          nick: { type: ['string', 'null'] },
          mood: { type: ['string', 'null'], enum: ['good', 'bad', null] },
          age: { type: ['integer', 'null'], minimum: 0 },
          boss: { anyOf: [{ $ref: '#/$defs/ref' }, { type: 'null' }] },
          note: { type: ['string', 'null'] },
        },
        required: ['name', 'nick', 'mood', 'age', 'boss', 'note'],
        additionalProperties: false,
        $defs: {
          ref: {
            type: 'object',
            properties: { id: { type: 'string' } },
            required: ['id'],
            additionalProperties: false,
          },
        },
      },
    });
  });

  it('converts oneOf into anyOf, const into a list of one, and a single allOf into itself', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        a: { oneOf: [{ type: 'string' }, { type: 'number' }] },
        b: { const: 'x' },
        c: { allOf: [{ type: 'string' }], description: 'kept' },
      },
      required: ['a', 'b', 'c'],
    };

    expect(toStrictSchema(schema, 'openai').schema.properties).toEqual({
      a: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      b: { enum: ['x'] },
      c: { type: 'string', description: 'kept' },
    });
  });

  it.each<[string, JsonSchema, RegExp]>([
    ['a root that is a list', { type: 'array', items: { type: 'string' } }, /root is not an object/],
    [
      'a map',
      { type: 'object', properties: { m: { type: 'object', additionalProperties: { type: 'string' } } } },
      /any property at 'm'/,
    ],
    ['an open value', { type: 'object', properties: { v: {} } }, /type open at 'v'/],
    ['a list of anything', { type: 'object', properties: { l: { type: 'array' } } }, /items of an array open at 'l'/],
    ['a condition', { type: 'object', properties: { a: { type: 'string' } }, if: {} }, /'if'/],
    ['a pattern of names', { type: 'object', patternProperties: {} }, /'patternProperties'/],
    ['several allOf', { type: 'object', properties: { a: { allOf: [{}, {}] } } }, /'allOf' at 'a'/],
  ])('does not support %s', (_, schema, problem) => {
    const result = toStrictSchema(schema, 'openai');

    expect(result).toMatchObject({ strict: false, schema, problem: expect.stringMatching(problem) });
  });

  it('does not change the given schema', () => {
    const before = structuredClone(PERSON);
    toStrictSchema(PERSON, 'openai');

    expect(PERSON).toEqual(before);
  });
});

describe('Anthropic’s output format', () => {
  it('keeps optional properties optional and describes limits in text', () => {
    const { schema } = toStrictSchema(PERSON, 'anthropic');

    expect(schema).toMatchObject({
      required: ['name'],
      additionalProperties: false,
      properties: { age: { type: 'integer', description: '(minimum: 0)' }, nick: { type: 'string' } },
    });
  });

  it('does not support a recursive schema', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#' } } },
      required: ['children'],
    };

    expect(toStrictSchema(schema, 'anthropic')).toMatchObject({ strict: false, problem: 'it refers to itself' });
    expect(toStrictSchema(schema, 'openai').strict).toBe(true);
  });
});

describe('an answer under a strict schema', () => {
  it('loses the nulls that only strict mode required', () => {
    const answer = { name: 'Ann', nick: null, mood: null, age: 3, boss: null, note: null };

    expect(restoreNulls(answer, PERSON)).toEqual({ name: 'Ann', age: 3, note: null });
  });

  it('loses them inside lists and in the matching branch of a union', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        items: {
          type: 'array',
          items: {
            anyOf: [
              { type: 'object', properties: { kind: { const: 'a' }, x: { type: 'number' } }, required: ['kind'] },
              {
                type: 'object',
                properties: { kind: { const: 'b' }, y: { type: ['number', 'null'] } },
                required: ['kind'],
              },
            ],
          },
        },
      },
      required: ['items'],
    };

    expect(
      restoreNulls(
        {
          items: [
            { kind: 'a', x: null },
            { kind: 'b', y: null },
          ],
        },
        schema,
      ),
    ).toEqual({
      items: [{ kind: 'a' }, { kind: 'b', y: null }],
    });
  });

  it('is read from a Markdown fence, and is not JSON otherwise', () => {
    expect(normalizeStructuredAnswer('```json\n{"name":"A","nick":null}\n```', PERSON)).toMatchObject({
      value: { name: 'A' },
      changed: true,
    });
    expect(normalizeStructuredAnswer('Sure! {"name":"A"}', PERSON)).toBeUndefined();
    // Digits that exceed a number stay as the model wrote them, even if a null next to them is removed.
    const exact = normalizeStructuredAnswer('{"name":"A","nick":null,"age":12345678901234567890}', PERSON);
    expect(exact).toMatchObject({ changed: true, text: '{\n  "name": "A",\n  "age": 12345678901234567890\n}' });
  });

  it('keeps its exact text if nothing had to change', () => {
    const text = '{ "name" : "A" }';

    expect(normalizeStructuredAnswer(text, PERSON)).toEqual({ value: { name: 'A' }, text, changed: false });
  });
});

describe('any flat schema', () => {
  const leaf = fc.constantFrom<JsonSchema>(
    { type: 'string' },
    { type: 'integer' },
    { type: 'boolean' },
    { enum: ['x', 'y'] },
    { type: ['string', 'null'] },
  );
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });

  it('accepts an answer in strict form after its nulls are restored', () => {
    const ajv = new Ajv({ strict: false });
    fc.assert(
      fc.property(
        names,
        fc.array(leaf, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 0, max: 15 }),
        (keys, leaves, mask) => {
          const properties = Object.fromEntries(keys.map((key, index) => [key, leaves[index] ?? { type: 'string' }]));
          const required = keys.filter((_, index) => (mask >> index) & 1);
          const schema: JsonSchema = { type: 'object', properties, required, additionalProperties: false };
          const strict = toStrictSchema(schema, 'openai');
          const answer = Object.fromEntries(
            keys.map((key) => [key, required.includes(key) ? sample(properties[key]) : null]),
          );

          expect(ajv.validate(strict.schema, answer)).toBe(true);
          expect(ajv.validate(schema, restoreNulls(answer, schema))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function sample(schema: JsonSchema | undefined): unknown {
  if (Array.isArray(schema?.enum)) return schema.enum[0];
  if (schema?.type === 'integer') return 1;
  return schema?.type === 'boolean' ? true : 'text';
}
