import type { ParameterValues, Scorer } from '../metric.ts';
import { NO_REFERENCE, referenceTexts, unlessEmpty } from './references.ts';
import { writeSignature } from './signature.ts';
import { countEdits } from './ter-edits.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * TER as sacreBLEU 2.6 (Snover et al. 2006, aclanthology.org/2006.amta-papers.25): the fewest insertions, deletions,
 * substitutions and shifts of phrases that turn the answer into a reference, for each word of the references on average.
 * Lower is better, and more edits than words are more than 100.
 */
export function createTer({ caseSensitive = false }: ParameterValues): Scorer {
  const vocabulary = new Vocabulary({});
  const idsOf = (text: string) => Int32Array.from(vocabulary.idsOf(caseSensitive ? text : text.toLowerCase()));
  return {
    score(sample) {
      const references = referenceTexts(sample);
      if (references.length === 0) return NO_REFERENCE;
      vocabulary.prepare();
      const answer = idsOf(sample.output);
      const words = references.map(idsOf);
      const edits = Math.min(...words.map((reference) => countEdits(answer, reference)));
      const length = words.reduce((sum, reference) => sum + reference.length, 0) / words.length;
      const statistics = [edits, length];
      return unlessEmpty(references, { value: calculateTer(statistics), statistics });
    },
    corpus: {
      value: calculateTer,
      signature: (references) =>
        writeSignature(references, {
          case: caseSensitive ? 'mixed' : 'lc',
          tok: 'tercom',
          norm: 'no',
          punct: 'yes',
          asian: 'no',
        }),
    },
  };
}

/** With empty references, every edit is too many. */
function calculateTer([edits = 0, length = 0]: readonly number[]): number {
  if (length > 0) return (100 * edits) / length;
  return edits > 0 ? 100 : 0;
}
