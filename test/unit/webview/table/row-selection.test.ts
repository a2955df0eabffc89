import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addRange,
  countSelected,
  isSelected,
  NO_ROWS,
  type RowRange,
  type RowSelection,
  rangeOf,
  toggleRow,
} from '../../../../webview/shared/table/row-selection.ts';

const rowsOf = (selection: RowSelection) =>
  selection.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, step) => first + step));

test('all of a hundred thousand rows are one range', () => {
  const all = addRange(NO_ROWS, [0, 99_999]);
  expect(all).toEqual([[0, 99_999]]);
  expect(countSelected(all)).toBe(100_000);
  expect(toggleRow(all, 50_000)).toEqual([
    [0, 49_999],
    [50_001, 99_999],
  ]);
});

test('a range may be extended upwards', () => {
  expect(rangeOf(7, 3)).toEqual([3, 7]);
});

test('toggled rows and added ranges equal a set of rows', () => {
  const row = fc.nat(20);
  const step = fc.oneof(
    row.map((at) => ({ toggle: at })),
    fc.tuple(row, row).map(([a, b]) => ({ range: rangeOf(a, b) as RowRange })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let selection = NO_ROWS;
      const rows = new Set<number>();
      for (const change of steps) {
        if ('range' in change) {
          selection = addRange(selection, change.range);
          for (const at of rowsOf([change.range])) rows.add(at);
        } else {
          selection = toggleRow(selection, change.toggle);
          if (!rows.delete(change.toggle)) rows.add(change.toggle);
        }
      }
      expect(rowsOf(selection)).toEqual([...rows].sort((a, b) => a - b));
      expect(isSelected(selection, 5)).toBe(rows.has(5));
    }),
  );
});
