import { expect, test } from 'vitest';
import { countPinned } from '../../../../webview/shared/table/table-column.ts';

const COLUMNS = [
  { id: 'number', width: 56, isPinned: true },
  { id: 'case', width: 236, isPinned: true },
  { id: 'answer', width: 240 },
];

test.for<[string, number, Record<string, number>, number]>([
  ['both, with a third of the table for the others', 480, {}, 2],
  ['only the first, as the second would leave less', 479, {}, 1],
  ['neither', 120, {}, 0],
  ['only the first, as the second was made wider', 480, { case: 300 }, 1],
  ['none before the table has a size', 0, {}, 0],
])('columns stay in view: %s', ([, room, widths, expected]) => {
  expect(countPinned(COLUMNS, widths, room)).toBe(expected);
});

test('a column after one that scrolls never stays in view', () => {
  expect(countPinned([{ id: 'a', width: 40 }, ...COLUMNS], {}, 2000)).toBe(0);
});
