import { useId, useRef, useState } from 'preact/hooks';
import { Icon } from '../controls/icon.tsx';
import { dropdownKey } from './dropdown-key.ts';
import { DropdownList } from './dropdown-list.tsx';
import { createTypeAhead } from './type-ahead.ts';

interface DropdownProps {
  value: string;
  options: readonly { value: string; label: string }[];
  onValue: (value: string) => void;
  'aria-label': string;
  id?: string;
  class?: string;
  title?: string;
  disabled?: boolean;
  'aria-invalid'?: boolean;
  'data-key'?: string;
}

/**
 * A dropdown whose list is in the browser's top layer. The focus stays on the button, which refers to the active
 * option. Enter, Space, Tab or a click selects that option; Escape and a click elsewhere keep the value.
 */
export function Dropdown({ value, options, onValue, id, title, disabled = false, ...props }: DropdownProps) {
  const { at, setAt, chosen, pick, close, onKeyDown } = useChoice({ value, options, onValue });
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();
  const label = props['aria-label'];
  return (
    <>
      <button
        ref={button}
        type="button"
        role="combobox"
        class={`dropdown ${props.class ?? ''}`}
        disabled={disabled}
        aria-label={label}
        aria-haspopup="listbox"
        aria-expanded={at !== undefined}
        {...(at !== undefined && { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${at}` })}
        aria-invalid={props['aria-invalid']}
        data-key={props['data-key']}
        {...(id !== undefined && { id })}
        {...(title !== undefined && { title })}
        onClick={() => setAt(at === undefined ? Math.max(0, chosen) : undefined)}
        onKeyDown={onKeyDown}
        onBlur={close}
      >
        <span class="dropdown-value truncated">{options[chosen]?.label ?? value}</span>
        <Icon name="chevron-down" />
      </button>
      {at !== undefined && (
        <DropdownList
          {...{ id: listId, anchor: button.current, label, options, at, chosen }}
          onActive={setAt}
          onPick={pick}
          onClose={close}
        />
      )}
    </>
  );
}

function useChoice({ value, options, onValue }: Pick<DropdownProps, 'value' | 'options' | 'onValue'>) {
  // Undefined while the list is closed.
  const [at, setAt] = useState<number | undefined>(undefined);
  const [typeAhead] = useState(createTypeAhead);
  const chosen = options.findIndex((option) => option.value === value);
  const close = () => setAt(undefined);
  const pick = (index: number) => {
    close();
    const next = options[index]?.value;
    if (next !== undefined && next !== value) onValue(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const labels = options.map((option) => option.label);
    const find = (key: string) => typeAhead.find(key, labels, at ?? chosen);
    const action = dropdownKey(event, { at, chosen, last: options.length - 1, typing: typeAhead.typing(), find });
    // Letters are handled here even if no option starts with them.
    if (!action && !(event.key.length === 1 && !event.ctrlKey && !event.metaKey)) return;
    if (action?.type === 'show') setAt(action.at);
    else if (action?.type === 'pick') pick(action.at);
    else if (action) close();
    if (action?.type === 'pick' && action.keepDefault) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { at, setAt, chosen, pick, close, onKeyDown };
}
