import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NgramMatches } from '../../../../src/core/evals/metrics/text/ngram-matches.ts';
import { Vocabulary } from '../../../../src/core/evals/metrics/text/vocabulary.ts';

/** The definition: each n-gram at most as often as the reference that has it the most. */
function countMatches(answer: readonly number[], references: readonly (readonly number[])[], order: number): number {
  const count = (symbols: readonly number[]) => {
    const counts = new Map<string, number>();
    for (let at = 0; at + order <= symbols.length; at += 1) {
      const key = symbols.slice(at, at + order).join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };
  const inReferences = references.map(count);
  return [...count(answer)].reduce((sum, [key, times]) => {
    return sum + Math.min(times, Math.max(0, ...inReferences.map((counts) => counts.get(key) ?? 0)));
  }, 0);
}

it.each([10, 40, 120, 700])('matches of n-grams are counted as defined, up to %i symbols', (maxLength) => {
  const matches = new NgramMatches(4);
  const symbols = fc.array(fc.constantFrom(0, 1, 2, 3, 70_000), { maxLength, size: 'max' });
  const property = fc.property(symbols, fc.array(symbols, { minLength: 1, maxLength: 2 }), (answer, references) => {
    const expected = [1, 2, 3, 4].map((order) => countMatches(answer, references, order));
    expect(matches.count(answer, references)).toEqual(expected);
  });
  fc.assert(property, { numRuns: 60 });
});

it('equal tokens have equal numbers, and only these', () => {
  const vocabulary = new Vocabulary({ tokens: (piece) => (piece.length % 5 === 0 ? [...piece] : [piece]) });
  const known = new Map<number, string>();
  // short and long pieces with common ends, and characters that are equal in their last byte
  const piece = fc.array(fc.constantFrom('a', 'b', 'š', 'a'.repeat(7), '漢', '\ud83d'), { minLength: 1, maxLength: 5 });
  const property = fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
    const words = pieces.map((parts) => parts.join(''));
    const tokens = words.flatMap((word) => (word.length % 5 === 0 ? [...word] : [word]));
    const ids = vocabulary.idsOf(words.join(' '));
    expect(ids).toHaveLength(tokens.length);
    for (const [index, id] of ids.entries()) expect(known.get(id) ?? tokens[index]).toBe(tokens[index]);
    for (const [index, id] of ids.entries()) known.set(id, tokens[index] ?? '');
    expect(new Set(known.values()).size).toBe(known.size);
  });
  fc.assert(property, { numRuns: 300 });
});
