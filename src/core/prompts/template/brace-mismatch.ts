import type { Range } from '../prompt.ts';

/** A tag whose numbers of opening and closing braces differ. */
interface BraceMismatch {
  open: string;
  start: number;
  close: Range;
}

/** The tag whose closing braces start at an offset, if they do not match its opening ones. */
export function braceMismatch(source: string, closeAt: number): BraceMismatch | undefined {
  const close = /^\}{2,}/.exec(source.slice(closeAt, closeAt + 50))?.[0];
  const last = closeAt < 2 ? -1 : source.lastIndexOf('{{', closeAt - 2);
  if (!close || last < 0 || source.slice(last, closeAt).includes('}}')) return undefined;
  let start = last;
  while (source[start - 1] === '{' && last + 2 - start < 4) start -= 1;
  const open = source.slice(start, last + 2);
  if (open.length === close.length) return undefined;
  return { open, start, close: { start: closeAt, end: closeAt + close.length } };
}

export function explainMismatch({ open, close }: BraceMismatch): string {
  const right = '}'.repeat(open.length);
  const surplus = close.end - close.start - open.length;
  if (surplus < 0) return `The braces do not match: \`${open}\` is closed by \`${right}\`.`;
  const extra = '}'.repeat(surplus);
  return `\`${open}\` is closed by \`${right}\`: remove the extra \`${extra}\`, or put a space before it if it is text.`;
}
