import type { Draft, Inputs } from './draft.ts';

/** A prompt's file stays one that people read; longer values are rows of a dataset. */
const MOST_CHARACTERS = 100_000;

export interface ShortDraft {
  draft: Draft;
  /** The values that were taken out, as one row; undefined where all stay. */
  row: Record<string, unknown> | undefined;
}

/** Takes the longest defaults out of a draft until what stays is short enough. */
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
