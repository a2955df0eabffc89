import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainCheck } from '../../../src/core/prompts/schema/plain-check.ts';

const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false });

const types = fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object');
const names = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__', '');
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, 1.5, -0, undefined),
);

/** Mostly valid; any part may be something else, to see that such schemas are left to ajv. */
const often = <T>(usual: fc.Arbitrary<T>) => fc.oneof({ weight: 30, arbitrary: usual }, anything);
const scalars = fc.constantFrom<unknown>('a', 1, 0, null, true);
const leaf = fc.record(
  { type: often(types), enum: often(fc.uniqueArray(scalars, { minLength: 1, maxLength: 4 })), default: anything },
  { requiredKeys: ['type'] },
);
const schemas = fc.record(
  {
    type: often(fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 }))),
    properties: often(fc.dictionary(names, leaf, { maxKeys: 3 })),
    required: often(fc.uniqueArray(names, { maxLength: 2 })),
    additionalProperties: often(fc.boolean()),
    items: often(leaf),
    description: often(fc.string()),
  },
  { requiredKeys: [] },
);
const content = fc.oneof(scalars, anything, fc.constantFrom<unknown>([], {}));
const values = fc.oneof(content, fc.dictionary(names, content, { maxKeys: 3 }), fc.array(content, { maxLength: 2 }));

describe('the check of plain schemas', () => {
  it('accepts nothing that ajv does not, and leaves invalid schemas to it', () => {
    let accepted = 0;
    fc.assert(
      fc.property(schemas, fc.array(values, { minLength: 1, maxLength: 30 }), (schema, candidates) => {
        const check = plainCheck(schema);
        if (!check) return;
        const validate = ajv.compile(schema);
        for (const value of candidates.filter(check)) {
          expect(validate(value)).toBe(true);
          accepted += 1;
        }
      }),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it.each([
    [{ type: 'string', minLength: 2 }],
    [{ type: 'text' }],
    [{ type: ['string', 'string'] }],
    [{ $ref: '#/definitions/a', definitions: { a: {} } }],
    [{ properties: { a: { pattern: '^x' } } }],
    [{ properties: { a: true } }],
    [{ enum: [{ a: 1 }] }],
    [{ items: [{ type: 'string' }] }],
    [{ additionalProperties: { type: 'string' } }],
  ])('does not decide about %j', (schema) => {
    expect(plainCheck(schema)).toBeUndefined();
  });

  it('accepts an input with exactly the declared texts and numbers', () => {
    const check = plainCheck({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { question: { type: 'string', description: 'asked' }, count: { type: ['integer', 'null'] } },
      required: ['question'],
      additionalProperties: false,
    });
    expect(check?.({ question: 'why', count: null })).toBe(true);
    expect(check?.({ question: 'why', count: 1.5 })).toBe(false);
    expect(check?.({ count: 1 })).toBe(false);
    expect(check?.({ question: 'why', other: 1 })).toBe(false);
  });
});
