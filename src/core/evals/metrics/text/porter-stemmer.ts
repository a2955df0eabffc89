import { memoizeRecent } from '../../../base/memoize-recent.ts';

/**
 * The stem of a word by Porter's algorithm (Porter 1980, doi.org/10.1108/eb046814) with the changes of NLTK 3.10's mode
 * NLTK_EXTENSIONS, which rouge_score and METEOR use. Stemmers on npm follow other variants. Every letter that is not a,
 * e, i, o, u or y is a consonant, also outside of Latin.
 */
export const stem = memoizeRecent(50_000, (word: string): string => {
  const lower = word.toLowerCase();
  const irregular = IRREGULAR.get(lower);
  if (irregular !== undefined) return irregular;
  if (!/[\ud800-\udfff]/.test(word)) return word.length <= 2 ? lower : stemLower(lower);
  // letters outside of the basic plane count as one, as in Python: each is replaced while endings are counted
  const astral = [...new Set(lower.match(/[\ud800-\udbff][\udc00-\udfff]/g) ?? [])].slice(0, 6000);
  const short = astral.reduce((text, letter, index) => text.replaceAll(letter, placeholder(index)), lower);
  if ([...word].length <= 2) return lower;
  return astral.reduce((text, letter, index) => text.replaceAll(placeholder(index), letter), stemLower(short));
});

/** A character for private use. */
const placeholder = (index: number): string => String.fromCharCode(0xe000 + index);

const IRREGULAR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sky: ['sky', 'skies'],
    die: ['dying'],
    lie: ['lying'],
    tie: ['tying'],
    news: ['news'],
    inning: ['innings', 'inning'],
    outing: ['outings', 'outing'],
    canning: ['cannings', 'canning'],
    howe: ['howe'],
    proceed: ['proceed'],
    exceed: ['exceed'],
    succeed: ['succeed'],
  }).flatMap(([base, forms]) => forms.map((form): [string, string] => [form, base])),
);

function stemLower(word: string): string {
  return step5b(step5a(step4(step3(step2(step1c(step1b(step1a(word))))))));
}

/** An ending, what replaces it, and the condition on what precedes it. */
type Rule = readonly [ending: string, replacement: string, condition?: (before: string) => boolean];

/** The first rule whose ending fits decides, even if its condition does not hold. */
function applyFirst(word: string, rules: readonly Rule[]): string {
  for (const [ending, replacement, condition] of rules) {
    if (!word.endsWith(ending)) continue;
    const before = word.slice(0, word.length - ending.length);
    return condition === undefined || condition(before) ? before + replacement : word;
  }
  return word;
}

const isVowelLetter = (letter: string): boolean => 'aeiou'.includes(letter);

/** A `y` is a vowel after a consonant and a consonant after a vowel. */
function isConsonant(word: string, at: number): boolean {
  if (word.charAt(at) !== 'y') return !isVowelLetter(word.charAt(at));
  let start = at;
  while (start > 0 && word.charAt(start) === 'y') start -= 1;
  return !isVowelLetter(word.charAt(start)) !== ((at - start) % 2 === 1);
}

/** Porter's m: how often a consonant follows a vowel. */
function measure(word: string): number {
  let count = 0;
  let afterVowel = false;
  for (let at = 0; at < word.length; at += 1) {
    const letter = word.charAt(at);
    // the letter before is known, so a run of y is not walked back each time
    const consonant: boolean = letter === 'y' && at > 0 ? afterVowel : !isVowelLetter(letter);
    if (consonant && afterVowel) count += 1;
    afterVowel = !consonant;
  }
  return count;
}

const hasMeasure = (before: string): boolean => measure(before) > 0;
const isLong = (before: string): boolean => measure(before) > 1;

function containsVowel(word: string): boolean {
  for (let at = 0; at < word.length; at += 1) if (!isConsonant(word, at)) return true;
  return false;
}

