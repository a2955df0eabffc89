import { declaredInFile } from '../analysis/declared-in-file.ts';
import { blockParamOccurrences, type PromptSymbol, symbolAt } from '../analysis/find-symbol.ts';
import { namesInSchemaFile, schemaNamesIn } from '../analysis/schema-names.ts';
import { parseYamlTree } from '../syntax/parse-front-matter.ts';
import type { AnalyzedPrompt } from '../syntax/tree.ts';
import { type FileOccurrence, type LanguageFiles, partialReferences } from '../workspace/language-files.ts';
import { linkedNames } from './linked-names.ts';

/** Every occurrence in the workspace of the symbol at an offset. */
export function findReferences(files: LanguageFiles, path: string, offset: number): FileOccurrence[] {
  const prompt = files.prompt(path);
  const symbol = prompt && symbolAt(prompt, offset);
  return prompt && symbol ? referencesTo(files, { path, prompt, symbol }) : [];
}

export interface SymbolInFile {
  path: string;
  prompt: AnalyzedPrompt;
  symbol: PromptSymbol;
}

export function referencesTo(files: LanguageFiles, { path, prompt, symbol }: SymbolInFile): FileOccurrence[] {
  switch (symbol.kind) {
    case 'variable':
    case 'field':
      return symbol.names ? linkedNames(files, { path, names: symbol.names }).occurrences : [];
    case 'block-param':
      return blockParamOccurrences(prompt, symbol.declaration).map((found) => ({ ...found, path }));
    case 'argument': {
      const target = files.partialPath(symbol.partial, path);
      return target === undefined ? [] : linkedNames(files, { path: target, names: [symbol.name] }).occurrences;
    }
    case 'partial': {
      const target = files.partialPath(symbol.name, path);
      return target === undefined ? [] : partialReferences(files, target);
    }
    case 'schema': {
      const target = files.schemaPath(symbol.name, path);
      return target === undefined ? [] : schemaReferences(files, target);
    }
  }
}

/** Every type in a prompt or another schema that refers to a schema's file. */
function schemaReferences(files: LanguageFiles, target: string): FileOccurrence[] {
  const inPrompts = files.paths().flatMap((path) => {
    const prompt = files.prompt(path);
    return (prompt ? schemaNamesIn(prompt.tree) : [])
      .filter(({ name }) => files.schemaPath(name, path) === target)
      .map(({ range }): FileOccurrence => ({ path, range, role: 'name' }));
  });
  const inSchemas = files.schemaFiles().flatMap((path) => {
    const text = files.text(path) ?? '';
    return namesInSchemaFile(text, parseYamlTree(text, { start: 0, end: text.length }))
      .filter(({ name }) => files.schemaPath(name, path.replace(/[\\/]schemas(?=[\\/][^\\/]*$)/, '')) === target)
      .map(({ range }): FileOccurrence => ({ path, range, role: 'name' }));
  });
  return [...inPrompts, ...inSchemas];
}

/** The declaration of the symbol at an offset; of a partial or a named schema, with the schema's fields, its file. */
export function findDefinition(files: LanguageFiles, path: string, offset: number): FileOccurrence[] {
  const prompt = files.prompt(path);
  const symbol = prompt && symbolAt(prompt, offset);
  if (!prompt || !symbol) return [];
  if (symbol.kind === 'partial' || symbol.kind === 'schema') {
    const find = symbol.kind === 'partial' ? files.partialPath : files.schemaPath;
    const target = find(symbol.name, path);
    return target === undefined ? [] : [{ path: target, range: { start: 0, end: 0 }, role: 'declaration' }];
  }
  if (symbol.kind === 'block-param') return [{ path, range: symbol.declaration, role: 'declaration' }];
  const names = symbol.kind === 'argument' ? undefined : symbol.names;
  const inFile = names && declaredInFile(files, path, names);
  if (inFile) return [inFile.place];
  const all = referencesTo(files, { path, prompt, symbol });
  for (const role of ['declaration', 'default', 'argument', 'read'] as const) {
    const found = all.filter((occurrence) => occurrence.role === role);
    // An argument leads into the partial; a partial's own variable leads to its callers.
    if (role === 'argument' && symbol.kind === 'argument') continue;
    if (found.length === 0) continue;
    const own = found.filter((occurrence) => occurrence.path === path);
    return role === 'read' ? found.slice(0, 1) : own.length > 0 ? own : found;
  }
  return [];
}
