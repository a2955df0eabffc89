import type { Metric, Parameter } from './metric.ts';
import { BLEU_TOKENIZERS } from './text/bleu-tokenizers.ts';
import type { RougeType } from './text/rouge.ts';

const ignoreCase: Parameter = { type: 'boolean', default: false, description: 'Ignore upper and lower case.' };
const lowercase: Parameter = { type: 'boolean', default: false, description: 'Compare in lower case.' };
const expectedText: Parameter = {
  type: ['string', 'array'],
  items: { type: 'string' },
  description: 'The text to look for, or several; without it, the reference of the case.',
};

const yesNo = { scale: 'yes-no', direction: 'higher', threshold: 1 } as const;
const compared = { needs: ['reference'] } as const;

const comparisons: readonly Metric[] = [
  {
    id: 'equals',
    title: 'Equals',
    description: 'The answer equals a reference: as text, or as JSON if the reference is not text.',
    ...yesNo,
    ...compared,
    parameters: {
      path: { type: 'string', description: 'Compare the values at this path of the JSON, such as `factors[0].name`.' },
      value: { description: 'The expected value; without it, the reference of the case.' },
      ignoreCase,
      trim: { type: 'boolean', default: false, description: 'Ignore white space at both ends.' },
    },
    createScorer: async (parameters) => (await import('./text/comparisons.ts')).createEquals(parameters),
  },
  {
    id: 'contains',
    title: 'Contains',
    description: 'The answer contains one of the references, or each with `match: all`.',
    ...yesNo,
    ...compared,
    parameters: {
      value: expectedText,
      match: {
        type: 'string',
        enum: ['any', 'all'],
        default: 'any',
        description: 'Whether one of several texts is enough.',
      },
      ignoreCase,
    },
    createScorer: async (parameters) => (await import('./text/comparisons.ts')).createContains(parameters),
  },
  {
    id: 'startsWith',
    title: 'Starts with',
    description: 'The answer starts with one of the references.',
    ...yesNo,
    ...compared,
    parameters: { value: expectedText, ignoreCase },
    createScorer: async (parameters) => (await import('./text/comparisons.ts')).createStartsWith(parameters),
  },
  {
    id: 'regex',
    title: 'Regex',
    description: 'The answer matches a JavaScript regular expression, which may take a second.',
    ...yesNo,
    ...compared,
    parameters: {
      value: {
        type: 'string',
        format: 'regex',
        description: 'The regular expression; without it, the reference of the case.',
      },
      flags: { type: 'string', pattern: '^[imsuv]*$', default: 'u', description: 'Its flags, such as `iu`.' },
    },
    referenceProblem: async (parameters, reference) =>
      (await import('./regexp/regexp-metric.ts')).patternProblem(parameters, reference),
    createScorer: async (parameters) => (await import('./regexp/regexp-metric.ts')).createRegexp(parameters),
  },
  {
    id: 'levenshtein',
    title: 'Levenshtein',
    description: 'Insertions, deletions and substitutions of characters (code points) to the closest reference.',
    source: 'Levenshtein 1966',
    scale: 'count',
    direction: 'lower',
    ...compared,
    parameters: { ignoreCase },
    createScorer: async (parameters) => (await import('./text/comparisons.ts')).createLevenshtein(parameters),
  },
  {
    id: 'wordCount',
    title: 'Words',
    description: 'The number of words of the answer, separated by white space.',
    scale: 'count',
    direction: 'higher',
    needs: [],
    parameters: {},
    createScorer: async () => (await import('./text/comparisons.ts')).createWordCount(),
  },
];

