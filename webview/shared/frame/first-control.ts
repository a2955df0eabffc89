const NEEDED = '.field:has(> .needed) [data-key]';

/**
 * The first focused control of a new panel: the first input that needs a value, or else the first match of these
 * selectors.
 */
export function firstControl(...others: string[]): HTMLElement | undefined {
  const found = [NEEDED, ...others].map((selector) => document.querySelector<HTMLElement>(selector));
  return found.find((control) => control !== null) ?? undefined;
}
