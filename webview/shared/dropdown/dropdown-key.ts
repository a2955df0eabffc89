/** The effect of a key: shows the list with an active option, selects one, or closes the list. */
type DropdownAction =
  | { type: 'show'; at: number }
  /** `keepDefault`: the default action of the key, such as Tab, also happens. */
  | { type: 'pick'; at: number; keepDefault?: true }
  | { type: 'close' }
  | undefined;

interface DropdownKeyState {
  /** The active option; undefined while the list is closed. */
  at: number | undefined;
  chosen: number;
  last: number;
  /** True while a space is part of the typed text. */
  typing: boolean;
  find: (key: string) => number | undefined;
}

type Key = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** Follows the combobox pattern: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
export function dropdownKey(event: Key, state: DropdownKeyState): DropdownAction {
  if (event.ctrlKey || event.metaKey) return undefined;
  const { key, altKey } = event;
  const { at, chosen, last } = state;
  const first = Math.max(0, chosen);
  if (key === 'F4' || (altKey && key === 'ArrowDown')) return at === undefined ? show(first) : close(key);
  if (altKey && key === 'ArrowUp') return at === undefined ? show(first) : { type: 'pick', at };
  if (key.length === 1 && (key !== ' ' || state.typing)) return shown(state.find(key));
  if (at === undefined) {
    if (['Enter', ' ', 'ArrowDown', 'ArrowUp'].includes(key)) return show(first);
    return shown({ Home: 0, End: last }[key]);
  }
  if (key === 'Escape') return { type: 'close' };
  if (key === 'Tab') return { type: 'pick', at, keepDefault: true };
  if (key === 'Enter' || key === ' ') return { type: 'pick', at };
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + PAGE, PageUp: at - PAGE, Home: 0, End: last }[key];
  return shown(to === undefined ? undefined : Math.max(0, Math.min(last, to)));
}

const PAGE = 10;

const show = (at: number): DropdownAction => ({ type: 'show', at });
const shown = (at: number | undefined): DropdownAction => (at === undefined ? undefined : show(at));

/** Alt+Down only opens the list. F4 opens and closes it. */
const close = (key: string): DropdownAction => (key === 'F4' ? { type: 'close' } : undefined);
