import { focusableIn, isFocusable } from './focus.ts';
import { afterFrame } from './frame.ts';

/** The elements from the focused one up to the body, each with its parent and its index there. */
type Trail = { element: HTMLElement; parent: HTMLElement; index: number }[];

/**
 * Call once. Keeps the keyboard focus from falling back to the body, where the next Tab would start at the first
 * control. If the focused element is removed or disabled, the nearest one gets the focus. The browser forgets the
 * focused element when the focus leaves an iframe, so the focus is restored when the panel is used again. `first`
 * returns the initial control, or undefined until it exists.
 */
export function keepFocus(first: () => HTMLElement | undefined): void {
  const keeper = new FocusKeeper(first);
  document.addEventListener('focusin', () => keeper.follow());
  document.addEventListener('pointerdown', () => keeper.press(true), true);
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => keeper.press(false), true);
  document.addEventListener('pointerup', () => keeper.forget());
  window.addEventListener('blur', () => keeper.release());
  window.addEventListener('focus', () => setTimeout(() => keeper.comeBack()));
  const changes = new MutationObserver(() => keeper.onChange());
  const attributeFilter = ['disabled', 'hidden', 'style', 'class'];
  changes.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter });
}

class FocusKeeper {
  private readonly first: () => HTMLElement | undefined;
  private trail: Trail = [];
  private begun = false;
  private pressed = false;
  private checking = false;

  constructor(first: () => HTMLElement | undefined) {
    this.first = first;
  }

  follow(): void {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || active === document.body) return;
    this.begun = true;
    this.trail = trailOf(active);
  }

  /** A click on something that cannot be focused leaves the control on purpose, so there is no focus to keep. */
  forget(): void {
    const isLost = document.hasFocus() && document.activeElement === document.body;
    if (isLost && this.trail[0]?.element.isConnected) this.trail = [];
  }

  press(isDown: boolean): void {
    this.pressed = isDown;
    this.begun = true;
  }

  release(): void {
    this.pressed = false;
  }

  /** The iframe has the focus again. A key that moved it there, and a click, set the focus themselves. */
  comeBack(): void {
    if (!document.hasFocus() || document.activeElement !== document.body || this.pressed) return;
    const before = this.trail[0]?.element;
    if (before?.isConnected && isUsable(before)) before.focus({ preventScroll: true });
    else if (this.begun) this.check();
    else this.begin();
  }

  onChange(): void {
    // Visibility is only checked after the frame, when the layout is known, because text streams in here.
    if (document.activeElement === document.body) this.check();
    this.begin();
    if (this.checking || this.trail.length === 0) return;
    this.checking = true;
    // The browser also removes the focus from a disabled control only with the next frame.
    afterFrame(() => {
      this.checking = false;
      this.check();
    });
  }

  private begin(): void {
    if (!this.begun && document.hasFocus() && document.activeElement === document.body) this.first()?.focus();
  }

  private check(): void {
    const [focused] = this.trail;
    // An inactive panel must not take the focus. It is checked when it is used again.
    if (!focused || !document.hasFocus()) return;
    const active = document.activeElement;
    if (active instanceof HTMLElement && active !== document.body && isUsable(active)) {
      this.follow();
      return;
    }
    if (focused.element.isConnected && isUsable(focused.element)) return;
    nearest(this.trail)?.focus();
    this.follow();
  }
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
