import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Icon, IconButton } from './icon.tsx';
import { Popover } from './popover.tsx';

export interface MenuItem {
  label: string;
  icon?: string;
  disabled?: boolean;
  /** Adds a separator above the item. */
  separated?: boolean;
  onPick: () => void;
}

interface MenuButtonProps {
  icon: string;
  label: string;
  items: MenuItem[];
  disabled?: boolean;
  /** The icon, as the anchor for popups of items. */
  elementRef?: RefObject<HTMLElement | null>;
}

/** An icon that opens a menu. Arrow keys move, Enter selects, Escape closes. */
export function MenuButton({ icon, label, items, disabled, elementRef }: MenuButtonProps) {
  const [open, setOpen] = useState(false);
  const own = useRef<HTMLElement>(null);
  const anchor = elementRef ?? own;
  const pick = (item: MenuItem) => {
    setOpen(false);
    anchor.current?.focus();
    item.onPick();
  };
  return (
    <>
      <IconButton
        icon={icon}
        label={label}
        popup="menu"
        expanded={open}
        disabled={disabled ?? false}
        elementRef={anchor}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Popover anchor={anchor.current} role="menu" label={label} class="menu" onClose={() => setOpen(false)}>
          {items.map((item) => (
            <Item key={item.label} item={item} onPick={() => pick(item)} />
          ))}
        </Popover>
      )}
    </>
  );
}

function Item({ item, onPick }: { item: MenuItem; onPick: () => void }) {
  return (
    <>
      {item.separated && <hr class="menu-separator" />}
      <button
        type="button"
        role="menuitem"
        class="menu-item"
        disabled={item.disabled ?? false}
        onClick={onPick}
        onKeyDown={moveFocus}
      >
        {item.icon && <Icon name={item.icon} />}
        <span>{item.label}</span>
      </button>
    </>
  );
}

function moveFocus(event: KeyboardEvent): void {
  const item = event.currentTarget as HTMLElement;
  const items = [...(item.parentElement?.querySelectorAll<HTMLElement>('[role="menuitem"]:not([disabled])') ?? [])];
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -items.indexOf(item), End: items.length - 1 - items.indexOf(item) }[
    event.key
  ];
  if (step === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items[(items.indexOf(item) + step + items.length) % items.length]?.focus();
}
