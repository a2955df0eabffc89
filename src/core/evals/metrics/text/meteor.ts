import type { Scorer } from '../metric.ts';
import { stem } from './porter-stemmer.ts';
import { splitWords } from './python-text.ts';
import { NO_REFERENCE, referenceTexts, unlessEmpty } from './references.ts';

const ALPHA = 0.9;
const BETA = 3;
const GAMMA = 0.5;

/** Positions of a word in the answer and in the reference. */
type Pair = readonly [answer: number, reference: number];
interface Word {
  text: string;
  at: number;
}

/**
 * METEOR as NLTK 3.10 with an empty WordNet (Lavie and Agarwal 2007, aclanthology.org/W07-0734): words are matched exactly,
 * then by stem; `F = P·R / (α·P + (1 − α)·R)`, less the penalty `γ · (chunks / matches)^β`. NLTK takes words: here they
 * are cut at white space. Of several references the best counts. An equal answer of one word scores 0.5.
 */
export function createMeteor(): Scorer {
  return {
    score(sample) {
      const references = referenceTexts(sample);
      if (references.length === 0) return NO_REFERENCE;
      const answer = wordsOf(sample.output);
      const value = Math.max(...references.map((reference) => compare(answer, wordsOf(reference))));
      return unlessEmpty(references, { value });
    },
  };
}

const wordsOf = (text: string): Word[] => splitWords(text).map((word, at) => ({ text: word.toLowerCase(), at }));

function compare(answer: readonly Word[], reference: readonly Word[]): number {
  const pairs = align(answer, reference);
  if (pairs.length === 0) return 0;
  const precision = pairs.length / answer.length;
  const recall = pairs.length / reference.length;
  const mean = (precision * recall) / (ALPHA * precision + (1 - ALPHA) * recall);
  return (1 - GAMMA * (countChunks(pairs) / pairs.length) ** BETA) * mean;
}

function align(answer: readonly Word[], reference: readonly Word[]): Pair[] {
  const exact = match(answer, reference);
  const stems = match(exact.answer.map(stemWord), exact.reference.map(stemWord));
  return [...exact.pairs, ...stems.pairs].sort(([a], [b]) => a - b);
}

const stemWord = ({ text, at }: Word): Word => ({ text: stem(text), at });

/** From the last word of the answer on, each takes the last equal word of the reference that is left. */
function match(answer: readonly Word[], reference: readonly Word[]) {
  const places = new Map<string, Word[]>();
  for (const word of reference) {
    const list = places.get(word.text);
    if (list) list.push(word);
    else places.set(word.text, [word]);
  }
  const pairs: Pair[] = [];
  const taken = new Set<Word>();
  for (const word of answer.toReversed()) {
    const found = places.get(word.text)?.pop();
    if (!found) continue;
    pairs.push([word.at, found.at]);
    taken.add(word).add(found);
  }
  const isLeft = (word: Word) => !taken.has(word);
  return { pairs, answer: answer.filter(isLeft), reference: reference.filter(isLeft) };
}

/** Runs of pairs that are neighbors in both texts. */
function countChunks(pairs: readonly Pair[]): number {
  return pairs.filter(([answer, reference], index) => {
    const before = pairs[index - 1];
    return !before || before[0] + 1 !== answer || before[1] + 1 !== reference;
  }).length;
}
