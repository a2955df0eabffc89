import { findEntry } from '../analysis/declarations.ts';
import type { Occurrence } from '../analysis/find-symbol.ts';
import { scalars } from '../analysis/schema-variables.ts';
import type { AnalyzedPrompt, PartialNode } from '../syntax/tree.ts';
import { unquoted } from '../syntax/unquoted.ts';
import { partialsOf } from '../syntax/walk-tree.ts';

/** The workspace for references across its files; paths are absolute. */
export interface LanguageFiles {
  /** Every prompt and partial. */
  paths(): readonly string[];
  prompt(path: string): AnalyzedPrompt | undefined;
  partialPath(name: string, from: string): string | undefined;
  /** The file for a type in a prompt's schema. */
  schemaPath(name: string, from: string): string | undefined;
  /** Every file in a `schemas` folder. */
  schemaFiles(): readonly string[];
  /** Resolves a relative path in a prompt's front matter. */
  resolve(file: string, from: string): string;
  /** The text of a dataset or a schema; undefined if there is none. */
  text(path: string): string | undefined;
}

export interface FileOccurrence extends Occurrence {
  path: string;
}

/** The calls in one file that refer to a partial's file. */
function callsTo(files: LanguageFiles, path: string, target: string): PartialNode[] {
  const prompt = files.prompt(path);
  return (prompt ? partialsOf(prompt.tree) : []).filter(
    ({ name }) => name !== undefined && files.partialPath(name, path) === target,
  );
}

/** Every call of a partial's file. */
export function partialReferences(files: LanguageFiles, target: string): FileOccurrence[] {
  return files
    .paths()
    .flatMap((path) =>
      callsTo(files, path, target).map(({ nameRange }): FileOccurrence => ({ path, range: nameRange, role: 'name' })),
    );
}

/** The dataset of a prompt, and where it is named. */
export function datasetOf(
  files: LanguageFiles,
  path: string,
): { path: string; range: Occurrence['range'] } | undefined {
  const tree = files.prompt(path)?.tree;
  const [named] = scalars(tree?.frontMatter && findEntry(tree.frontMatter.root, ['llmops.dataset'])?.value);
  if (!tree || !named) return undefined;
  return { path: files.resolve(named.text, path), range: unquoted(tree, named.range) };
}
