import { describe, expect, it } from 'vitest';
import { dropdownKey } from '../../../../webview/shared/dropdown/dropdown-key.ts';
import { createTypeAhead } from '../../../../webview/shared/dropdown/type-ahead.ts';

const press = (key: string, state: { at?: number; typing?: boolean; alt?: boolean; ctrl?: boolean } = {}) =>
  dropdownKey(
    { key, altKey: state.alt ?? false, ctrlKey: state.ctrl ?? false, metaKey: false },
    {
      at: state.at,
      chosen: 2,
      last: 20,
      typing: state.typing ?? false,
      find: (letter) => (letter === 'g' ? 7 : undefined),
    },
  );

describe('a closed dropdown', () => {
  it.each(['Enter', ' ', 'ArrowDown', 'ArrowUp', 'F4'])('opens at its value with “%s”', (key) => {
    expect(press(key)).toEqual({ type: 'show', at: 2 });
  });

  it('opens with Alt and an arrow, at either end, and when text is typed', () => {
    expect(press('ArrowDown', { alt: true })).toEqual({ type: 'show', at: 2 });
    expect(press('Home')).toEqual({ type: 'show', at: 0 });
    expect(press('End')).toEqual({ type: 'show', at: 20 });
    expect(press('g')).toEqual({ type: 'show', at: 7 });
  });

  it('ignores Tab, Escape and the keys of the panel', () => {
    expect([press('Tab'), press('Escape'), press('Enter', { ctrl: true }), press('F6'), press('PageDown')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('an open dropdown', () => {
  it('moves within its list', () => {
    expect(press('ArrowDown', { at: 20 })).toEqual({ type: 'show', at: 20 });
    expect(press('ArrowUp', { at: 1 })).toEqual({ type: 'show', at: 0 });
    expect(press('PageDown', { at: 3 })).toEqual({ type: 'show', at: 13 });
    expect(press('PageUp', { at: 3 })).toEqual({ type: 'show', at: 0 });
    expect(press('End', { at: 3 })).toEqual({ type: 'show', at: 20 });
  });

  it('accepts its active option with Enter, Space, Tab and Alt+Up', () => {
    for (const key of ['Enter', ' ']) expect(press(key, { at: 5 })).toEqual({ type: 'pick', at: 5 });
    expect(press('ArrowUp', { at: 5, alt: true })).toEqual({ type: 'pick', at: 5 });
    expect(press('Tab', { at: 5 })).toEqual({ type: 'pick', at: 5, keepDefault: true });
  });

  it('closes without a change with Escape and F4', () => {
    expect(press('Escape', { at: 5 })).toEqual({ type: 'close' });
    expect(press('F4', { at: 5 })).toEqual({ type: 'close' });
  });

  it('treats a space as text while the user types', () => {
    expect(press(' ', { at: 5, typing: true })).toBeUndefined();
  });
});

describe('typing in a dropdown', () => {
  const labels = ['(not set)', 'Bronze', 'Gold', 'Gold plus', 'Silver', '× 10', '× 20'];

  it('finds labels that start with the text, in any case, without leading symbols', () => {
    const ahead = createTypeAhead(() => 0);
    expect(ahead.find('S', labels, 0)).toBe(4);
    expect(createTypeAhead(() => 0).find('2', labels, 0)).toBe(6);
    expect(createTypeAhead(() => 0).find('x', labels, 0)).toBeUndefined();
  });

  it('joins letters in quick succession, and starts again after a pause', () => {
    let now = 0;
    const ahead = createTypeAhead(() => now);
    expect([...'gold '].map((key) => ahead.find(key, labels, 2)).at(-1)).toBe(3);
    expect(ahead.typing()).toBe(true);
    now = 1000;
    expect(ahead.typing()).toBe(false);
    expect(ahead.find('b', labels, 3)).toBe(1);
  });

  it('moves on to the next match with the same letter again', () => {
    const ahead = createTypeAhead(() => 0);
    expect(ahead.find('g', labels, 0)).toBe(2);
    expect(ahead.find('g', labels, 2)).toBe(3);
    expect(ahead.find('g', labels, 3)).toBe(2);
  });
});
