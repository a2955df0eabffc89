import path from 'node:path';
import * as vscode from 'vscode';
import type { AnalyzedPrompt } from '../../../core/language/syntax/tree.ts';
import type { LanguageFiles } from '../../../core/language/workspace/language-files.ts';
import { readWorkspaceText, requireInWorkspace } from '../../host/workspace-files.ts';
import { VERSION_SCHEME, type VersionDocuments } from '../../versions/documents/version-documents.ts';
import { type DocumentWorkspace, workspaceOf } from '../../versions/documents/version-workspace.ts';
import type { PromptWorkspace } from './prompt-workspace.ts';

/** The size limit of VS Code's own editor. */
const MAX_DATASET_BYTES = 50 * 1024 * 1024;

/** Analyzed prompts, cached while the text of the file is the same. */
const known = new Map<string, { source: string; prompt: AnalyzedPrompt }>();

/**
 * The prompts of the workspace and the datasets that they name. Includes the given document, even if it is not on disk.
 */
export async function loadLanguageFiles(
  workspace: PromptWorkspace,
  document?: vscode.TextDocument,
  { datasets = true, documents }: { datasets?: boolean; documents?: VersionDocuments } = {},
): Promise<LanguageFiles> {
  const [{ analyzePrompt }, { datasetOf }, index] = await Promise.all([
    import('../../../core/language/analysis/analyze.ts'),
    import('../../../core/language/workspace/language-files.ts'),
    workspace.index(),
  ]);
  const sources = new Map(index.prompts().map((prompt) => [prompt.path, prompt.source]));
  if (document) sources.set(filePath(document.uri), document.getText());
  const own = document && documents ? await workspaceOf(document, index, { documents }) : index;
  if (own !== index) addPartials(sources, own);
  for (const file of known.keys()) if (!sources.has(file)) known.delete(file);
  const schemas = own === index ? index.schemaFiles() : [...index.schemaFiles(), ...own.schemaFiles()];
  const texts = new Map(schemas.map((schema) => [schema.path, schema.text]));
  /** A file of the work tree uses the work tree, even for requests from an old version. */
  const seenBy = (from: string) => (from.startsWith(`${VERSION_SCHEME}:`) ? own : index);
  const files: LanguageFiles = {
    paths: () => [...sources.keys()],
    prompt(file) {
      const source = sources.get(file);
      if (source === undefined) return undefined;
      const found = known.get(file);
      if (found?.source === source) return found.prompt;
      const prompt = analyzePrompt(source);
      known.set(file, { source, prompt });
      return prompt;
    },
    partialPath: (name, from) => seenBy(from).partial(name, from)?.path,
    schemaPath: (name, from) => seenBy(from).schemaPath(name, from),
    schemaFiles: () => schemas.map((schema) => schema.path),
    resolve: (file, from) => path.resolve(path.dirname(from), file),
    text: (file) => texts.get(file),
  };
  if (datasets) await readDatasets(files, datasetOf, texts);
  return files;
}

/** The partials of an old version are separate files, in addition to those of the work tree. */
function addPartials(sources: Map<string, string>, version: DocumentWorkspace): void {
  for (const name of version.partialNames(undefined)) {
    const partial = version.partial(name, undefined);
    if (partial) sources.set(partial.path, partial.source);
  }
}

async function readDatasets(
  files: LanguageFiles,
  datasetOf: (files: LanguageFiles, file: string) => { path: string } | undefined,
  texts: Map<string, string>,
): Promise<void> {
  const named = new Map(
    files.paths().flatMap((from) => {
      const dataset = datasetOf(files, from)?.path;
      return dataset === undefined ? [] : [[dataset, from] as const];
    }),
  );
  await Promise.all(
    [...named].map(async ([file, from]) => {
      const text = await readText(vscode.Uri.file(file), fileUri(from));
      if (text !== undefined) texts.set(file, text);
    }),
  );
}

/** The text of a file that a prompt names, from its editor or from disk. Undefined if it must not be read. */
async function readText(uri: vscode.Uri, from: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  try {
    if (!open) return await readWorkspaceText(uri, { from, maxBytes: MAX_DATASET_BYTES });
    await requireInWorkspace(uri, { from });
    return open.getText();
  } catch {
    return undefined;
  }
}

/** The name of a file for language features: the full URI if a document is not on disk. */
export function filePath(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

export function fileUri(file: string): vscode.Uri {
  return /^[a-z][\w+.-]+:/i.test(file) && !/^[a-z]:[\\/]/i.test(file) ? vscode.Uri.parse(file) : vscode.Uri.file(file);
}
