import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTooDeep, MAX_JSON_DEPTH, parseJson, writeDeepJson } from '../../../src/core/base/json/json-depth.ts';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const nestedMaps = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('the depth of JSON', () => {
  it.each([nested, nestedMaps])('may reach the limit but not exceed it', (write) => {
    expect(isTooDeep(parseJson(write(MAX_JSON_DEPTH)))).toBe(false);
    expect(() => parseJson(write(MAX_JSON_DEPTH + 1))).toThrow('it is nested more than 200 levels deep');
    expect(() => parseJson(write(8000))).toThrow(SyntaxError);
  });

  it('ignores brackets inside strings', () => {
    const text = JSON.stringify({ a: '['.repeat(5000) });
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('is measured and written without recursion', () => {
    for (const text of [nested(100_000), nestedMaps(100_000)]) {
      const value: unknown = JSON.parse(text);
      expect(() => JSON.stringify(value)).toThrow(RangeError);
      expect(isTooDeep(value)).toBe(true);
      expect(writeDeepJson(value)).toBe(text);
    }
  });

  it('is written as by JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(writeDeepJson(value)).toBe(JSON.stringify(value));
      }),
    );
    expect(writeDeepJson({ a: undefined, b: [undefined, 1] })).toBe('{"b":[null,1]}');
  });
});
