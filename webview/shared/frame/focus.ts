/** True if keys are text input, where single letters are not commands. */
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

/** The elements that Tab reaches inside an element, in page order. */
export function focusableIn(element: Element): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isFocusable);
}

export function isFocusable(element: HTMLElement): boolean {
  if (element.matches('[disabled], [tabindex="-1"]')) return false;
  return element.checkVisibility({ visibilityProperty: true });
}

/** Keeps Tab inside a box that covers the panel, because leaving it would focus something below it. */
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

/** The last focused element of each region, so that F6 returns to it. */
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
 * F6 and Shift+F6 move the focus to the next or previous region of the panel. After the last one, the key is not
 * handled, so that VS Code moves the focus to the next part of the window.
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
  // VS Code listens on the window, even if the default was prevented.
  event.stopPropagation();
}
