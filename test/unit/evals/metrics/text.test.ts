import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bleuTokenizers } from '../../../../src/core/evals/metrics/text/bleu-tokenizers.ts';
import { splitWords } from '../../../../src/core/evals/metrics/text/python-text.ts';
import { CommonSubsequence } from '../../../../src/core/evals/metrics/text/sequences/lcs.ts';
import { Vocabulary } from '../../../../src/core/evals/metrics/text/vocabulary.ts';
import { score } from './score.ts';

const sample = (output: string, ...references: unknown[]) => ({ output, references });
const scoreOf = async (metric: string, output: string, ...references: unknown[]) =>
  (await score(metric, sample(output, ...references))).value;

describe('equals', () => {
  it('compares texts exactly unless told otherwise', async () => {
    expect(await score('equals', sample('High', 'high'))).toMatchObject({
      value: 0,
      passed: false,
      reason: '"High" is not "high".',
    });
    expect(await scoreOf('equals:ignoreCase', 'High', 'high')).toBe(1);
    expect(await scoreOf('equals:trim', ' high\n', 'high')).toBe(1);
    expect(await scoreOf('equals', 'b', 'a', 'b')).toBe(1);
    expect(await scoreOf('equals', '', '')).toBe(1);
  });

  it('compares JSON with references that are not text', async () => {
    expect(await scoreOf('equals', '{"b": [1, 2], "a": null}', { a: null, b: [1, 2] })).toBe(1);
    expect(await scoreOf('equals', '{"a": 1}', { a: 2 })).toBe(0);
    expect(await scoreOf('equals', '5', 5)).toBe(1);
    expect(await scoreOf('equals', 'not JSON', 5)).toBe(0);
  });

  it('compares the values at a path, of a whole expected answer or given alone', async () => {
    const answer = '{"risk_level": "high", "factors": [{"weight": 0.5}]}';
    expect(await scoreOf('equals:path=risk_level', answer, 'high')).toBe(1);
    expect(await scoreOf('equals:path=risk_level', answer, { risk_level: 'high', other: 1 })).toBe(1);
    expect(await scoreOf('equals:path=factors[0].weight', answer, 0.5)).toBe(1);
    expect(await scoreOf('equals:path=factors[0].weight', answer, '0.5')).toBe(1);
    expect(await score('equals:path=factors[1]', sample(answer, 'x'))).toMatchObject({
      value: 0,
      reason: 'The answer has no factors[1].',
    });
    expect(await score('equals:path=a', sample('no JSON', 'x'))).toMatchObject({ value: 0, reason: /not JSON/ });
  });
});

describe('contains, startsWith, regex, wordCount, levenshtein', () => {
  it('finds one or all of several texts', async () => {
    expect(await scoreOf('contains', 'a red fox', 'wolf', 'fox')).toBe(1);
    expect(await scoreOf('contains:all', 'a red fox', 'wolf', 'fox')).toBe(0);
    expect(await scoreOf('contains:all:ignoreCase', 'A RED FOX', 'red', 'fox')).toBe(1);
    expect(await scoreOf('contains:value=a: b, c', 'here a: b, c', 'ignored')).toBe(1);
    expect(await scoreOf('startsWith', 'Dear all', 'Hello', 'Dear')).toBe(1);
    expect(await scoreOf('contains:not', 'a red fox', 'wolf')).toBe(1);
  });

  it('counts words and code points', async () => {
    expect(await score('wordCount', sample(' two\u3000words\n'))).toMatchObject({ value: 2, passed: null });
    expect(await scoreOf('levenshtein', '👍🏽 yes', '👍 yes')).toBe(1);
    expect(await scoreOf('levenshtein', 'kitten', 'sitting', 'mitten')).toBe(1);
  });

  it('matches a pattern anywhere, from the parameter or the reference', async () => {
    expect(await scoreOf('regex:value=^\\d{1,3}$', '42')).toBe(1);
    expect(await scoreOf('regex', 'order 42', '\\d+')).toBe(1);
    expect(await scoreOf('regex:flags=iu:value=^ORDER', 'order 42')).toBe(1);
    expect(await score('regex', sample('x', '('))).toMatchObject({ value: null, reason: /Invalid regular expression/ });
  });
});

describe('what is undefined', () => {
  it('has a reason and no value', async () => {
    for (const metric of ['bleu', 'chrf', 'ter', 'rougeL', 'meteor']) {
      expect(await score(metric, sample('an answer', ''))).toMatchObject({
        value: null,
        passed: null,
        reason: 'The reference is empty.',
      });
      expect(await score(metric, { output: 'an answer' })).toMatchObject({
        value: null,
        reason: 'The case has no reference.',
      });
    }
  });

  it('an empty answer scores as in the packages', async () => {
    expect(await scoreOf('bleu', '', 'text')).toBe(0);
    expect(await scoreOf('ter', '', 'one two')).toBe(100);
  });
});

