const NEEDED = '.field:has(> .needed) [data-key]';

/** Where a panel that has just opened begins: at the first input that needs a value, else at the first of these. */
export function firstControl(...others: string[]): HTMLElement | undefined {
  const found = [NEEDED, ...others].map((selector) => document.querySelector<HTMLElement>(selector));
  return found.find((control) => control !== null) ?? undefined;
}
