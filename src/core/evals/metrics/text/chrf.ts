import type { ParameterValues, Scorer } from '../metric.ts';
import { codePoints } from './python-text.ts';
import { NO_REFERENCE, referenceTexts, unlessEmpty } from './references.ts';
import { NgramMatches } from './sequences/ngram-matches.ts';
import { writeSignature } from './signature.ts';
import { type Tokenizer, Vocabulary } from './vocabulary.ts';

const CHARACTER_ORDERS = 6;
const BETA = 2;

interface Symbols {
  characters: readonly number[];
  words: readonly number[];
}

/**
 * chrF as sacreBLEU 2.6 (Popović 2015, aclanthology.org/W15-3049), and chrF++ with words up to two (Popović 2017,
 * aclanthology.org/W17-4770): F_2 of precision and recall, each averaged over the orders that both texts have, over
 * character n-grams up to 6 without white space. Of several references the one with the best score counts.
 */
export function createChrf(wordOrders: 0 | 2, { lowercase = false, whitespace = false }: ParameterValues): Scorer {
  const vocabulary = new Vocabulary(separatePunctuation);
  const characterMatches = new NgramMatches(CHARACTER_ORDERS);
  const wordMatches = new NgramMatches(wordOrders);
  const read = (written: string): Symbols => {
    const text = lowercase ? written.toLowerCase() : written;
    const characters = codePoints(text, whitespace === true);
    return { characters, words: wordOrders > 0 ? vocabulary.idsOf(text) : [] };
  };
  const compare = (answer: Symbols, reference: Symbols): number[] => {
    const statistics: number[] = [];
    const matched = characterMatches.count(answer.characters, [reference.characters]);
    addCounts(statistics, matched, answer.characters.length, reference.characters.length);
    if (wordOrders === 0) return statistics;
    const matchedWords = wordMatches.count(answer.words, [reference.words]);
    addCounts(statistics, matchedWords, answer.words.length, reference.words.length);
    return statistics;
  };
  return {
    score(sample) {
      const references = referenceTexts(sample);
      if (references.length === 0) return NO_REFERENCE;
      vocabulary.prepare();
      const answer = read(sample.output);
      const best = { value: -1, statistics: [] as number[] };
      for (const reference of references) {
        const statistics = compare(answer, read(reference));
        const value = calculateChrf(statistics);
        if (value > best.value) Object.assign(best, { value, statistics });
      }
      return unlessEmpty(references, best);
    },
    corpus: {
      value: calculateChrf,
      signature: (references) =>
        writeSignature(references, {
          case: lowercase ? 'lc' : 'mixed',
          eff: 'yes',
          nc: String(CHARACTER_ORDERS),
          nw: String(wordOrders),
          space: whitespace ? 'yes' : 'no',
        }),
    },
  };
}

/** For each order the n-grams of the answer (0 if the reference has none), of the reference, and their matches. */
function addCounts(statistics: number[], matched: readonly number[], answer: number, reference: number): void {
  for (let index = 0; index < matched.length; index += 1) {
    const inReference = Math.max(0, reference - index);
    statistics.push(inReference > 0 ? Math.max(0, answer - index) : 0, inReference, matched[index] ?? 0);
  }
}

/** `CHRF._compute_f_score` without epsilon smoothing, from 0 to 100. */
function calculateChrf(statistics: readonly number[]): number {
  let [precision, recall, orders] = [0, 0, 0];
  for (let at = 0; at < statistics.length; at += 3) {
    const inAnswer = statistics[at] ?? 0;
    const inReference = statistics[at + 1] ?? 0;
    const matched = statistics[at + 2] ?? 0;
    if (inAnswer === 0 || inReference === 0) continue;
    precision += matched / inAnswer;
    recall += matched / inReference;
    orders += 1;
  }
  if (precision + recall === 0) return 0;
  precision /= orders;
  recall /= orders;
  return (100 * (1 + BETA ** 2) * precision * recall) / (BETA ** 2 * precision + recall);
}

const PUNCTUATION = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** `CHRF._remove_punctuation`: one mark is separated from a word, at its end or else at its start. */
const separatePunctuation: Tokenizer = {
  tokens(word) {
    if ([...word].length === 1) return [word];
    if (PUNCTUATION.has(word.slice(-1))) return [word.slice(0, -1), word.slice(-1)];
    return PUNCTUATION.has(word.charAt(0)) ? [word.charAt(0), word.slice(1)] : [word];
  },
};
