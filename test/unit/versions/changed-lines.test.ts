import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedLines } from '../../../src/core/versions/history/changed-lines.ts';

test('lines are reported as added, changed or removed, by their place in the later text', () => {
  expect(changedLines('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual([
    { kind: 'changed', first: 1, last: 1 },
    { kind: 'added', first: 3, last: 3 },
  ]);
  expect(changedLines('a\nb\nc\n', 'a\nc\n')).toEqual([{ kind: 'removed', first: 0, last: 0 }]);
  expect(changedLines('a\nb\n', 'b\n')).toEqual([{ kind: 'removed', first: -1, last: -1 }]);
});

test('line endings and a missing last one are not a change', () => {
  expect(changedLines('a\r\nb\r\n', 'a\nb')).toEqual([]);
  expect(changedLines('', '')).toEqual([]);
});

test('every line outside changes is in the earlier text, in order', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changed = changedLines(before, after).filter(({ kind }) => kind !== 'removed');
      const isChanged = (line: number) => changed.some(({ first, last }) => line >= first && line <= last);
      const kept = after.split('\n').filter((_, line) => after !== '' && !isChanged(line));
      let from = 0;
      const lines = before.split('\n');
      for (const line of kept) {
        const at = lines.indexOf(line, from);
        expect(at).toBeGreaterThanOrEqual(0);
        from = at + 1;
      }
    }),
  );
});
