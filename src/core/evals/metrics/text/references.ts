import type { Measured, Sample } from '../metric.ts';

/** A value of a dataset as text: numbers and structures as JSON. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** The references as texts; alternatives that are missing are left out. */
export function referenceTexts({ references = [] }: Sample): string[] {
  if (references.length === 1 && typeof references[0] === 'string') return [references[0]];
  return references.filter((reference) => reference !== undefined && reference !== null).map(toText);
}

/** Nothing can be said about an answer that is compared with nothing: not a 0, which would be an answer's fault. */
export const NO_REFERENCE: Measured = { value: null, reason: 'The case has no reference.' };

const EMPTY_REFERENCE = 'The reference is empty.';

/** Undefined if every reference is empty, otherwise what was measured. */
export function unlessEmpty(references: readonly string[], measured: Measured): Measured {
  if (references.some((reference) => reference !== '')) return measured;
  const { statistics } = measured;
  return { value: null, reason: EMPTY_REFERENCE, statistics };
}
