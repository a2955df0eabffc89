import { EditTable, type Trace } from './edit-table.ts';

/** Tercom's limits, as in sacreBLEU's `lib_ter.py`. */
const LONGEST_SHIFT = 10;
const FARTHEST_SHIFT = 50;
const MOST_CANDIDATES = 1000;

interface Shift {
  start: number;
  length: number;
  /** Where the phrase is inserted, in the words before the shift. */
  target: number;
}

interface Candidate extends Shift {
  gain: number;
  words: Int32Array;
}

/**
 * The edits of TER, step by step as `lib_ter.py` of sacreBLEU 2.6 after Tercom, whose heuristics decide the result: a
 * greedy search takes the shift that lowers the edit distance the most, until none does.
 */
export function countEdits(answer: Int32Array, reference: Int32Array): number {
  if (reference.length === 0) return answer.length;
  const table = new EditTable(reference);
  let words = answer;
  let shifts = 0;
  let checked = 0;
  for (;;) {
    const found = findBestShift(words, reference, { table, checked });
    checked = found.checked;
    if (checked >= MOST_CANDIDATES || !found.best || found.best.gain <= 0) break;
    shifts += 1;
    words = found.best.words;
  }
  return shifts + table.distance(words);
}

interface Search {
  table: EditTable;
  /** Candidates of all rounds so far. */
  checked: number;
}

function findBestShift(words: Int32Array, reference: Int32Array, { table, checked }: Search) {
  const trace = table.trace(words);
  let best: Candidate | undefined;
  let count = checked;
  for (const match of findMatches(words, reference)) {
    if (!isUseful(match, trace)) continue;
    for (const target of targetsOf(match, trace)) {
      const shift = { start: match.start, length: match.length, target };
      const shifted = move(words, shift);
      const candidate = { ...shift, gain: trace.distance - table.distance(shifted), words: shifted };
      count += 1;
      if (!best || isBetter(candidate, best)) best = candidate;
    }
    if (count >= MOST_CANDIDATES) break;
  }
  return { best, checked: count };
}

/** A phrase of the answer that the reference has at another place. */
interface Match {
  start: number;
  inReference: number;
  length: number;
}

function* findMatches(words: Int32Array, reference: Int32Array): Generator<Match> {
  for (let start = 0; start < words.length; start += 1) {
    const last = Math.min(reference.length - 1, start + FARTHEST_SHIFT);
    for (let inReference = Math.max(0, start - FARTHEST_SHIFT); inReference <= last; inReference += 1) {
      const longest = Math.min(LONGEST_SHIFT, words.length - start, reference.length - inReference);
      for (let length = 1; length <= longest; length += 1) {
        if (words[start + length - 1] !== reference[inReference + length - 1]) break;
        yield { start, inReference, length };
      }
    }
  }
}

/** Both places must have an error, and a phrase is not moved within itself. */
function isUseful({ start, inReference, length }: Match, { isWrong, isMissed, aligned }: Trace): boolean {
  const isRight = (errors: Uint8Array, from: number) => !errors.subarray(from, from + length).includes(1);
  if (isRight(isWrong, start) || isRight(isMissed, inReference)) return false;
  const at = aligned[inReference] ?? 0;
  return at < start || at >= start + length;
}

function* targetsOf({ inReference, length }: Match, { aligned }: Trace): Generator<number> {
  let before = -1;
  for (let offset = -1; offset < length; offset += 1) {
    const at = inReference + offset;
    if (at >= aligned.length) return;
    const target = at === -1 ? 0 : (aligned[at] ?? 0) + 1;
    if (target !== before) yield target;
    before = target;
  }
}

function move(words: Int32Array, { start, length, target }: Shift): Int32Array {
  const phrase = words.subarray(start, start + length);
  const end = start + length;
  const moved = new Int32Array(words.length);
  let at = 0;
  const add = (part: Int32Array) => {
    moved.set(part, at);
    at += part.length;
  };
  // within the phrase's own place, `target` counts in the words that are left
  const split = target < start ? target : target > end ? target - length : target;
  const rest = new Int32Array(words.length - length);
  rest.set(words.subarray(0, start));
  rest.set(words.subarray(end), start);
  add(rest.subarray(0, split));
  add(phrase);
  add(rest.subarray(split));
  return moved;
}

/** Tercom's ranking: the greatest gain, then the longest phrase, then the earliest, then the earliest target. */
function isBetter(one: Candidate, other: Candidate): boolean {
  if (one.gain !== other.gain) return one.gain > other.gain;
  if (one.length !== other.length) return one.length > other.length;
  if (one.start !== other.start) return one.start < other.start;
  return one.target < other.target;
}
