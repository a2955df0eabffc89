import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeJson } from '../../../src/cli/output/json.ts';
import { formatJson } from '../../../src/core/base/json/format-json.ts';

function written(value: unknown, indent?: number): { text: string; longest: number } {
  const pieces: string[] = [];
  writeJson(value, indent, (piece) => pieces.push(piece));
  return { text: pieces.join(''), longest: Math.max(...pieces.map(({ length }) => length)) };
}

describe('JSON in pieces', () => {
  it.each([undefined, 2])('is the same as in one piece (indent %s)', (indent) => {
    const long = ['a', '🌍', '"\\\n', '\u0007\u009b\u202e', '\ud83c'].map((piece) => piece.repeat(150_000));
    const value = {
      a: long[0],
      b: { c: [long[1], 'short', long[2]], d: null },
      e: long[3],
      f: undefined,
      g: `x${long[4]}`,
    };

    expect(written(value, indent).text === formatJson(value, indent)).toBe(true);
    expect(written(long.slice(0, 2), indent).longest).toBeLessThan(200_000);
  });

  it('is the same for any value', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => written(value, 2).text === formatJson(value, 2)));
    expect(written('x'.repeat(70_000)).text).toBe(JSON.stringify('x'.repeat(70_000)));
  });
});
