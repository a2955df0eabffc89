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
  const { what, anchor, onPick, onClose } = props;
  const things = `${what.toLowerCase()}s`;
  const { query, found, shown, active, onText, move } = useFilter(props, things);
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
    const step = STEPS[event.key];
    if (step !== undefined) move(step);
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) pick(active ? active.ref : typed);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const field = { value: query, placeholder: props.placeholder, onText, onKeyDown };
  return (
    <Popover anchor={anchor} role="dialog" label={`Select ${what}`} class={props.class} onClose={onClose}>
      <div class="picker-head">
        <TextField {...field} aria-label={`Filter ${things}`} />
        {props.aside}
      </div>
      <div role="listbox" aria-label={`${what}s`} class="model-list" tabIndex={-1}>
        {shown.map((choice) => (
          <Row
            key={`${choice.label}:${choice.ref}`}
            {...{ props, choice, active: choice === active }}
            onPick={() => pick(choice.ref)}
          />
        ))}
      </div>
      <ListEnd {...{ props, things, typed }} found={found.length} onTyped={() => pick(typed)} />
      {props.children}
    </Popover>
  );
}

/** The steps of the keys that move the active row. */
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** The choices that match the typed text, and the active one, which is announced. */
function useFilter<Ref, C extends Choice<Ref>>(props: PickerProps<Ref, C>, things: string) {
  const { choices, isLoading, isCurrent, textOf, spokenOf } = props;
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => filterByWords(choices, query, textOf), [choices, query]);
  const shown = found.slice(0, SHOWN);
  const active = shown[at];
  const spoken = active && [...spokenOf(active), isCurrent(active) && 'current', `${at + 1} of ${found.length}`];
  useAnnounced(spoken ? spoken.filter(Boolean).join(', ') : isLoading ? undefined : `No ${things} match.`);
  const onText = (text: string) => {
    setQuery(text);
    setAt(0);
  };
  const move = (step: number) => setAt(Math.max(0, Math.min(shown.length - 1, at + step)));
  return { query, found, shown, active, onText, move };
}

interface ListEndProps<Ref, C extends Choice<Ref>> {
  props: PickerProps<Ref, C>;
  things: string;
  /** The number of choices that match. */
  found: number;
  typed: string | undefined;
  onTyped: () => void;
}

/** What follows the rows: that there are more, or none, or a name that was typed. */
function ListEnd<Ref, C extends Choice<Ref>>({ props, things, found, typed, onTyped }: ListEndProps<Ref, C>) {
  return (
    <>
      {props.isLoading && (
        <div class="dim" role="status">
          <Icon name="loading" spin /> Loading {things}…
        </div>
      )}
      {!props.isLoading && typed !== undefined && (
        <Button appearance="secondary" onClick={onTyped}>
          Use {typed}
        </Button>
      )}
      {!props.isLoading && found === 0 && typed === undefined && <div class="dim">{props.none}</div>}
      {found > SHOWN && <div class="dim">{found - SHOWN} more. Type to filter the list.</div>}
    </>
  );
}

interface RowProps<Ref, C extends Choice<Ref>> {
  props: PickerProps<Ref, C>;
  choice: C;
  active: boolean;
  onPick: () => void;
}

function Row<Ref, C extends Choice<Ref>>({ props, choice, active, onPick }: RowProps<Ref, C>) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the text field keeps the focus and handles the keys
    <div
      ref={(element) => {
        if (active) element?.scrollIntoView({ block: 'nearest' });
      }}
      role="option"
      class={['model-row', props.rowClass, active && 'active'].filter(Boolean).join(' ')}
      tabIndex={-1}
      aria-selected={active}
      title={props.titleOf(choice)}
      onClick={onPick}
    >
      {props.rowOf(choice, props.isCurrent(choice) && <CurrentMark />)}
    </div>
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
