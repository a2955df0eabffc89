import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ThinkSplitter } from '../../../../src/core/runs/answers/think-block.ts';
import { cpuTimeMs } from '../../cpu-time.ts';

function split(pieces: readonly string[]) {
  const splitter = new ThinkSplitter();
  const out = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
  const join = (kind: string) => out.flatMap((piece) => (piece.kind === kind ? piece.text : [])).join('');
  const text = join('text');
  return {
    text,
    reasoning: join('reasoning'),
    raw: splitter.prefix + text,
    empty: out.some((piece) => piece.text === ''),
  };
}

const CASES: [string, string, text: string, reasoning: string][] = [
  ['a block and an answer', '<think>Add them.</think>Four.', 'Four.', 'Add them.'],
  ['line breaks around both', '<think>\nAdd them.\n</think>\n\nFour.\n', 'Four.\n', 'Add them.\n'],
  ['spaces before the block', ' \n<think>hm</think> ok', 'ok', 'hm'],
  ['an empty block, as Qwen writes it when it does not think', '<think>\n\n</think>\n\nFour.', 'Four.', ''],
  ['a block that is never closed', '<think>Add them', '', 'Add them'],
  ['a block whose closing tag is cut', '<think>Add them</thi', '', 'Add them</thi'],
  ['two blocks', '<think>a</think>\n<think>b</think>c', 'c', 'ab'],
  ['nothing after the block', '<think>hm</think>\n', '', 'hm'],
  [
    'angle brackets in the reasoning',
    '<think>a < b </ think> </b> <think></think>ok',
    'ok',
    'a < b </ think> </b> <think>',
  ],
  ['no block', 'Four.', 'Four.', ''],
  ['a tag that is not at the start', 'Use <think>tags</think> so.', 'Use <think>tags</think> so.', ''],
  ['a second block after text', '<think>a</think>b<think>c</think>', 'b<think>c</think>', 'a'],
  ['another tag', '<thinking>hm</thinking>ok', '<thinking>hm</thinking>ok', ''],
  ['a tag with an attribute', '<think budget="1">hm</think>ok', '<think budget="1">hm</think>ok', ''],
  ['the beginning of a tag', '<thin', '<thin', ''],
  ['an end without a beginning', 'hm</think>ok', 'hm</think>ok', ''],
  ['only blanks', ' \n ', ' \n ', ''],
  ['nothing', '', '', ''],
];

describe('an answer that contains its reasoning', () => {
  it.each(CASES)('is split, and its exact text is kept: %s', (_, answer, text, reasoning) => {
    expect(split([answer])).toEqual({ text, reasoning, raw: answer, empty: false });
  });

  it.each(CASES)('is split in the same way wherever the deltas are cut: %s', (_, answer, text, reasoning) => {
    const expected = { text, reasoning, raw: answer, empty: false };
    for (let at = 0; at <= answer.length; at += 1) {
      expect(split([answer.slice(0, at), answer.slice(at)])).toEqual(expected);
      for (let next = at; next <= answer.length; next += 1)
        expect(split([answer.slice(0, at), answer.slice(at, next), answer.slice(next)])).toEqual(expected);
    }
    expect(split([...answer])).toEqual(expected);
  });

  it('keeps every character of any text in any pieces', () => {
    const token = fc.constantFrom('<think>', '</think>', '<', '/', 'think', '>', ' ', '\n', 'a', '🌍', '<thinking>');
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 12 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        (tokens, sizes) => {
          const answer = tokens.join('');
          const pieces: string[] = [];
          for (let at = 0; at < answer.length; ) {
            const size = sizes.next().value;
            pieces.push(answer.slice(at, at + size));
            at += size;
          }
          const whole = split([answer]);
          expect(whole.raw).toBe(answer);
          expect(split(pieces)).toEqual(whole);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('shows text at once if no tag can start', () => {
    expect(new ThinkSplitter().push('F')).toEqual([{ kind: 'text', text: 'F' }]);
    const splitter = new ThinkSplitter();
    expect(splitter.push('<th')).toEqual([]);
    expect(splitter.push('e>')).toEqual([{ kind: 'text', text: '<the>' }]);
  });

  it('does not hold back a flood of spaces, and is fast for it', () => {
    const splitter = new ThinkSplitter();
    const started = cpuTimeMs();
    let shown = 0;
    for (let index = 0; index < 200_000; index += 1) for (const { text } of splitter.push(' ')) shown += text.length;
    expect(shown).toBe(200_000);
    expect(cpuTimeMs() - started).toBeLessThan(10_000);
  });
});
