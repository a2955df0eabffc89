import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

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
    if (box.current) firstControl(box.current)?.focus();
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
    else if (event.key === 'Tab') keepInside(event, box.current);
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

const FOCUSABLE =
  'vscode-button, vscode-text-field, vscode-text-area, vscode-dropdown, vscode-checkbox, button, [tabindex="0"]';

const controlsIn = (element: HTMLElement) =>
  [...element.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((control) => !control.hasAttribute('disabled'));

function firstControl(element: HTMLElement): HTMLElement | undefined {
  return element.querySelector<HTMLElement>('[data-autofocus]') ?? controlsIn(element)[0] ?? element;
}

/** Tab goes round inside: leaving would land somewhere under the box. */
function keepInside(event: KeyboardEvent, element: HTMLElement | null): void {
  if (!element) return;
  const controls = controlsIn(element);
  const [first, last] = [controls[0], controls.at(-1)];
  const from = event.target instanceof Node ? event.target : null;
  if (!event.shiftKey && last?.contains(from)) {
    event.preventDefault();
    first?.focus();
  } else if (event.shiftKey && first?.contains(from)) {
    event.preventDefault();
    last?.focus();
  }
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
