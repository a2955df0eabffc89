import type { ParameterValues, Scorer } from '../metric.ts';
import { type BleuTokenizer, bleuTokenizers } from './bleu-tokenizers.ts';
import { trimEnd } from './python-text.ts';
import { NO_REFERENCE, referenceTexts, unlessEmpty } from './references.ts';
import { NgramMatches } from './sequences/ngram-matches.ts';
import { writeSignature } from './signature.ts';
import { Vocabulary } from './vocabulary.ts';

const ORDERS = 4;

/**
 * BLEU as sacreBLEU 2.6 (Papineni et al. 2002, doi.org/10.3115/1073083.1073135; Post 2018, aclanthology.org/W18-6319):
 * `BP · exp(mean of log p_n)` for n = 1 to 4, with clipped counts over all references, the reference of the closest
 * length, and exponential smoothing. Orders that an answer is too short for are left out for sentences only.
 */
export function createBleu({ tokenize = '13a', lowercase = false }: ParameterValues): Scorer {
  const vocabulary = new Vocabulary(bleuTokenizers[tokenize as BleuTokenizer]);
  const matches = new NgramMatches(ORDERS);
  const idsOf = (text: string) => vocabulary.idsOf(trimEnd(lowercase ? text.toLowerCase() : text));
  return {
    score(sample) {
      const references = referenceTexts(sample);
      if (references.length === 0) return NO_REFERENCE;
      vocabulary.prepare();
      const answer = idsOf(sample.output);
      const others: (readonly number[])[] = [];
      for (const reference of references) others.push(idsOf(reference));
      const statistics = collect(answer, others, matches);
      return unlessEmpty(references, { value: calculateBleu(statistics, true), statistics });
    },
    corpus: {
      value: (sums) => calculateBleu(sums, false),
      signature: (references) =>
        writeSignature(references, {
          case: lowercase ? 'lc' : 'mixed',
          eff: 'no',
          tok: String(tokenize),
          smooth: 'exp',
        }),
    },
  };
}

/** Length of the answer and of the closest reference, then for each order the matches, then the n-grams of the answer. */
function collect(
  answer: readonly number[],
  references: readonly (readonly number[])[],
  matches: NgramMatches,
): number[] {
  const { length } = answer;
  const statistics = [length, closestLength(length, references)];
  const matched = matches.count(answer, references);
  for (let index = 0; index < ORDERS; index += 1) statistics.push(matched[index] ?? 0);
  for (let index = 0; index < ORDERS; index += 1) statistics.push(Math.max(0, length - index));
  return statistics;
}

/** Of two references that are equally close, the shorter. */
function closestLength(length: number, references: readonly (readonly number[])[]): number {
  let closest = references[0]?.length ?? 0;
  for (const reference of references) {
    const before = Math.abs(closest - length);
    const now = Math.abs(reference.length - length);
    if (now < before || (now === before && reference.length < closest)) closest = reference.length;
  }
  return closest;
}

/** `BLEU.compute_bleu` with `smooth_method='exp'`, from 0 to 100. */
function calculateBleu(statistics: readonly number[], hasEffectiveOrder: boolean): number {
  const [length = 0, referenceLength = 0] = statistics;
  // no matches of single words, no others
  if (statistics[2] === 0) return 0;
  let smoothing = 1;
  let logs = 0;
  let orders = 0;
  for (let index = 0; index < ORDERS; index += 1) {
    const matched = statistics[2 + index] ?? 0;
    const total = statistics[2 + ORDERS + index] ?? 0;
    if (total === 0) break;
    if (matched === 0) smoothing *= 2;
    logs += Math.log(matched === 0 ? 100 / (smoothing * total) : (100 * matched) / total);
    orders += 1;
  }
  const penalty = length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
  // the logarithm of a precision of 0, as sacreBLEU has it
  if (!hasEffectiveOrder) logs -= 9_999_999_999 * (ORDERS - orders);
  return penalty * Math.exp(logs / (hasEffectiveOrder ? orders : ORDERS));
}
