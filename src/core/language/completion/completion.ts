import { openTagAt } from '../syntax/open-tag.ts';
import type { AnalyzedPrompt } from '../syntax/tree.ts';
import { completeFrontMatter, yamlPlaceAt } from './complete-front-matter.ts';
import { frontMatterSkeleton, templateSnippets } from './complete-snippets.ts';
import { completeTemplate } from './complete-template.ts';
import type { CompletionContext, CompletionItem } from './completion-item.ts';

/** Completions at an offset. Only the text before it is read, so that incomplete text works. */
export function completePrompt(
  prompt: AnalyzedPrompt,
  offset: number,
  context: CompletionContext = {},
): CompletionItem[] {
  const { frontMatter, source, template } = prompt.tree;
  const before = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  // Enter after any other fence starts a line, and accepts no key
  if (/^\ufeff?-+$/.test(before)) return frontMatterSkeleton(prompt, offset);
  if (inFrontMatter(prompt, offset)) return completeFrontMatter(prompt, offset, context);
  const isFence = frontMatter?.fences.some((fence) => fence && fence.start <= offset && offset < fence.end);
  if (isFence || (frontMatter?.header && offset <= frontMatter.header.end)) return [];
  if (openTagAt(source, template.range.start, offset)) return completeTemplate(prompt, offset, context);
  return context.isExplicit ? templateSnippets(prompt, offset) : [];
}

export function inFrontMatter({ tree: { frontMatter } }: AnalyzedPrompt, offset: number): boolean {
  return frontMatter !== undefined && offset >= frontMatter.range.start && offset <= frontMatter.range.end;
}

/** Whether a file path is expected at the offset. */
export function wantsFiles(source: string, offset: number): boolean {
  const line = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\s*llmops\.dataset\s*:|\burl=["'][^"']*$/.test(line);
}

/** Whether a model is expected at the offset. */
export function wantsModels({ tree }: AnalyzedPrompt, offset: number): boolean {
  const range = tree.frontMatter?.range;
  if (!range || offset < range.start || offset > range.end) return false;
  const { parents, key } = yamlPlaceAt(tree.source, range, offset);
  const path = [...parents.filter((name) => name !== '[]'), ...(key === undefined ? [] : [key])].join('.');
  return path === 'model' || path === 'llmops.models';
}
