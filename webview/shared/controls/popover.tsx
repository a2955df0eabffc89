import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { focusableIn, keepTabInside } from '../frame/focus.ts';
import { placeBeside } from '../frame/place-beside.ts';
import { BEFORE_RUN } from '../frame/run-key.ts';

interface PopoverProps {
  /** The control that opened it, which gets the focus back. */
  anchor: HTMLElement | null;
  label: string;
  role: 'dialog' | 'menu' | 'group';
  class?: string;
  onClose: () => void;
  children: ComponentChildren;
}

/**
 * A popup next to its anchor, in the browser's top layer so that nothing covers it. Escape and a click elsewhere close
 * it.
 */
export function Popover({ anchor, label, role, onClose, children, ...rest }: PopoverProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.showPopover();
    const element = box.current;
    if (element) firstControl(element)?.focus();
    // Whichever way it is closed, the focused element inside it is removed.
    return () => {
      if (element?.contains(document.activeElement)) anchor?.focus();
    };
  }, []);
  useLayoutEffect(() => {
    if (box.current && anchor) placeBeside(box.current, anchor);
  });
  const close = () => {
    onClose();
    anchor?.focus();
  };
  useCloseElsewhere({ box, anchor, onClose, close });
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

interface CloseElsewhere {
  box: RefObject<HTMLElement | null>;
  anchor: HTMLElement | null;
  onClose: () => void;
  /** Closes the popup and returns the focus. */
  close: () => void;
}

/** A click on the anchor is not elsewhere, because the anchor closes the popup itself. */
function useCloseElsewhere({ box, anchor, onClose, close }: CloseElsewhere): void {
  useEffect(() => {
    const [element, control] = [box.current, new AbortController()];
    if (!element) return;
    const { signal } = control;
    const onDown = (event: Event) => {
      const path = event.composedPath();
      if (!path.includes(element) && !(anchor && path.includes(anchor))) onClose();
    };
    document.addEventListener('pointerdown', onDown, { capture: true, signal });
    window.addEventListener('resize', onClose, { signal });
    document.addEventListener(BEFORE_RUN, close, { signal });
    return () => control.abort();
  }, []);
}
