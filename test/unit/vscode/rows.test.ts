import { describe, expect, test } from 'vitest';
import { keepRows } from '../../../src/vscode/shell/rows/keep-rows.ts';
import { LOST_ROW, rowArguments, rowTarget } from '../../../src/vscode/shell/rows/row-arguments.ts';

describe('the rows that a command means', () => {
  const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

  test('are none from the palette, and the row of the menu where it is alone', () => {
    expect(rowArguments([], [a])).toEqual({ target: undefined, selected: [] });
    expect(rowArguments([a], [b])).toEqual({ target: a, selected: [] });
    expect(rowArguments([a, [a, b]], [])).toEqual({ target: a, selected: [a, b] });
  });

  test('are those that were selected where VS Code knows none of them just now', () => {
    expect(rowArguments([undefined, [undefined, undefined]], [a, b])).toEqual({ target: a, selected: [a, b] });
    expect(rowArguments([b, [undefined, b]], [a, b])).toEqual({ target: b, selected: [a, b] });
    expect(rowArguments([null, [a, b]], [])).toEqual({ target: a, selected: [a, b] });
  });

  test('are never fewer than were selected, nor a row that nobody chose', () => {
    expect(rowArguments([a, [a, undefined]], [a])).toEqual({ target: LOST_ROW, selected: [] });
    expect(rowArguments([undefined, [undefined, undefined]], [a, b, c])).toEqual({ target: LOST_ROW, selected: [] });
    expect(rowArguments([undefined], [a])).toEqual({ target: LOST_ROW, selected: [] });
    expect(rowTarget([undefined])).toBe(LOST_ROW);
    expect(rowTarget([])).toBeUndefined();
  });
});

describe('rows that are brought up to date', () => {
  type Row = { id: string; text: string; note?: string };
  const idOf = ({ id }: Row) => id;
  const rows = (): Row[] => [
    { id: 'a', text: '1' },
    { id: 'b', text: '2', note: 'old' },
  ];

  test('stay the same objects, and only those that changed are named', () => {
    const before = rows();
    const kept = keepRows(
      before,
      [
        { id: 'a', text: '1' },
        { id: 'b', text: '3' },
      ],
      idOf,
    );
    expect(kept.same).toBe(true);
    expect(kept.rows[0]).toBe(before[0]);
    expect(kept.changed).toEqual([before[1]]);
    expect(before[1]).toEqual({ id: 'b', text: '3' });
  });

  test('are others where one came, went or moved', () => {
    const [first, second] = rows();
    expect(keepRows(rows(), [{ id: 'c', text: '0' }, ...rows()], idOf).same).toBe(false);
    expect(keepRows(rows(), rows().slice(1), idOf).same).toBe(false);
    expect(keepRows(rows(), [second, first] as Row[], idOf).same).toBe(false);
  });
});
