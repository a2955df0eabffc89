import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBoundedRegExp } from '../../../src/core/base/bounded-regexp.ts';
import { validateValue } from '../../../src/core/prompts/schema/validate-input.ts';

it.each([
  ['^(a+)+$', `${'a'.repeat(40)}!`],
  ['(x+x+)+y', 'x'.repeat(60)],
  ['^(a|aa)+$', `${'a'.repeat(60)}!`],
  ['a*a*a*a*a*a*b', 'a'.repeat(2000)],
])('a pattern such as %s fails with an error that names it', (pattern, text) => {
  expect(() => createBoundedRegExp(pattern, 'u').test(text)).toThrow(
    expect.objectContaining({ code: 'invalid-prompt', message: expect.stringContaining(pattern) as string }),
  );
});

it('any other pattern matches as RegExp does, for short and long texts', () => {
  const pattern = fc.constantFrom('^[a-z]+$', '\\d{2,}-x', '^(?:ab)*$', '[^a]b|c+', '^$', 'a.c', '(a)(b)?c*');
  const text = fc.oneof(
    fc.stringMatching(/^[abcx0-9-]{0,12}$/),
    fc.stringMatching(/^[abc]{1,5}$/).map((piece) => piece.repeat(1000)),
  );
  fc.assert(
    fc.property(pattern, text, (source, value) => {
      expect(createBoundedRegExp(source, 'u').test(value)).toBe(new RegExp(source, 'u').test(value));
    }),
    { numRuns: 300 },
  );
  expect(() => createBoundedRegExp('(', 'u')).toThrow(SyntaxError);
});

it('of many texts those that match are found in one step, unless one of them takes too long', () => {
  const pattern = createBoundedRegExp('^(a+)+$', 'u');
  expect(pattern.testEach(['aa', 'b', 'a'], 1000)).toEqual([true, false, true]);
  expect(pattern.testEach([], 1000)).toEqual([]);
  expect(pattern.testEach(['a', `${'a'.repeat(40)}!`], 50)).toBeUndefined();
  expect(pattern.testEach(['a'], 1000)).toEqual([true]);
});

it('a schema with several patterns checks each value against its own', async () => {
  const schema = { type: 'object', properties: { a: { pattern: '^[a-z]+$' }, b: { pattern: '^[0-9]+$' } } };
  expect(await validateValue(schema, { a: 'x', b: '1' })).toEqual([]);
  expect((await validateValue(schema, { a: '1', b: 'x' })).map(({ path }) => path)).toEqual(['$.a', '$.b']);
});
