import { expect, test } from 'vitest';
import { nextSort } from '../../../../webview/shared/table/table-column.ts';
import { tableKey } from '../../../../webview/shared/table/table-key.ts';

const state = { at: { row: 5, column: 2 }, rows: 100, columns: 4, page: 10 };
const press = (
  key: string,
  keys: { ctrlKey?: boolean; shiftKey?: boolean; altKey?: boolean } = {},
  from: Parameters<typeof tableKey>[1] = state,
) => tableKey({ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...keys }, from);
const at = (row: number, column: number) => ({ ...state, at: { row, column } });

test.for([
  ['ArrowDown', 6, 2],
  ['ArrowUp', 4, 2],
  ['ArrowLeft', 5, 1],
  ['ArrowRight', 5, 3],
  ['PageDown', 15, 2],
  ['PageUp', 0, 2],
  ['Home', 5, 0],
  ['End', 5, 3],
] as const)('%s moves to row %d, column %d', ([key, row, column]) => {
  expect(press(key)).toEqual({ type: 'move', to: { row, column }, extend: false });
});

test('Ctrl moves to the ends of the table', () => {
  expect(press('End', { ctrlKey: true })).toMatchObject({ to: { row: 99, column: 3 } });
  expect(press('Home', { ctrlKey: true })).toMatchObject({ to: { row: 0, column: 0 } });
  expect(press('ArrowDown', { ctrlKey: true })).toMatchObject({ to: { row: 99, column: 2 } });
});

test('the header is above the first row, and nothing is above the header', () => {
  expect(press('ArrowUp', {}, at(0, 2))).toMatchObject({ to: { row: -1, column: 2 } });
  expect(press('ArrowUp', {}, at(-1, 2))).toMatchObject({ to: { row: -1, column: 2 } });
  expect(press('PageUp', {}, at(3, 2))).toMatchObject({ to: { row: 0, column: 2 } });
});

test('Shift extends the selection between rows, and resizes in the header', () => {
  expect(press('ArrowDown', { shiftKey: true })).toMatchObject({ extend: true });
  expect(press('ArrowRight', { shiftKey: true })).toMatchObject({ type: 'move', extend: false });
  expect(press('ArrowRight', { shiftKey: true }, at(-1, 0))).toEqual({ type: 'resize', by: 16 });
});

test('Enter opens a row, and sorts by a header', () => {
  expect(press('Enter')).toEqual({ type: 'open' });
  expect(press('Enter', {}, at(-1, 0))).toEqual({ type: 'sort' });
  expect(press(' ')).toEqual({ type: 'toggle' });
  expect(press('a', { ctrlKey: true })).toEqual({ type: 'select-all' });
  expect(press('Escape')).toEqual({ type: 'clear' });
});

test.for([
  ['ArrowRight', 'folded', { type: 'unfold' }],
  ['ArrowRight', 'unfolded', { type: 'move', to: { row: 6, column: 0 }, extend: false }],
  ['ArrowLeft', 'unfolded', { type: 'fold' }],
  ['Enter', 'folded', { type: 'unfold' }],
  ['Enter', 'unfolded', { type: 'fold' }],
  ['Enter', 'member', { type: 'open' }],
  ['ArrowDown', 'folded', { type: 'move', to: { row: 6, column: 2 }, extend: false }],
] as const)('%s in a row that is %s', ([key, group, action]) => {
  expect(press(key, {}, { ...state, group })).toEqual(action);
});

test('the left arrow leads from the first cell of a row to the title of its group', () => {
  expect(press('ArrowLeft', {}, { ...at(5, 0), group: 'member' })).toEqual({ type: 'title' });
  expect(press('ArrowLeft', {}, { ...at(5, 1), group: 'member' })).toMatchObject({ to: { row: 5, column: 0 } });
  expect(press('ArrowLeft', { ctrlKey: true }, { ...at(5, 0), group: 'unfolded' })).toMatchObject({ type: 'move' });
});

test('other keys are left to the panel and to VS Code', () => {
  for (const key of ['Tab', 'F6', '?', 'x']) expect(press(key)).toBeUndefined();
  expect(press('Enter', { ctrlKey: true })).toBeUndefined();
  expect(press('ArrowDown', { altKey: true })).toBeUndefined();
});

test('a header sorts in its default direction first, then in the other', () => {
  const cost = { id: 'cost', firstSort: 'descending' as const };
  expect(nextSort(cost, undefined)).toEqual({ column: 'cost', direction: 'descending' });
  expect(nextSort(cost, { column: 'cost', direction: 'descending' })?.direction).toBe('ascending');
  expect(nextSort({ id: 'note' }, undefined)).toBeUndefined();
});
