import type { Range } from '../../prompts/prompt.ts';
import { isPartialFile } from '../../prompts/template/partial-files.ts';
import { declaredVariables } from '../analysis/schema-variables.ts';
import { type OutlineItem, outlineOf } from '../syntax/structure.ts';
import type { LanguageFiles } from '../workspace/language-files.ts';

export interface WorkspaceSymbol {
  name: string;
  kind: 'prompt' | 'partial' | 'variable' | 'section';
  path: string;
  range: Range;
  /** The prompt that contains it. */
  container: string;
}

/** Prompts, partials, their variables and sections whose names contain the letters of a query in order. */
export function workspaceSymbols(files: LanguageFiles, query: string, max = 1000): WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = [];
  for (const path of files.paths()) {
    if (found.length >= max) break;
    const file = /([^\\/]+)\.prompt$/.exec(path)?.[1] ?? path;
    const top = { start: 0, end: 0 };
    const own: WorkspaceSymbol = {
      name: file,
      kind: isPartialFile(path) ? 'partial' : 'prompt',
      path,
      range: top,
      container: '',
    };
    if (holds(file, query)) found.push(own);
    const prompt = files.prompt(path);
    if (!prompt) continue;
    for (const { name, range } of declaredVariables(prompt.tree)) {
      if (holds(name, query)) found.push({ name, kind: 'variable', path, range, container: file });
    }
    for (const { name, selection } of sectionsIn(outlineOf(prompt))) {
      if (holds(name, query)) found.push({ name, kind: 'section', path, range: selection, container: file });
    }
  }
  return found;
}

function sectionsIn(items: readonly OutlineItem[]): OutlineItem[] {
  return items.flatMap((item) => [...(item.kind === 'section' ? [item] : []), ...sectionsIn(item.children)]);
}

function holds(name: string, query: string): boolean {
  let at = 0;
  const letters = query.toLowerCase();
  for (const letter of name.toLowerCase()) if (letter === letters[at]) at += 1;
  return at >= letters.length;
}
