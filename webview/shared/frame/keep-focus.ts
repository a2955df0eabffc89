import { focusableIn, isFocusable } from './focus.ts';

/** From the focused element up to the body: each element with its parent, and the place that it had there. */
type Trail = { element: HTMLElement; parent: HTMLElement; index: number }[];

/**
 * Call once. Keyboard focus never falls back to the page's body, where the next Tab would start at the panel's first
 * control: when the focused element goes away or is disabled, what is nearest to its place takes the focus. The browser
 * forgets the focused element of a frame that the focus leaves, so it is given back when the panel is in use again.
 * `first` is what a panel begins with: undefined until it is there.
 */
export function keepFocus(first: () => HTMLElement | undefined): void {
  let trail: Trail = [];
  let begun = false;
  let pressed = false;
  const follow = () => {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || active === document.body) return;
    begun = true;
    trail = trailOf(active);
  };
  const begin = () => {
    if (!begun && document.hasFocus() && document.activeElement === document.body) first()?.focus();
  };
  const check = () => {
    const [focused] = trail;
    // A panel that is not in use takes the focus from nobody; it is looked after when it is in use again.
    if (!focused || !document.hasFocus()) return;
    const active = document.activeElement;
    if (active instanceof HTMLElement && active !== document.body && isUsable(active)) return follow();
    if (focused.element.isConnected && isUsable(focused.element)) return;
    nearest(trail)?.focus();
    follow();
  };
  // A click on what takes no focus is meant to leave the control: then there is nothing to keep.
  const forget = () => {
    if (document.hasFocus() && document.activeElement === document.body && trail[0]?.element.isConnected) trail = [];
  };
  // A key that moves the focus into the frame, and a click, say themselves where it goes.
  const comeBack = () =>
    setTimeout(() => {
      if (!document.hasFocus() || document.activeElement !== document.body || pressed) return;
      const before = trail[0]?.element;
      if (before?.isConnected && isUsable(before)) before.focus({ preventScroll: true });
      else if (begun) check();
      else begin();
    });
  const press = (isDown: boolean) => {
    pressed = isDown;
    begun = true;
  };
  document.addEventListener('focusin', follow);
  document.addEventListener('pointerdown', () => press(true), true);
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => press(false), true);
  document.addEventListener('pointerup', forget);
  window.addEventListener('blur', () => (pressed = false));
  window.addEventListener('focus', comeBack);
  let checking = false;
  const changes = new MutationObserver(() => {
    // Whether an element is visible is asked only after the frame, when the layout is known: text streams in here.
    if (document.activeElement === document.body) check();
    begin();
    if (checking || trail.length === 0) return;
    checking = true;
    // The browser, too, takes the focus from a control that was disabled only when it next draws the page.
    requestAnimationFrame(() =>
      setTimeout(() => {
        checking = false;
        check();
      }),
    );
  });
  const attributeFilter = ['disabled', 'hidden', 'style', 'class'];
  changes.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter });
}

/** In use as it is; what has the focus by a click or from code need not be a stop of the Tab key. */
function isUsable(element: HTMLElement): boolean {
  return !element.hasAttribute('disabled') && element.checkVisibility({ visibilityProperty: true });
}

function trailOf(element: HTMLElement): Trail {
  const trail: Trail = [];
  for (let at: HTMLElement = element; at.parentElement && at !== document.body; at = at.parentElement) {
    trail.push({ element: at, parent: at.parentElement, index: [...at.parentElement.children].indexOf(at) });
  }
  return trail;
}

/** What follows the lost place, else what comes before it: in the smallest part of the page that is still there. */
function nearest(trail: Trail): HTMLElement | undefined {
  for (const { element, parent, index } of trail) {
    if (!parent.isConnected || !isUsable(parent)) continue;
    const children = [...parent.children].filter((child) => child instanceof HTMLElement);
    const after = children.slice(index).filter((child) => child !== element || isUsable(child));
    const next = after.flatMap(stopsOf)[0] ?? children.slice(0, index).flatMap(stopsOf).at(-1);
    if (next) return next;
    if (parent.tabIndex >= 0) return parent;
  }
  return undefined;
}

function stopsOf(element: HTMLElement): HTMLElement[] {
  return isFocusable(element) && element.tabIndex >= 0 ? [element] : focusableIn(element);
}
