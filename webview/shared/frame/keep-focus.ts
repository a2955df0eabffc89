import { focusableIn, isFocusable } from './focus.ts';

/** The elements from the focused one up to the body, each with its parent and its index there. */
type Trail = { element: HTMLElement; parent: HTMLElement; index: number }[];

/**
 * Call once. Keeps the keyboard focus from falling back to the body, where the next Tab would start at the first
 * control. If the focused element is removed or disabled, the nearest one gets the focus. The browser forgets the
 * focused element when the focus leaves an iframe, so the focus is restored when the panel is used again. `first`
 * returns the initial control, or undefined until it exists.
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
    // An inactive panel must not take the focus. It is checked when it is used again.
    if (!focused || !document.hasFocus()) return;
    const active = document.activeElement;
    if (active instanceof HTMLElement && active !== document.body && isUsable(active)) return follow();
    if (focused.element.isConnected && isUsable(focused.element)) return;
    nearest(trail)?.focus();
    follow();
  };
  // A click on something that cannot be focused leaves the control on purpose, so there is no focus to keep.
  const forget = () => {
    if (document.hasFocus() && document.activeElement === document.body && trail[0]?.element.isConnected) trail = [];
  };
  // A key that moves the focus into the iframe, and a click, set the focus themselves.
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
    // Visibility is only checked after the frame, when the layout is known, because text streams in here.
    if (document.activeElement === document.body) check();
    begin();
    if (checking || trail.length === 0) return;
    checking = true;
    // The browser also removes the focus from a disabled control only with the next frame.
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

/** True if the element can keep the focus. An element focused by a click or by code need not be a tab stop. */
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

/** The nearest tab stop after the lost place, or else before it, in the smallest part of the page that still exists. */
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
