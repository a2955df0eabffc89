import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Icon } from '../../../shared/controls/icon.tsx';
import { Popover } from '../../../shared/controls/popover.tsx';
import { announceCurrent } from '../../../shared/frame/live-region.ts';
import { Button, TextField } from '../../../ui.ts';

/** The maximum number of rows. Typing filters the rest. */
const SHOWN = 80;

/** What can be picked. `ref` is its name in requests. */
interface Choice<Ref> {
  ref: Ref;
  label: string;
}

interface PickerProps<Ref, C extends Choice<Ref>> {
  what: 'Model' | 'Version';
  anchor: HTMLElement | null;
  placeholder: string;
  class: string;
  rowClass?: string;
  choices: readonly C[];
  isLoading: boolean;
  isCurrent: (choice: C) => boolean;
  /** Every word of the query must be in this text. */
  textOf: (choice: C) => string;
  titleOf: (choice: C) => string | undefined;
  /** The parts of a row that are announced when it is active. */
  spokenOf: (choice: C) => (string | false | undefined)[];
  /** The content of a row. `mark` follows the name of the current choice. */
  rowOf: (choice: C, mark: ComponentChildren) => ComponentChildren;
  /** The name that was typed, if it may be one that is not listed. */
  typedRef: (query: string) => string | undefined;
  /** Next to the text field. */
  aside?: ComponentChildren;
  /** Shown if nothing matches and nothing can be entered. */
  none: ComponentChildren;
  onPick: (ref: Ref | string) => void;
  onClose: () => void;
  children?: ComponentChildren;
}

/** A list that is filtered by typing. The focus stays in the text field, whose keys move the active row. */
export function Picker<Ref, C extends Choice<Ref>>(props: PickerProps<Ref, C>) {
  const { what, anchor, choices, isLoading, isCurrent, textOf, onPick, onClose } = props;
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => filterByWords(choices, query, textOf), [choices, query]);
  const shown = found.slice(0, SHOWN);
  const active = shown[at];
  const things = `${what.toLowerCase()}s`;
  const spoken = active && [...props.spokenOf(active), isCurrent(active) && 'current', `${at + 1} of ${found.length}`];
  useAnnounced(spoken ? spoken.filter(Boolean).join(', ') : isLoading ? undefined : `No ${things} match.`);
  const name = query.trim();
  const typed = found.some(({ ref }) => ref === name) ? undefined : props.typedRef(name);

  const pick = (ref: Ref | string | undefined) => {
    if (ref === undefined) return;
    // closed before the choice takes effect
    onClose();
    anchor?.focus();
    onPick(ref);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) setAt(Math.max(0, Math.min(shown.length - 1, at + step)));
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) pick(active ? active.ref : typed);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onText = (text: string) => {
    setQuery(text);
    setAt(0);
  };
  return (
    <Popover anchor={anchor} role="dialog" label={`Select ${what}`} class={props.class} onClose={onClose}>
      <div class="picker-head">
        <TextField
          value={query}
          placeholder={props.placeholder}
          aria-label={`Filter ${things}`}
          onText={onText}
          onKeyDown={onKeyDown}
        />
        {props.aside}
      </div>
      <div role="listbox" aria-label={`${what}s`} class="model-list" tabIndex={-1}>
        {shown.map((choice) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above keeps the focus and handles the keys
          <div
            key={`${choice.label}:${choice.ref}`}
            ref={(element) => {
              if (choice === active) element?.scrollIntoView({ block: 'nearest' });
            }}
            role="option"
            class={['model-row', props.rowClass, choice === active && 'active'].filter(Boolean).join(' ')}
            tabIndex={-1}
            aria-selected={choice === active}
            title={props.titleOf(choice)}
            onClick={() => pick(choice.ref)}
          >
            {props.rowOf(choice, isCurrent(choice) && <CurrentMark />)}
          </div>
        ))}
      </div>
      {isLoading && (
        <div class="dim" role="status">
          <Icon name="loading" spin /> Loading {things}…
        </div>
      )}
      {!isLoading && typed !== undefined && (
        <Button appearance="secondary" onClick={() => pick(typed)}>
          Use {typed}
        </Button>
      )}
      {!isLoading && found.length === 0 && typed === undefined && <div class="dim">{props.none}</div>}
      {found.length > SHOWN && <div class="dim">{found.length - SHOWN} more. Type to filter the list.</div>}
      {props.children}
    </Popover>
  );
}

function filterByWords<C>(choices: readonly C[], query: string, textOf: (choice: C) => string): C[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter((choice) => {
    const text = textOf(choice).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The focus stays in the text field, whose input is in a different shadow tree than the list. */
function useAnnounced(row: string | undefined): void {
  useEffect(() => {
    if (row !== undefined) announceCurrent(row);
  }, [row]);
}

function CurrentMark() {
  return (
    <>
      <Icon name="check" />
      <span class="visually-hidden">, current</span>
    </>
  );
}
