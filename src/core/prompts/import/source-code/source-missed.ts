import type { Program } from './source-program.ts';

/** Start and end in the source. */
export type Span = readonly [number, number];

/** Messages as maps and as LangChain's classes, and its templates. */
const PROMPT =
  /["']role["']\s{0,9}:\s{0,9}(["'])(?:system|developer|user|human|assistant|model)\1|(?<![\w.])role\s{0,9}[:=]\s{0,9}(["'])(?:system|developer|user|human|assistant|model)\2\s{0,9},\s{0,99}(?:content|parts)\b|(?<![\w.])(?:System|Human|AI)Message\(\s{0,99}(?:content\s{0,9}=\s{0,9})?[frFR]{0,2}["'`]|(?<![\w.])\w{0,99}PromptTemplate(?:\.from_?\w{1,20})?\(\s{0,99}[^)\s]/g;
const MOST_LINES = 20;

function isSignature(source: string, index: number): boolean {
  const before = source.slice(Math.max(0, index - 300), index);
  return /(?:^|\n)[ \t]{0,99}(?:export\s{1,9})?(?:async\s{1,9})?(?:def|function|class)\b[^\n]*$/.test(before);
}

/** Reports anything that looks like a prompt outside the ranges that were read: otherwise nobody would notice. */
export function noteMissed({ source, notes }: Program, spans: readonly Span[]): void {
  const read = [...spans].sort(([a], [b]) => a - b);
  const lines = new Set<number>();
  let line = 1;
  let counted = 0;
  let next = 0;
  let end = 0;
  for (const { index } of source.matchAll(PROMPT)) {
    for (let span = read[next]; span && span[0] <= index; span = read[next]) {
      end = Math.max(end, span[1]);
      next += 1;
    }
    if (index < end || isSignature(source, index)) continue;
    for (; counted < index; counted += 1) if (source[counted] === '\n') line += 1;
    lines.add(line);
  }
  if (lines.size === 0) return;
  const shown = [...lines].slice(0, MOST_LINES).join(', ');
  const more = lines.size > MOST_LINES ? ` and ${lines.size - MOST_LINES} more` : '';
  notes.push(
    `Messages or templates in ${lines.size === 1 ? 'line' : 'lines'} ${shown}${more} of the code are not imported: they are not in a supported call or constant.`,
  );
}
