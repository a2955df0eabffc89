import { keysAt } from '../analysis/vocabulary.ts';
import type { AnalyzedPrompt } from '../syntax/tree.ts';
import type { CompletionItem } from './completion-item.ts';
import { FRONT_MATTER_BODY, SNIPPETS, type Snippet, type SnippetPlace } from './snippets.ts';

/** Sorts after everything else in a list. */
const ORDER = 9000;

/** The template's snippets, if explicitly invoked: while typing, Enter after "with" or "json" would insert one. */
export function templateSnippets({ tree }: AnalyzedPrompt, offset: number): CompletionItem[] {
  const { source, frontMatter, template } = tree;
  if (isInComment(source.slice(template.range.start, offset))) return [];
  const word = /[\w.]*$/.exec(source.slice(0, offset))?.[0] ?? '';
  const range = { start: offset - word.length, end: offset };
  const isWholeFile = !frontMatter && source.trim() === word;
  const places: SnippetPlace[] = isWholeFile ? ['file', 'template'] : ['template'];
  return SNIPPETS.filter(({ place }) => places.includes(place)).map((snippet) => toItem(snippet, range));
}

function isInComment(before: string): boolean {
  const open = before.lastIndexOf('{{!');
  if (open < 0) return false;
  const end = before.startsWith('{{!--', open) ? '--}}' : '}}';
  return !before.slice(open + 3).includes(end);
}

/** Several keys at once, in addition to the plain key of the same name. */
export function frontMatterSnippets(
  range: CompletionItem['range'],
  isTaken: (key: string) => boolean,
): CompletionItem[] {
  return SNIPPETS.filter(({ place, prefix }) => place === 'front-matter' && !isTaken(prefix)).map((snippet) =>
    toItem(snippet, range),
  );
}

function toItem({ prefix, name, doc, body }: Snippet, range: CompletionItem['range']): CompletionItem {
  return {
    label: prefix,
    kind: 'snippet',
    detail: name,
    documentation: doc,
    insert: body,
    snippet: true,
    range,
    order: ORDER,
  };
}

/** True after the three dashes of line 1, with nothing else on the line. */
function isOpeningFence(source: string, offset: number): boolean {
  return /^\ufeff?---$/.test(source.slice(0, offset)) && /^[^\S\r\n]*(?:[\r\n]|$)/.test(source.slice(offset));
}

/** Both fences for a `---` in line 1, unless keys of the format are below it already. */
export function frontMatterSkeleton({ tree }: AnalyzedPrompt, offset: number): CompletionItem[] {
  const { source, frontMatter } = tree;
  if (!isOpeningFence(source, offset)) return [];
  const known = new Set(keysAt('')?.map(({ key }) => key));
  if (frontMatter?.root.entries.some(({ key }) => known.has(key))) return [];
  const isEnd = source.slice(offset).trim() === '';
  return [
    {
      label: 'Front matter',
      kind: 'snippet',
      detail: 'model, inputs and parameters',
      documentation: 'The keys of the prompt between two `---` lines. The template follows below.',
      insert: `${FRONT_MATTER_BODY}${isEnd ? '\n' : ''}$0`,
      snippet: true,
      range: { start: offset - 3, end: offset },
      filter: '---',
      suggestNext: true,
    },
  ];
}
