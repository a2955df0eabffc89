/** True where keys are text: single letters are no commands there. */
export function isTyping(event: KeyboardEvent): boolean {
  return event.composedPath().some((target) => {
    if (!(target instanceof HTMLElement)) return false;
    return (
      /^(INPUT|TEXTAREA|SELECT|VSCODE-TEXT-FIELD|VSCODE-TEXT-AREA)$/.test(target.tagName) || target.isContentEditable
    );
  });
}

const REGION = '[data-region]';
const FOCUSABLE =
  'vscode-button, vscode-text-field, vscode-text-area, vscode-checkbox, button, summary, [tabindex="0"]';

/** What the Tab key reaches inside an element, in the order of the page. */
export function focusableIn(element: Element): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isFocusable);
}

export function isFocusable(element: HTMLElement): boolean {
  if (element.matches('[disabled], [tabindex="-1"]')) return false;
  return element.checkVisibility({ visibilityProperty: true });
}

/** Tab goes round inside a box that lies over the panel: leaving would land somewhere under it. */
export function keepTabInside(event: KeyboardEvent, box: Element | null): void {
  if (!box || event.key !== 'Tab') return;
  const controls = focusableIn(box);
  const [first, last] = [controls[0], controls.at(-1)];
  const from = event.target instanceof Node ? event.target : null;
  const isOnBox = from === box;
  if (!event.shiftKey && (isOnBox || !last || last.contains(from))) first?.focus();
  else if (event.shiftKey && (isOnBox || !first || first.contains(from))) last?.focus();
  else return;
  event.preventDefault();
}

/** Where the focus last stood in each region, so that F6 comes back to it. */
const lastFocus = new WeakMap<Element, HTMLElement>();

/** Call once: remembers the focus of each region. */
export function rememberFocus(): void {
  document.addEventListener('focusin', (event) => {
    if (!(event.target instanceof HTMLElement)) return;
    const region = event.target.closest(REGION);
    if (region) lastFocus.set(region, event.target);
  });
}

/**
 * F6 and Shift+F6 move the focus to the panel's next region, or the one before. Past the last one the key is left
 * alone: VS Code gets it, and moves the focus to the next part of the window.
 */
export function moveByRegion(event: KeyboardEvent): void {
  const regions = [...document.querySelectorAll<HTMLElement>(REGION)].filter((region) => region.checkVisibility());
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = event.shiftKey ? (at < 0 ? regions.at(-1) : regions[at - 1]) : regions[at + 1];
  if (!next) return;
  const last = lastFocus.get(next);
  const target = last && next.contains(last) && isFocusable(last) ? last : (focusableIn(next)[0] ?? next);
  target.focus();
  event.preventDefault();
  // VS Code listens on the window, to whether the default was prevented or not.
  event.stopPropagation();
}