function endsWithDouble(word: string): boolean {
  return word.length >= 2 && word.at(-1) === word.at(-2) && isConsonant(word, word.length - 1);
}

/** Porter's *o: consonant, vowel, consonant, the last not w, x or y; NLTK adds words of a vowel and a consonant. */
function endsShort(word: string): boolean {
  const last = word.length - 1;
  if (last === 1) return !isConsonant(word, 0) && isConsonant(word, 1);
  if (last < 2 || 'wxy'.includes(word.charAt(last))) return false;
  return isConsonant(word, last - 2) && !isConsonant(word, last - 1) && isConsonant(word, last);
}

function step1a(word: string): string {
  if (word.endsWith('ies') && word.length === 4) return `${word.slice(0, -3)}ie`;
  return applyFirst(word, [
    ['sses', 'ss'],
    ['ies', 'i'],
    ['ss', 'ss'],
    ['s', ''],
  ]);
}

function step1b(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, -3) + (word.length === 4 ? 'ie' : 'i');
  if (word.endsWith('eed')) return hasMeasure(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const ending = ['ed', 'ing'].find((one) => word.endsWith(one) && containsVowel(word.slice(0, -one.length)));
  if (ending === undefined) return word;
  const before = word.slice(0, -ending.length);
  if (/(?:at|bl|iz)$/.test(before)) return `${before}e`;
  const last = before.slice(-1);
  if (endsWithDouble(before)) return 'lsz'.includes(last) ? before : before.slice(0, -1);
  return measure(before) === 1 && endsShort(before) ? `${before}e` : before;
}

function step1c(word: string): string {
  if (!word.endsWith('y')) return word;
  const before = word.slice(0, -1);
  return before.length > 1 && isConsonant(before, before.length - 1) ? `${before}i` : word;
}

const STEP_2: readonly Rule[] = [
  ...['ational ate', 'tional tion', 'enci ence', 'anci ance', 'izer ize', 'bli ble', 'alli al', 'entli ent', 'eli e'],
  ...['ousli ous', 'ization ize', 'ation ate', 'ator ate', 'alism al', 'iveness ive', 'fulness ful', 'ousness ous'],
  ...['aliti al', 'iviti ive', 'biliti ble', 'fulli ful'],
].map((rule): Rule => {
  const [ending = '', replacement = ''] = rule.split(' ');
  return [ending, replacement, hasMeasure];
});

function step2(word: string): string {
  if (word.endsWith('alli') && hasMeasure(word.slice(0, -4))) return step2(word.slice(0, -2));
  // the l of logi belongs to what precedes it, so that geo- and theo- work as archaeo- does
  return applyFirst(word, [...STEP_2, ['logi', 'log', (before) => hasMeasure(`${before}l`)]]);
}

const STEP_3: readonly Rule[] = [
  ['icate', 'ic', hasMeasure],
  ['ative', '', hasMeasure],
  ['alize', 'al', hasMeasure],
  ['iciti', 'ic', hasMeasure],
  ['ical', 'ic', hasMeasure],
  ['ful', '', hasMeasure],
  ['ness', '', hasMeasure],
];

const step3 = (word: string): string => applyFirst(word, STEP_3);

const removed = (ending: string): Rule => [ending, '', isLong];

const STEP_4: readonly Rule[] = [
  ...['al', 'ance', 'ence', 'er', 'ic', 'able', 'ible', 'ant', 'ement', 'ment', 'ent'].map(removed),
  ['ion', '', (before) => isLong(before) && /[st]$/.test(before)],
  ...['ou', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize'].map(removed),
];

const step4 = (word: string): string => applyFirst(word, STEP_4);

function step5a(word: string): string {
  if (!word.endsWith('e')) return word;
  const before = word.slice(0, -1);
  const length = measure(before);
  return length > 1 || (length === 1 && !endsShort(before)) ? before : word;
}

function step5b(word: string): string {
  return word.endsWith('ll') && isLong(word.slice(0, -1)) ? word.slice(0, -1) : word;
}
