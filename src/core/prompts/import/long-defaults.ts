import type { Draft, Inputs } from './draft.ts';

/** A prompt's file should stay readable, so longer values become rows of a dataset. */
const MOST_CHARACTERS = 100_000;

interface ShortDraft {
  draft: Draft;
  /** The removed values, as one row; undefined if all stay. */
  row: Record<string, unknown> | undefined;
}

/** Moves the longest default values out of a draft until the rest is short enough. */
export function takeLongDefaults(draft: Draft): ShortDraft {
  const lengths = [...draft.inputs].flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [{ name, value, length: JSON.stringify(value)?.length ?? 0 }],
  );
  let total = lengths.reduce((sum, { length }) => sum + length, 0);
  if (total <= MOST_CHARACTERS) return { draft, row: undefined };
  const row: Record<string, unknown> = {};
  const inputs: Inputs = new Map(draft.inputs);
  for (const { name, value, length } of lengths.sort((a, b) => b.length - a.length)) {
    if (total <= MOST_CHARACTERS) break;
    total -= length;
    row[name] = value;
    inputs.set(name, { ...inputs.get(name), default: undefined });
  }
  return { draft: { ...draft, inputs }, row };
}
