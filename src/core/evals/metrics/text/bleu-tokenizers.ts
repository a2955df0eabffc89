import { splitWords, trim } from './python-text.ts';
import type { Tokenizer } from './vocabulary.ts';

/** The tokenizers of sacreBLEU 2.6 that need no model, by its names. */
export const BLEU_TOKENIZERS = ['13a', 'intl', 'zh', 'char', 'none'] as const;

export type BleuTokenizer = (typeof BLEU_TOKENIZERS)[number];

/**
 * `13a` is mteval-v13a: its rules look at a character and its neighbor, and white space is a neighbor like any other that
 * is no digit, so each word between white space can be cut alone.
 */
export const bleuTokenizers: Readonly<Record<BleuTokenizer, Tokenizer>> = {
  '13a': { prepare: decode, tokens: cutWord },
  intl: { prepare: cutInternational },
  zh: { prepare: (text) => cutPunctuation(spaceChinese(trim(text))) },
  char: { prepare: (text) => [...text].join(' ') },
  none: {},
};

/** `tokenizer_13a.py` */
function decode(text: string): string {
  // a single character is found much faster than a word
  let line = text.includes('<') ? text.replaceAll('<skipped>', '') : text;
  if (line.includes('\n')) line = line.replaceAll('-\n', '').replaceAll('\n', ' ');
  if (!line.includes('&')) return line;
  return line.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}

/** Most words have no mark, or a point or a comma at their end, which is always cut. */
function cutWord(word: string): string[] {
  const isMarked = '.,'.includes(word.slice(-1));
  const letters = isMarked ? word.slice(0, -1) : word;
  if (/[!-/:-@[-`{-~]/.test(letters)) return splitWords(cutPunctuation(` ${word} `));
  return isMarked && letters !== '' ? [letters, word.slice(-1)] : [word];
}

/** `tokenizer_re.py` */
function cutPunctuation(line: string): string {
  return line
    .replace(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ');
}

/** `tokenizer_intl.py`, after mteval-v14.pl */
function cutInternational(line: string): string {
  return line
    .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
    .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
    .replace(/(\p{S})/gu, ' $1 ');
}

/**
 * `tokenizer_zh.py`. Two of its ranges, meant for CJK extension B, are written `\u20000` to `\u2a6d6`, which in Python
 * compare as U+2001 to U+2A6D and U+2F81 to U+2FA1: they are kept, since scores must be equal.
 */
const CHINESE =
  /[\u2001-\u2a6d\u2e80-\u2fa1\u2ff0-\u303f\u3100-\u312f\u31a0-\u31bf\u31c0-\u31ef\u3200-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef]/g;

function spaceChinese(line: string): string {
  return line.replace(CHINESE, ' $& ');
}
