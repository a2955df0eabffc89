import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPieces, textPieces } from '../../../src/core/base/json/json-pieces.ts';

describe('a long text in pieces', () => {
  it('is the same when joined, and no character or line break is split', () => {
    for (const unit of ['🌍', 'a🌍', '\r\n', 'a\r\n', '\r🌍', '\ud83c', '\r', 'abc']) {
      const text = unit.repeat(100_000);
      const pieces = [...textPieces(text)];

      expect(pieces.join('') === text).toBe(true);
      expect(pieces.slice(0, -1).some((piece) => piece.endsWith('\r') && unit !== '\r')).toBe(false);
      if (unit !== '\ud83c') expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
    }
    expect([...textPieces('')]).toEqual([]);
  });
});

describe('JSON in pieces', () => {
  it('equals JSON.stringify for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => [...jsonPieces({ value })].join('') === JSON.stringify({ value })),
    );
  });

  it('leaves out undefined values, and contains long texts at any place', () => {
    const long = '"\\\n🌍\u0000'.repeat(50_000);
    const value = { a: undefined, b: [long, { c: long, d: 'short' }], e: long };

    expect([...jsonPieces(value)].join('') === JSON.stringify(value)).toBe(true);
  });
});
