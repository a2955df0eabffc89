import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { focusableIn, keepTabInside } from './focus.ts';

interface PopoverProps {
  /** The control that opened it; it gets the focus back. */
  anchor: HTMLElement | null;
  label: string;
  role: 'dialog' | 'menu' | 'group';
  class?: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A box beside its anchor, in the browser's top layer, so that nothing of the panel covers it. Escape and a click elsewhere close it. */
export function Popover({ anchor, label, role, onClose, children, ...rest }: PopoverProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.showPopover();
    const element = box.current;
    if (element) firstControl(element)?.focus();
    // However it is closed: what had the focus in it goes away.
    return () => {
      if (element?.contains(document.activeElement)) anchor?.focus();
    };
  }, []);
  useLayoutEffect(() => {
    if (box.current && anchor) place(box.current, anchor);
  });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onDown = (event: Event) => {
      const path = event.composedPath();
      if (!path.includes(element) && !(anchor && path.includes(anchor))) onClose();
    };
    document.addEventListener('pointerdown', onDown, true);
    window.addEventListener('resize', onClose);
    return () => {
      document.removeEventListener('pointerdown', onDown, true);
      window.removeEventListener('resize', onClose);
    };
  }, []);
  const close = () => {
    onClose();
    anchor?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Tab') keepTabInside(event, box.current);
    else return;
    event.stopPropagation();
  };
  const named = { role, 'aria-label': label, onKeyDown };
  return (
    <div {...named} popover="manual" ref={box} class={`popover ${rest.class ?? ''}`} tabIndex={-1}>
      {children}
    </div>
  );
}

function firstControl(element: HTMLElement): HTMLElement | undefined {
  return element.querySelector<HTMLElement>('[data-autofocus]') ?? focusableIn(element)[0] ?? element;
}

const MARGIN = 4;

/** Below the anchor where there is room, else above; never outside the panel. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = Math.max(MARGIN, Math.min(at.left, window.innerWidth - width - MARGIN));
  const below = at.bottom + 2;
  const top = below + height <= window.innerHeight - MARGIN ? below : Math.max(MARGIN, at.top - height - 2);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}
