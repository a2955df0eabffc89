import { describe, expect, it } from 'vitest';
import { findInexactNumber, isInexact } from '../../../src/core/base/json/json-numbers.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { readTypedInput } from '../../../src/core/prompts/schema/typed-input.ts';

const problemsOf = (yaml: string) =>
  parsePrompt(`---\n${yaml}\n---\nHi {{id}}\n`).diagnostics.map(({ code, severity, message, range }) => {
    return { code, severity, message, range };
  });

describe('numbers in front matter', () => {
  it.each([
    ['input:\n  default:\n    id: 12345678901234567890', '12345678901234567890'],
    ['input:\n  default:\n    ids: [1, -9007199254740993]', '-9007199254740993'],
    ['config:\n  seed: 9007199254740993', '9007199254740993'],
    ['input:\n  default: { id: 0xFFFFFFFFFFFFFFFF1 }', '0xFFFFFFFFFFFFFFFF1'],
    ['input:\n  default:\n    id: 1e999', '1e999'],
  ])('that would be changed are errors: %s', (yaml, number) => {
    const source = `---\n${yaml}\n---\nHi {{id}}\n`;
    const found = problemsOf(yaml).filter(({ code }) => code === 'inexact-number');
    expect(found).toHaveLength(1);
    expect(found[0]?.severity).toBe('error');
    expect(source.slice(found[0]?.range.start, found[0]?.range.end)).toBe(number);
  });

  it.each([
    'input:\n  default:\n    id: "12345678901234567890"',
    'input:\n  default:\n    id: 9007199254740992',
    'input:\n  default:\n    id: 0.12345678901234567890',
    'input:\n  default:\n    id: .inf',
    'input:\n  default:\n    id: 1_000',
    'config:\n  temperature: 1e-7',
  ])('that are exact, and texts, are not: %s', (yaml) => {
    expect(problemsOf(yaml).filter(({ code }) => code === 'inexact-number')).toEqual([]);
  });
});

describe('typed numbers', () => {
  const field = (name: string, type: 'integer' | 'number' | 'json' | 'string') => ({
    name,
    type,
    required: true,
    schema: {},
  });

  it('are rejected if they would be changed, and kept as text for text inputs', () => {
    const fields = [field('a', 'integer'), field('b', 'json'), field('c', 'string'), field('d', 'number')];
    const big = '12345678901234567890';
    const { values, problems } = readTypedInput(fields, { a: big, b: `[1, ${big}]`, c: big, d: '1e999' });
    expect(values.c).toBe(big);
    expect(problems.map(({ path }) => path)).toEqual(['$.a', '$.b', '$.d']);
    for (const { message } of problems) expect(message).toContain('cannot be represented exactly as a number');
  });
});

it('an integer is inexact if its digits would change', () => {
  for (const text of ['9007199254740993', '-12345678901234567890', '100000000000000000001', '1e400']) {
    expect(isInexact(text), text).toBe(true);
    expect(findInexactNumber(`{"a": "x", "b": [${text}]}`)).toMatchObject({ text });
  }
  for (const text of ['0', '-0', '42', '9007199254740992', '1e300', '123456789.123456789123', '0.1']) {
    expect(isInexact(text), text).toBe(false);
    expect(findInexactNumber(`{"a": "12345678901234567890 \\" 1e999", "b": [${text}]}`)).toBeUndefined();
  }
});
