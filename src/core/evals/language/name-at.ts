import { parseDocument } from 'yaml';
import { isRecord } from '../../../shared/is-record.ts';
import { placeInConfig } from '../../config/config-place.ts';
import { LONGEST_YAML } from '../../config/read-config-text.ts';
import { splitPrompt } from '../file/read-sources.ts';
import { topLevelPart } from '../file/top-level-part.ts';

/** A place of an evaluation file where something outside of it is named. */
export interface NamePlace {
  kind: 'prompt' | 'model' | 'dataset' | 'baseline' | 'column' | 'answer-path';
  /** As written, without quotes; from `start` to `end`. */
  word: string;
  start: number;
  end: number;
  isQuoted: boolean;
  /** The word follows a colon or a dash directly, so it needs a space before it. */
  needsSpace: boolean;
}

const KINDS: readonly [path: RegExp, kind: NamePlace['kind']][] = [
  [/^prompts\.0$/, 'prompt'],
  [/^(?:models\.0|judge|models\.0\.model|judge\.model)$/, 'model'],
  [/^dataset(?:\.0)?(?:\.path)?$/, 'dataset'],
  [/^baseline$/, 'baseline'],
  [/^(?:group|(?:dataset\.(?:0\.)?)?columns\.[^.]+(?:\.[^.]+)?)$/, 'column'],
  [/^metrics\.0\.path$/, 'answer-path'],
];

/** The name at an offset, which may be empty or incomplete; undefined where nothing is named. */
export function nameAt(text: string, offset: number): NamePlace | undefined {
  const place = placeInConfig(text, offset);
  if (!place || (place.isInMap && place.key === undefined)) return undefined;
  const { path, key, word, isQuoted } = place;
  // a map in a list has keys here
  if (key === undefined && (path.at(-1) !== '0' || place.siblings.length > 0)) return undefined;
  const written = [...path, ...(key === undefined ? [] : [key])].join('.');
  const kind = KINDS.find(([pattern]) => pattern.test(written))?.[1];
  if (!kind) return undefined;
  const isClosed = isQuoted && word.length > 1 && word.at(-1) === word[0];
  const start = place.start + (isQuoted ? 1 : 0);
  const end = place.end - (isClosed ? 1 : 0);
  if (offset < start || offset > end) return undefined;
  const needsSpace = !isQuoted && /[:-]/.test(text[start - 1] ?? '');
  return { kind, word: text.slice(start, end), start, end, isQuoted, needsSpace };
}

/** What a file that is being written names already. */
export function sourcesInText(text: string, folder: string) {
  const { prompts, dataset, rows } = readLoosely(text);
  const datasets = [dataset].flat().map((item) => (isRecord(item) ? item.path : item));
  const isText = (item: unknown) => typeof item === 'string';
  return {
    prompts: (Array.isArray(prompts) ? prompts : []).filter(isText).map((written) => splitPrompt(written, folder)),
    datasets: datasets.filter(isText),
    rowColumns: [...new Set([rows].flat().filter(isRecord).flatMap(Object.keys))],
  };
}

/** Enough to see the columns of most rows. */
const MOST_READ = 8000;

function wholeLines(part: string): string {
  return part.length <= MOST_READ ? `${part}\n` : part.slice(0, part.lastIndexOf('\n', MOST_READ) + 1);
}

/** Of an incomplete file, what can be read. */
function readLoosely(text: string): Record<string, unknown> {
  if (text.length > LONGEST_YAML) return {};
  const parts = ['prompts', 'dataset', 'rows'].map((key) => topLevelPart(text, key));
  const needed = parts.includes(undefined) ? text : parts.map((part) => wholeLines(part ?? '')).join('');
  try {
    const value: unknown = parseDocument(needed, { logLevel: 'silent' }).toJS();
    return isRecord(value) ? value : {};
  } catch {
    // aliases that expand too much, or that stand for nothing yet
    return {};
  }
}
