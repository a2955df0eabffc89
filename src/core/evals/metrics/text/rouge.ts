import type { Measured, ParameterValues, Scorer } from '../metric.ts';
import { stem } from './porter-stemmer.ts';
import { NO_REFERENCE, referenceTexts, unlessEmpty } from './references.ts';
import { CommonPositions } from './sequences/common-positions.ts';
import { CommonSubsequence } from './sequences/lcs.ts';
import { NgramMatches } from './sequences/ngram-matches.ts';
import { type Tokenizer, Vocabulary } from './vocabulary.ts';

export type RougeType = 'rouge1' | 'rouge2' | 'rougeL' | 'rougeLsum';

/** F-measure of an answer against one reference. */
type Compare = (answer: string, reference: string) => number;

/**
 * ROUGE as rouge_score 0.1.2 (Lin 2004, aclanthology.org/W04-1013): the F-measure of n-grams (`rouge1`, `rouge2`) or of
 * the longest common subsequence (`rougeL`; `rougeLsum` joins those of the lines of a text). Of several references the
 * best counts. Its tokens are ASCII letters and digits only; `tokenize: unicode` is our own, for every script.
 */
export function createRouge(type: RougeType, parameters: ParameterValues): Scorer {
  const { tokenize = 'ascii', stemmer = false } = parameters;
  const words = wordsOf(tokenize === 'unicode', stemmer === true);
  const { vocabulary } = words;
  const compare = comparisons[type](words);
  const warningFor = (text: string): string | undefined =>
    tokenize === 'ascii' && vocabulary.idsOf(text).length === 0 && /[\p{L}\p{N}]/u.test(text) ? ONLY_ASCII : undefined;
  return {
    score(sample): Measured {
      const references = referenceTexts(sample);
      if (references.length === 0) return NO_REFERENCE;
      vocabulary.prepare();
      let value = 0;
      for (const reference of references) value = Math.max(value, compare(sample.output, reference));
      const warning = value === 0 ? [sample.output, ...references].map(warningFor).find((text) => text) : undefined;
      return unlessEmpty(references, { value, warning, reason: warning });
    },
  };
}

const ONLY_ASCII =
  'ROUGE reads ASCII letters and digits only, and a text has none: even equal texts score 0. Use tokenize=unicode.';

/** What metrics with the same tokens share, as they mostly read the same texts. */
interface Words {
  vocabulary: Vocabulary;
  positions: CommonPositions;
}

const wordsOfKinds = new Map<string, Words>();

function wordsOf(isUnicode: boolean, isStemmed: boolean): Words {
  const key = `${isUnicode} ${isStemmed}`;
  const words = wordsOfKinds.get(key) ?? {
    vocabulary: new Vocabulary(createTokenizer(isUnicode, isStemmed)),
    positions: new CommonPositions(),
  };
  wordsOfKinds.set(key, words);
  return words;
}

/** Runs of letters, marks and digits; a letter of a script that is written without spaces is a token of its own. */
const UNSPACED = '\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}';
const UNICODE = new RegExp(`[[${UNSPACED}]&&[\\p{L}\\p{N}]]\\p{M}*|[[\\p{L}\\p{N}\\p{M}]--[${UNSPACED}]]+`, 'gv');

function createTokenizer(isUnicode: boolean, isStemmed: boolean): Tokenizer {
  // only words of more than three letters are stemmed
  const stemmed = isStemmed ? { tokens: (word: string) => [word.length > 3 ? stem(word) : word] } : {};
  if (isUnicode) return { prepare: (text) => (text.toLowerCase().match(UNICODE) ?? []).join(' '), ...stemmed };
  return { prepare: (text) => text.toLowerCase(), isSeparator: isNoWord, ...stemmed };
}

/** `rouge_score/tokenize.py`: everything but `a` to `z` and digits. */
const isNoWord = (code: number): boolean => code < 48 || (code > 57 && (code < 97 || code > 122));

const fMeasure = (precision: number, recall: number): number =>
  precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;

/** From matches and the number of what could match on both sides. */
const fOf = (hits: number, answer: number, reference: number): number =>
  hits === 0 ? 0 : fMeasure(hits / answer, hits / reference);

function compareNgrams(order: number, { vocabulary, positions }: Words): Compare {
  const matches = new NgramMatches(order, positions);
  return (answerText, referenceText) => {
    const answer = vocabulary.idsOf(answerText);
    const reference = vocabulary.idsOf(referenceText);
    const hits = matches.count(answer, [reference])[order - 1] ?? 0;
    return fOf(hits, answer.length - order + 1, reference.length - order + 1);
  };
}

function compareSubsequence({ vocabulary, positions }: Words): Compare {
  const common = new CommonSubsequence(positions);
  return (answerText, referenceText) => {
    const answer = vocabulary.idsOf(answerText);
    const reference = vocabulary.idsOf(referenceText);
    return fOf(common.length(answer, reference), answer.length, reference.length);
  };
}

/** Section 3.2 of the paper: for each line of the reference, the union of its subsequences with all lines of the answer. */
function compareLines({ vocabulary, positions }: Words): Compare {
  const common = new CommonSubsequence(positions);
  const linesOf = (text: string) => text.split('\n').flatMap((line) => (line === '' ? [] : [vocabulary.idsOf(line)]));
  return (answerText, referenceText) => {
    const [answer, reference] = [linesOf(answerText), linesOf(referenceText)];
    const [inAnswer, inReference] = [countIds(answer), countIds(reference)];
    let hits = 0;
    for (const line of reference) {
      const union = new Set(answer.flatMap((other) => common.positions(line, other)));
      for (const position of [...union].sort((a, b) => a - b)) {
        const id = line[position] ?? -1;
        // a token counts at most as often as each text has it, as in ROUGE 1.5.5
        if (take(inAnswer, inReference, id)) hits += 1;
      }
    }
    return fOf(hits, sumLengths(answer), sumLengths(reference));
  };
}

function take(answer: Map<number, number>, reference: Map<number, number>, id: number): boolean {
  const [inAnswer, inReference] = [answer.get(id) ?? 0, reference.get(id) ?? 0];
  if (inAnswer === 0 || inReference === 0) return false;
  answer.set(id, inAnswer - 1);
  reference.set(id, inReference - 1);
  return true;
}

function countIds(lines: readonly (readonly number[])[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const line of lines) for (const id of line) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

const sumLengths = (lines: readonly (readonly number[])[]): number =>
  lines.reduce((sum, { length }) => sum + length, 0);

const comparisons: Readonly<Record<RougeType, (words: Words) => Compare>> = {
  rouge1: (words) => compareNgrams(1, words),
  rouge2: (words) => compareNgrams(2, words),
  rougeL: compareSubsequence,
  rougeLsum: compareLines,
};