const translation: readonly Metric[] = [
  {
    id: 'bleu',
    title: 'BLEU',
    description:
      'BP · exp(mean of log pₙ), where pₙ is the share of n-grams of words, n = 1 to 4, that a reference has, and BP = min(1, exp(1 − reference length ÷ answer length)).',
    source: 'sacreBLEU 2.6: exponential smoothing; effective order for single answers, not for the corpus',
    scale: '0-100',
    direction: 'higher',
    ...compared,
    parameters: {
      tokenize: {
        type: 'string',
        enum: [...BLEU_TOKENIZERS],
        default: '13a',
        description: 'The tokenizer of sacreBLEU: `zh` or `char` for Chinese and Japanese.',
      },
      lowercase,
    },
    createScorer: async (parameters) => (await import('./text/bleu.ts')).createBleu(parameters),
  },
  ...[['chrf', 'chrF', 0] as const, ['chrfpp', 'chrF++', 2] as const].map(
    ([id, title, wordOrders]): Metric => ({
      id,
      title,
      description:
        wordOrders === 0
          ? 'F₂ = 5PR ÷ (4P + R) of the mean precision and recall of n-grams of characters up to 6, without white space.'
          : 'F₂ = 5PR ÷ (4P + R) of the mean precision and recall of n-grams of characters up to 6 and of words up to 2.',
      source: 'sacreBLEU 2.6',
      scale: '0-100',
      direction: 'higher',
      ...compared,
      parameters: {
        lowercase,
        whitespace: { type: 'boolean', default: false, description: 'Count white space as characters.' },
      },
      createScorer: async (parameters) => (await import('./text/chrf.ts')).createChrf(wordOrders, parameters),
    }),
  ),
  {
    id: 'ter',
    title: 'TER',
    description:
      '100 · edits ÷ mean words of the references; an edit inserts, deletes or replaces a word, or shifts a phrase.',
    source: 'sacreBLEU 2.6: tercom, ignoring case, without normalization',
    scale: '0-100',
    direction: 'lower',
    ...compared,
    parameters: {
      caseSensitive: { type: 'boolean', default: false, description: 'Distinguish upper and lower case.' },
    },
    createScorer: async (parameters) => (await import('./text/ter.ts')).createTer(parameters),
  },
];

const rouge = (type: RougeType, title: string, description: string): Metric => ({
  id: type,
  title,
  description,
  source: 'rouge_score 0.1.2; `tokenize: unicode` is our own',
  scale: '0-1',
  direction: 'higher',
  ...compared,
  parameters: {
    stemmer: { type: 'boolean', default: false, description: 'Compare stems of English words (Porter).' },
    tokenize: {
      type: 'string',
      enum: ['ascii', 'unicode'],
      default: 'ascii',
      description: 'As rouge_score, ASCII letters and digits only; `unicode` reads every script.',
    },
  },
  createScorer: async (parameters) => (await import('./text/rouge.ts')).createRouge(type, parameters),
});

const summaries: readonly Metric[] = [
  rouge('rouge1', 'ROUGE-1', 'F1 = 2PR ÷ (P + R) of single words.'),
  rouge('rouge2', 'ROUGE-2', 'F1 = 2PR ÷ (P + R) of pairs of words.'),
  rouge('rougeL', 'ROUGE-L', 'F1 = 2PR ÷ (P + R) of the longest common subsequence of words.'),
  rouge('rougeLsum', 'ROUGE-Lsum', 'F1 = 2PR ÷ (P + R) of the longest common subsequences of all lines.'),
  {
    id: 'meteor',
    title: 'METEOR',
    description: 'PR ÷ (0.9P + 0.1R) · (1 − 0.5 (chunks ÷ matches)³) of words that match exactly or by stem.',
    source: 'NLTK 3.10 without WordNet: α 0.9, β 3, γ 0.5; words are cut at white space',
    scale: '0-1',
    direction: 'higher',
    ...compared,
    parameters: {},
    createScorer: async () => (await import('./text/meteor.ts')).createMeteor(),
  },
  {
    id: 'tokenF1',
    title: 'Token F1',
    description: 'F1 = 2PR ÷ (P + R) of words in lower case, without punctuation and English articles.',
    source: 'SQuAD 2.0',
    scale: '0-1',
    direction: 'higher',
    ...compared,
    parameters: {},
    createScorer: async () => (await import('./text/token-f1.ts')).createTokenF1(),
  },
];

export const textMetrics: readonly Metric[] = [...comparisons, ...translation, ...summaries];
