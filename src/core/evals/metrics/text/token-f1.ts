import type { Scorer } from '../metric.ts';
import { splitWords } from './python-text.ts';
import { NO_REFERENCE, referenceTexts } from './references.ts';

/** `string.punctuation` */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Between word characters of Python, which knows all scripts. */
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/**
 * F1 over words as SQuAD's `evaluate-v2.0.py` (Rajpurkar et al. 2018, aclanthology.org/P18-2124): in lower case, without
 * ASCII punctuation and English articles. Of several references the best counts; if a side has no words, 1 if both have
 * none, otherwise 0: an empty reference means that there is no answer.
 */
export function createTokenF1(): Scorer {
  return {
    score(sample) {
      const references = referenceTexts(sample);
      if (references.length === 0) return NO_REFERENCE;
      const answer = tokensOf(sample.output);
      return { value: Math.max(...references.map((reference) => compare(answer, tokensOf(reference)))) };
    },
  };
}

function tokensOf(text: string): string[] {
  return splitWords(text.toLowerCase().replace(PUNCTUATION, '').replace(ARTICLES, ' '));
}

function compare(answer: readonly string[], reference: readonly string[]): number {
  if (answer.length === 0 || reference.length === 0) return answer.length === reference.length ? 1 : 0;
  const left = new Map<string, number>();
  for (const token of reference) left.set(token, (left.get(token) ?? 0) + 1);
  let common = 0;
  for (const token of answer) {
    const count = left.get(token) ?? 0;
    if (count === 0) continue;
    left.set(token, count - 1);
    common += 1;
  }
  if (common === 0) return 0;
  const [precision, recall] = [common / answer.length, common / reference.length];
  return (2 * precision * recall) / (precision + recall);
}
