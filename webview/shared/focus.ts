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
  'vscode-button:not([disabled]), vscode-text-field, vscode-text-area, vscode-dropdown, vscode-checkbox, button:not([disabled]), summary, [tabindex="0"]';

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

/** Moves the focus to the next region of the panel, or the one before. */
export function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(REGION)].filter((region) => region.offsetParent !== null);
  const now = document.activeElement?.closest(REGION);
  const at = now instanceof HTMLElement ? regions.indexOf(now) : step === 1 ? -1 : 0;
  const next = regions[(at + step + regions.length) % regions.length];
  if (!next) return;
  const last = lastFocus.get(next);
  const target = last?.isConnected ? last : (next.querySelector<HTMLElement>(FOCUSABLE) ?? next);
  target.focus();
}
