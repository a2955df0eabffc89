import type { VersionChoice } from '../../src/protocol/compare.ts';

/** A row of the version picker. Without a choice, it is the working copy. */
export interface VersionRow {
  /** Null is the working copy. */
  ref: string | null;
  label: string;
  choice: VersionChoice | undefined;
}

const WORKING: VersionRow = { ref: null, label: 'working copy', choice: undefined };

/** Versions with every word of the query in their name, hash, subject or author. The working copy is first. */
export function filterVersions(choices: readonly VersionChoice[], query: string): VersionRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [WORKING, ...choices.map((choice) => ({ ref: choice.ref, label: choice.label, choice }))];
  return rows.filter(({ label, choice }) => {
    const text = [label, choice?.commit, choice?.subject, choice?.author].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
