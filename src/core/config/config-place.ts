import { readFlow, type Sibling, unquoted } from './flow-place.ts';

/** The position of an offset in a YAML file of nested maps, by indentation, so that an incomplete line counts too. */
interface ConfigPlace {
  /** The keys around it, outermost first; a list item counts as `0`. */
  path: readonly string[];
  /** The key of the value; undefined where a key is, or may be, written. */
  key: string | undefined;
  /** The key or the value as it is written, from `start` to `end`. */
  word: string;
  start: number;
  end: number;
  /** The other keys in the same map. */
  siblings: readonly Sibling[];
  /** True in `{…}`, where only a key can be written. */
  isInMap: boolean;
  /** The word has quotes, which belong to it. */
  isQuoted: boolean;
}

/** A key with its column; a dash is its own key, half a column further in, since it may be below its list's key. */
interface Step {
  column: number;
  key: string;
  /** What is written after the key in its line. */
  value: string | undefined;
}

const LINE = /^(\s*)(-\s+)?(?:("[^"]*"|'[^']*'|[^\s#'"{[&*!|>-][^#]*?)\s*:(?=\s|$))?/;

/** Undefined in a comment. */
export function placeInConfig(text: string, offset: number): ConfigPlace | undefined {
  const flow = flowAround(text, offset);
  if (flow) return flow.place;
  // a negative position counts as 0
  const lineStart = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const nextLine = text.indexOf('\n', offset) < 0 ? text.length : text.indexOf('\n', offset);
  const before = text.slice(lineStart, offset);
  if (/(?:^|\s)[#{[]/.test(before)) return undefined;
  const written = wordAt(text.slice(lineStart, nextLine), before.length);
  const above = text.slice(0, lineStart).split('\n').flatMap(readSteps);
  const own = readSteps(`${before.slice(0, written.column)}x:`).slice(0, -1);
  const around = [...above, ...own].toReversed();
  const below = text
    .slice(nextLine + 1)
    .split('\n')
    .flatMap(readSteps);
  return {
    path: pathOf(around, written.column),
    key: written.key,
    word: text.slice(lineStart + written.start, lineStart + written.end),
    start: lineStart + written.start,
    end: lineStart + written.end,
    siblings: [...siblingsIn(around, written.column), ...siblingsIn(below, written.column)],
    isInMap: false,
    isQuoted: /(?:^|\s)["']/.test(before),
  };
}

/** A flow collection starts where a value does. */
const FLOW = /^(\s*(?:-\s+)?(?:(?:"[^"]*"|'[^']*'|[^\s#'"{[&*!|>-][^#\n]*?)\s*:\s+)?)[[{]/gm;

/** The flow collection around an offset, with the place in it unless nothing is offered there. */
function flowAround(text: string, offset: number): { place: ConfigPlace | undefined } | undefined {
  FLOW.lastIndex = 0;
  for (let found = FLOW.exec(text); found && found.index < offset; found = FLOW.exec(text)) {
    const [, head = ''] = found;
    const start = found.index + head.length;
    const { end, place } = readFlow(text, start, offset);
    if (start < offset && offset < end) {
      return { place: place && { ...placeOfWord(text, place), path: [...pathBefore(text, start), ...place.steps] } };
    }
    FLOW.lastIndex = Math.max(end, start + 1);
  }
  return undefined;
}

function placeOfWord(
  text: string,
  { key, wordStart, wordEnd, siblings, isInMap }: NonNullable<ReturnType<typeof readFlow>['place']>,
) {
  const word = text.slice(wordStart, wordEnd);
  return { key, word, start: wordStart, end: wordEnd, siblings, isInMap, isQuoted: /^["']/.test(word) };
}

/** The keys around a value that starts at an offset. */
function pathBefore(text: string, offset: number): string[] {
  const steps = text.slice(0, offset).split('\n').flatMap(readSteps);
  return pathOf(steps.toReversed(), Number.POSITIVE_INFINITY);
}

/** The key or the value at a column of a line; `column` is where the line's key starts. */
function wordAt(line: string, at: number) {
  const [whole = '', space = '', dash = '', name] = LINE.exec(line) ?? [];
  const last = line.trimEnd().length;
  const column = last === 0 ? at : space.length + dash.length;
  const key = name === undefined ? undefined : unquoted(name);
  if (key === undefined || at < whole.length) {
    const end = Math.max(name === undefined ? last : column + name.length, at);
    return { column, key: undefined, start: Math.min(column, at), end };
  }
  const gap = /^\s*/.exec(line.slice(whole.length))?.[0].length ?? 0;
  return { column, key, start: Math.min(whole.length + gap, at), end: Math.max(last, at) };
}

function readSteps(line: string): Step[] {
  const [whole = '', space = '', dash, key] = LINE.exec(line) ?? [];
  const steps: Step[] = dash === undefined ? [] : [{ column: space.length + 0.5, key: '0', value: undefined }];
  if (key === undefined) return steps;
  const value = unquoted(
    line
      .slice(whole.length)
      .replace(/\s#.*$/, '')
      .trim(),
  );
  steps.push({
    column: space.length + (dash?.length ?? 0),
    key: unquoted(key),
    value: value === '' ? undefined : value,
  });
  return steps;
}

function pathOf(stepsUpwards: readonly Step[], column: number): string[] {
  const path: string[] = [];
  let limit = column;
  for (const step of stepsUpwards) {
    if (step.column >= limit) continue;
    path.unshift(step.key);
    limit = step.column;
  }
  return path;
}

/** Up to the first line with less indentation, where the map ends. */
function siblingsIn(steps: readonly Step[], column: number): Sibling[] {
  const end = steps.findIndex((step) => step.column < column);
  const inMap = end < 0 ? steps : steps.slice(0, end);
  return inMap.filter((step) => step.column === column).map(({ key, value }) => ({ name: key, value }));
}
