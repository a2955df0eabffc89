import * as vscode from 'vscode';
import type { Log } from '../../../core/base/ports.ts';
import { positionAt } from '../../../core/prompts/position.ts';
import type { Range } from '../../../core/prompts/prompt.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { afterLenses } from '../../host/lenses-first.ts';
import type { Workbenches } from '../../host/workbenches.ts';
import type { VersionDocuments } from '../../versions/documents/version-documents.ts';
import type { PromptWorkspace } from '../workspace/prompt-workspace.ts';
import type { TypingState } from '../workspace/typing-state.ts';

/** What every language feature works with. */
export interface LanguageContext {
  workspace: PromptWorkspace;
  /** Open old versions, which use the partials of their commit. */
  documents: VersionDocuments;
  workbenches: Workbenches;
  /** What is being typed is not an error yet. */
  typing: TypingState;
  log: Log;
}

export const SELECTOR: vscode.DocumentSelector = { language: LANGUAGE_ID };

export function toRange(document: vscode.TextDocument, { start, end }: Range): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** A range of a file that need not be open. */
export function rangeInText(text: string, { start, end }: Range): vscode.Range {
  const [from, to] = [positionAt(text, start), positionAt(text, end)];
  return new vscode.Range(from.line - 1, from.column - 1, to.line - 1, to.column - 1);
}

/** Undefined for documents that are not on disk, which have no folder for partials. */
export function pathOf(document: vscode.TextDocument): string | undefined {
  return document.uri.scheme === 'file' ? document.uri.fsPath : undefined;
}

/** Logs the error of a feature and returns nothing, so that the editor keeps working. */
export async function guardFeature<T>(log: Log, what: string, ask: () => Promise<T>): Promise<T | undefined> {
  await afterLenses();
  try {
    return await ask();
  } catch (error) {
    log.error(`${what} failed`, error);
    return undefined;
  }
}
