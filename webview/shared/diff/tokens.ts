/**
 * The units that a diff compares: a number with its decimals, a word, whitespace, or any other single character.
 * Scripts without spaces between words are compared by character, because a run would be a whole sentence.
 */
const TOKEN =
  /\d+(?:[.,]\d+)*|[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]\p{M}*|(?:(?![\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}])[\p{L}\p{M}\p{N}_'’])+|\r?\n|[^\S\r\n]+|./gsu;

export function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** The words and numbers of a text, without whitespace and punctuation. */
export function wordsOf(text: string): string[] {
  return tokensOf(text).filter((token) => /[\p{L}\p{N}]/u.test(token));
}
