import path from 'node:path';
import type { Range } from '../../prompts/prompt.ts';
import { findEntry } from '../analysis/declarations.ts';
import { scalars } from '../analysis/schema-variables.ts';
import type { SyntaxTree } from '../syntax/tree.ts';
import { unquoted } from '../syntax/unquoted.ts';
import { type CheckContext, report } from './check-context.ts';

/** The dataset of a prompt: its absolute path, and the range of its name. */
export function namedDataset(
  tree: SyntaxTree,
  from: string | undefined,
): { text: string; file: string; range: Range } | undefined {
  const entry = findEntry(tree.frontMatter?.root, ['llmops.dataset']);
  const [named] = entry?.value?.kind === 'scalar' ? scalars(entry.value) : [];
  // a URL is not a file, and a prompt that is not on disk has no folder to start from
  if (!named || from === undefined || named.text.trim() === '' || /^[a-z][\w+.-]+:/i.test(named.text)) return undefined;
  return { text: named.text, file: path.resolve(path.dirname(from), named.text), range: unquoted(tree, named.range) };
}

/** Reports a dataset that does not exist, or is not in the workspace; nothing if it was not looked up. */
export function checkDataset(context: CheckContext): void {
  const named = namedDataset(context.analyzed.tree, context.path);
  const found = named && context.isFile?.(named.file, context.path);
  if (!named || found === undefined || found === true) return;
  const missing = `File \`${named.text}\` not found (relative to the folder of this prompt).`;
  const outside = `\`${named.text}\` is outside the workspace and is not read. Copy the file into the workspace.`;
  report(context, 'missing-dataset', found === 'outside' ? outside : missing, named.range);
}
