import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { placeBeside } from '../frame/place-beside.ts';

interface DropdownListProps {
  id: string;
  anchor: HTMLElement | null;
  label: string;
  options: readonly { value: string; label: string }[];
  at: number;
  chosen: number;
  onActive: (index: number) => void;
  onPick: (index: number) => void;
  onClose: () => void;
}

/** The open list of a dropdown, next to its button. */
export function DropdownList({ id, anchor, label, options, at, chosen, onActive, onPick, onClose }: DropdownListProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = list.current;
    if (!box || !anchor) return;
    box.style.minWidth = `${anchor.offsetWidth}px`;
    box.showPopover();
    placeBeside(box, anchor);
  }, []);
  useLayoutEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  useCloseOnMove(anchor, onClose);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      popover="manual"
      class="dropdown-list"
      aria-label={label}
      onMouseDown={(event) => event.preventDefault()}
    >
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the button handles the keys
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div
          key={option.value}
          id={`${id}-${index}`}
          role="option"
          class={`dropdown-option${index === at ? ' active' : ''}`}
          aria-selected={index === chosen}
          onPointerMove={() => index !== at && onActive(index)}
          onClick={() => onPick(index)}
        >
          {option.label}
        </div>
      ))}
    </div>
  );
}

/** Closes the list if its button moves, so that it does not seem to belong to another one. Other columns may scroll. */
function useCloseOnMove(anchor: HTMLElement | null, onClose: () => void): void {
  useEffect(() => {
    const onScroll = ({ target }: Event) => target instanceof Node && target.contains(anchor) && onClose();
    window.addEventListener('resize', onClose);
    document.addEventListener('scroll', onScroll, true);
    return () => {
      window.removeEventListener('resize', onClose);
      document.removeEventListener('scroll', onScroll, true);
    };
  }, []);
}
