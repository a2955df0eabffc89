import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffWords } from '../../../webview/shared/diff/word-diff.ts';
import { parseAnswer } from '../../../webview/shared/json/parse-answer.ts';
import { visibleRows } from '../../../webview/shared/json/rows.ts';

describe('an answer as JSON', () => {
  it('is read as is and from a code block', () => {
    expect(parseAnswer(' {"a": 1} ')).toEqual({ ok: true, value: { a: 1 } });
    expect(parseAnswer('```json\n{"a": 1}\n```\n')).toEqual({ ok: true, value: { a: 1 } });
  });

  it('says why it is not JSON', () => {
    expect(parseAnswer('Sure, here it is: {}')).toMatchObject({ ok: false });
    expect(parseAnswer('  ')).toEqual({ ok: false, message: 'The answer is empty.' });
  });

  it('shows three levels at first and collapses toggled ones', () => {
    const value = { a: { b: { c: { d: 1 } } }, list: [1, 'two', null] };
    const open = visibleRows(value, new Set(), 100).rows.map((row) => `${row.level} ${row.name ?? ''} ${row.text}`);
    expect(open).toEqual([
      '1  {2 keys}',
      '2 a {1 key}',
      '3 b {1 key}',
      '4 c {1 key}',
      '2 list [3 items]',
      '3 0 1',
      '3 1 "two"',
      '3 2 null',
    ]);
    const folded = visibleRows(value, new Set(['/list', '/a/b/c']), 100).rows.map((row) => row.name);
    expect(folded).toEqual([undefined, 'a', 'b', 'c', 'd', 'list']);
  });

  it('shows empty values as JSON does, with nothing to expand', () => {
    const { rows } = visibleRows({ none: {}, list: [] }, new Set(), 100);
    expect(rows.map(({ text, expanded }) => [text, expanded])).toEqual([
      ['{2 keys}', true],
      ['{}', undefined],
      ['[]', undefined],
    ]);
  });

  it('gives every row its own path and stops at the limit', () => {
    const value = { 'a/b': { c: 1 }, a: { 'b/c': 2 } };
    const { rows } = visibleRows(value, new Set(), 100);
    expect(new Set(rows.map((row) => row.path)).size).toBe(rows.length);
    expect(visibleRows(Array.from({ length: 1_000 }), new Set(), 10)).toMatchObject({
      rows: { length: 10 },
      more: true,
    });
  });
});

describe('the difference of two answers', () => {
  const side = (kind: 'added' | 'removed', one: string, two: string) =>
    diffWords(one, two)
      .parts.filter((part) => part.kind === 'same' || part.kind === kind)
      .map((part) => part.text)
      .join('');

  it('contains both texts completely', () => {
    const texts = fc
      .array(fc.constantFrom('one ', 'two', '\n', 'three\n', ' four', '\n\n'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, texts, (one, two) => {
        expect(side('removed', one, two)).toBe(one);
        expect(side('added', one, two)).toBe(two);
      }),
    );
  });

  it('marks words, not lines', () => {
    expect(diffWords('the risk is high today\nsame\n', 'the risk is low today\nsame\n').parts).toEqual([
      { kind: 'same', text: 'the risk is ' },
      { kind: 'removed', text: 'high' },
      { kind: 'added', text: 'low' },
      { kind: 'same', text: ' today\nsame\n' },
    ]);
  });

  it('shows passages that are too different as replaced, and counts them', () => {
    const words = (from: number) => Array.from({ length: 900 }, (_, i) => `w${from + i}`).join(' ');
    const { parts, coarse } = diffWords(`same\n${words(0)}\n`, `same\n${words(5_000)}\n`);
    expect(parts.map((part) => part.kind)).toEqual(['same', 'removed', 'added']);
    expect(coarse).toBe(1);
  });

  it('is limited for texts of any length', () => {
    const { parts } = diffWords('a\n'.repeat(300_000), 'b\n'.repeat(300_000));
    expect(parts.map((part) => part.kind)).toEqual(['removed', 'added']);
  });
});
