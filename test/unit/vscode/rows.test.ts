import { describe, expect, test } from 'vitest';
import { keepRows } from '../../../src/vscode/shell/rows/keep-rows.ts';
import { LOST_ROW, rowArguments, rowTarget } from '../../../src/vscode/shell/rows/row-arguments.ts';

describe('the rows of a command', () => {
  const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

  test('are none from the palette, and the row of the menu if it is alone', () => {
    expect(rowArguments([], [a])).toEqual({ target: undefined, selected: [] });
    expect(rowArguments([a], [b])).toEqual({ target: a, selected: [] });
    expect(rowArguments([a, [a, b]], [])).toEqual({ target: a, selected: [a, b] });
  });

  test('are the selected ones even while VS Code does not report them', () => {
    expect(rowArguments([undefined, [undefined, undefined]], [a, b])).toEqual({ target: a, selected: [a, b] });
    expect(rowArguments([b, [undefined, b]], [a, b])).toEqual({ target: b, selected: [a, b] });
    expect(rowArguments([null, [a, b]], [])).toEqual({ target: a, selected: [a, b] });
  });

  test('are never fewer than were selected, nor a row that was not chosen', () => {
    expect(rowArguments([a, [a, undefined]], [a])).toEqual({ target: LOST_ROW, selected: [] });
    expect(rowArguments([undefined, [undefined, undefined]], [a, b, c])).toEqual({ target: LOST_ROW, selected: [] });
    expect(rowArguments([undefined], [a])).toEqual({ target: LOST_ROW, selected: [] });
    expect(rowTarget([undefined])).toBe(LOST_ROW);
    expect(rowTarget([])).toBeUndefined();
  });
});

describe('updated rows', () => {
  type Row = { id: string; text: string; note?: string };
  const idOf = ({ id }: Row) => id;
  const rows = (): Row[] => [
    { id: 'a', text: '1' },
    { id: 'b', text: '2', note: 'old' },
  ];

  test('stay the same objects, and only changed ones are listed', () => {
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

  test('differ if one was added, removed or moved', () => {
    const [first, second] = rows();
    expect(keepRows(rows(), [{ id: 'c', text: '0' }, ...rows()], idOf).same).toBe(false);
    expect(keepRows(rows(), rows().slice(1), idOf).same).toBe(false);
    expect(keepRows(rows(), [second, first] as Row[], idOf).same).toBe(false);
  });
});