describe('ROUGE of other scripts', () => {
  it('is 0 for equal Chinese texts, with a warning, and 1 with the Unicode tokenizer', async () => {
    expect(await score('rougeL', sample('你好，世界', '你好，世界'))).toMatchObject({ value: 0, warning: /ASCII/ });
    expect(await score('rougeL:unicode', sample('你好，世界', '你好，世界'))).toMatchObject({ value: 1 });
    expect(await scoreOf('rouge1:tokenize=unicode', 'größere Straße', 'größere Gasse')).toBe(0.5);
    expect((await score('rougeL', sample('word', 'other'))).warning).toBeUndefined();
  });
});

describe('the README example of sacreBLEU', () => {
  it('scores 48.530827', async () => {
    const { statistics = [] } = await score(
      'bleu',
      sample('The dog bit the man.', 'The dog bit the man.', 'The dog had bit the man.'),
    );
    const second = await score(
      'bleu',
      sample("It wasn't surprising.", 'It was not unexpected.', 'No one was surprised.'),
    );
    const third = await score(
      'bleu',
      sample('The man had just bitten him.', 'The man bit him first.', 'The man had bitten the dog.'),
    );
    const { createBleu } = await import('../../../../src/core/evals/metrics/text/bleu.ts');
    const sums = statistics.map((count, at) => count + (second.statistics?.[at] ?? 0) + (third.statistics?.[at] ?? 0));
    expect(createBleu({}).corpus?.value(sums)).toBeCloseTo(48.530827, 6);
  });
});

/** The table that rouge_score fills, as the definition. */
function lcsTable(rows: readonly number[], columns: readonly number[]): number[][] {
  const table = [columns.map(() => 0).concat(0)];
  for (const [row, symbol] of rows.entries()) {
    const line = [0];
    for (const [column, other] of columns.entries()) {
      const [diagonal = 0, up = 0, left = 0] = [table[row]?.[column], table[row]?.[column + 1], line[column]];
      line.push(symbol === other ? diagonal + 1 : Math.max(up, left));
    }
    table.push(line);
  }
  return table;
}

function walkBack(table: number[][], rows: readonly number[], columns: readonly number[]): number[] {
  const found: number[] = [];
  let [row, column] = [rows.length, columns.length];
  while (row > 0 && column > 0) {
    if (rows[row - 1] === columns[column - 1]) {
      found.unshift(row - 1);
      row -= 1;
      column -= 1;
    } else if ((table[row]?.[column - 1] ?? 0) > (table[row - 1]?.[column] ?? 0)) column -= 1;
    else row -= 1;
  }
  return found;
}

describe('the longest common subsequence by bit vectors', () => {
  const list = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 110 });

  it('is the one of the table, of any length', () => {
    const common = new CommonSubsequence();
    fc.assert(
      fc.property(list, list, (rows, columns) => {
        const table = lcsTable(rows, columns);
        expect(common.length(rows, columns)).toBe(table.at(-1)?.at(-1));
        expect(common.positions(rows, columns)).toEqual(walkBack(table, rows, columns));
      }),
    );
  });
});

/** `tokenizer_13a.py` and `tokenizer_re.py`, as they are. */
function tokenizeLine(text: string): string[] {
  let line = text.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  line = line.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  line = ` ${line} `
    .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ');
  return splitWords(line);
}

describe('the tokenizer 13a', () => {
  it('cuts words alone as it would cut the whole line', () => {
    const vocabulary = new Vocabulary(bleuTokenizers['13a']);
    const text = fc.string({ unit: fc.constantFrom(...'a1é.,-:/\'"(&<;😀 \t\n\u00a0', '&amp;', '-\n'), maxLength: 40 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), (lines) => {
        const line = lines.join('');
        const cut = tokenizeLine(line);
        const ids = vocabulary.idsOf(line);
        expect(ids).toHaveLength(cut.length);
        // equal tokens have equal numbers, and only those
        const firsts = (list: readonly unknown[]) => list.map((one) => list.indexOf(one));
        expect(firsts(ids)).toEqual(firsts(cut));
      }),
      { numRuns: 500 },
    );
  });
});

it('scores an answer of a megabyte', async () => {
  const long = 'The quick brown fox jumps over the lazy dog again. '.repeat(20_000);
  expect(long.length).toBeGreaterThan(1_000_000);
  expect(await scoreOf('bleu', long, 'The quick brown fox.')).toBeLessThan(1);
  expect(await scoreOf('rougeL', long, 'The quick brown fox.')).toBeGreaterThan(0);
  expect(await scoreOf('chrf', long, 'The quick brown fox.')).toBeGreaterThan(0);
});
