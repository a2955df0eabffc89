/** A dash may be below the key of its list. */
const NEXT_KEY = /^[^\s#-]/m;
const ALIAS = /(?:^|[\s,[{])\*\w/;

/**
 * The lines of one key of an evaluation file: it may have thousands of rows, and what an editor asks with every key that
 * is typed needs a few lines of it. Undefined if they cannot be told apart: the file is a flow map, or the lines refer to
 * others.
 */
export function topLevelPart(text: string, key: string): string | undefined {
  const found = new RegExp(`^(["']?)${key}\\1[ \\t]*:`, 'm').exec(text);
  if (!found) return /^\s*\{/.test(text) ? undefined : '';
  const from = found.index + found[0].length;
  const length = text.slice(from).search(NEXT_KEY);
  const part = text.slice(found.index, length < 0 ? undefined : from + length);
  return ALIAS.test(part) ? undefined : part;
}
