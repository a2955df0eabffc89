import { type Change, diffArrays, diffLines } from 'diff';
import { type DiffPart, groupChanges } from './group-changes.ts';
import { tokensOf } from './tokens.ts';

/** The limit of edits for a comparison by word. A passage with more edits is shown as replaced. */
const MAX_WORD_EDITS = 400;
const MAX_LINE_EDITS = 1_500;
/** A longer passage is only compared by line. */
const MAX_WORD_LENGTH = 20_000;
/** Longer texts are shown as replaced. */
const MAX_LENGTH = 400_000;

interface WordDiff {
  parts: DiffPart[];
  /** The number of passages that were too long or too different to compare by word, and are shown by line. */
  coarse: number;
}

/**
 * The changes between two texts: first by line, then by phrase in changed lines. A generator, so that the caller can
 * pause after any passage and continue in the next frame.
 */
export function* diffSteps(before: string, after: string): Generator<undefined, WordDiff> {
  const parts: DiffPart[] = [];
  let coarse = 0;
  const lines = compareLines(before, after);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    const next = lines[index + 1];
    if (line === undefined) break;
    if (line.kind === 'removed' && next?.kind === 'added') {
      const words = compareWords(line.text, next.text);
      if (words === undefined) coarse += 1;
      for (const part of words ?? [line, next]) push(parts, part);
      index += 1;
      yield;
    } else push(parts, line);
  }
  return { parts, coarse };
}

/** The same without pauses. */
export function diffWords(before: string, after: string): WordDiff {
  const steps = diffSteps(before, after);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function compareLines(before: string, after: string): DiffPart[] {
  const replaced = (
    [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ] as DiffPart[]
  ).filter(hasText);
  if (before === '' || after === '' || before.length + after.length > MAX_LENGTH) return replaced;
  const changes: Change[] | undefined = diffLines(before, after, { maxEditLength: MAX_LINE_EDITS });
  return changes?.map(partOf) ?? replaced;
}

function compareWords(before: string, after: string): DiffPart[] | undefined {
  if (before.length + after.length > MAX_WORD_LENGTH) return undefined;
  const changes = diffArrays(tokensOf(before), tokensOf(after), { maxEditLength: MAX_WORD_EDITS });
  return changes && groupChanges(changes.map(({ value, ...change }) => partOf({ ...change, value: value.join('') })));
}

function partOf({ added, removed, value }: Pick<Change, 'added' | 'removed' | 'value'>): DiffPart {
  return { kind: added ? 'added' : removed ? 'removed' : 'same', text: value };
}

const hasText = (part: DiffPart) => part.text !== '';

function push(parts: DiffPart[], part: DiffPart): void {
  const last = parts.at(-1);
  if (last?.kind === part.kind) last.text += part.text;
  else if (hasText(part)) parts.push({ ...part });
}
