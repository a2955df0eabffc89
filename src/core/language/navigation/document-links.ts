import type { Range } from '../../prompts/prompt.ts';
import { findEntry } from '../analysis/declarations.ts';
import { schemaNamesIn } from '../analysis/schema-names.ts';
import { scalars } from '../analysis/schema-variables.ts';
import type { AnalyzedPrompt } from '../syntax/tree.ts';
import { unquoted } from '../syntax/unquoted.ts';
import { callName, callsOf, statementsOf } from '../syntax/walk-tree.ts';

/** A place in a prompt with a file name or a URL. */
export interface DocumentLink {
  range: Range;
  target: { kind: 'partial' | 'schema'; name: string } | { kind: 'file'; path: string } | { kind: 'url'; url: string };
}

/** Partials, named schemas, datasets, and media with a literal address. */
export function documentLinks({ tree }: AnalyzedPrompt): DocumentLink[] {
  const links: DocumentLink[] = [];
  for (const { text, range } of scalars(findEntry(tree.frontMatter?.root, ['llmops.dataset'])?.value)) {
    links.push({ range: unquoted(tree, range), target: { kind: 'file', path: text } });
  }
  for (const { name, range } of schemaNamesIn(tree)) links.push({ range, target: { kind: 'schema', name } });
  for (const statement of statementsOf(tree.template.body)) {
    if (statement.kind === 'partial' && statement.name !== undefined) {
      links.push({ range: statement.nameRange, target: { kind: 'partial', name: statement.name } });
    }
    for (const call of callsOf(statement).filter((one) => callName(one) === 'media')) {
      const url = call.hash.find(({ key }) => key === 'url')?.value;
      if (url?.kind !== 'literal' || typeof url.value !== 'string' || /^data:/i.test(url.value)) continue;
      const range = unquoted(tree, url.range);
      const isAddress = /^https?:\/\//i.test(url.value);
      links.push({ range, target: isAddress ? { kind: 'url', url: url.value } : { kind: 'file', path: url.value } });
    }
  }
  return links;
}
