import * as vscode from 'vscode';
import type { CompareMethods } from '../../protocol/compare.ts';
import type { FormMemory } from './form-memory.ts';
import { type InputOwner, inputFromDataset, inputFromFile } from './input-sources.ts';
import type { Handles } from './serve.ts';

type Shared =
  | 'form.set'
  | 'input.set'
  | 'input.fromFile'
  | 'input.fromDataset'
  | 'action.run'
  | 'prompt.open'
  | 'link.open';

/** The requests that all panels of a prompt handle in the same way. */
export function promptPanelHandlers(
  prompt: vscode.Uri,
  session: InputOwner,
  form: FormMemory,
): Pick<Handles<CompareMethods>, Shared> {
  return {
    'form.set': (change) => form.remember(change),
    'input.set': ({ input }) => session.setInput(input).then(noResult),
    'input.fromFile': () => inputFromFile(session),
    'input.fromDataset': () => inputFromDataset(session),
    'action.run': async ({ command, args }) => noResult(await vscode.commands.executeCommand(command, ...args)),
    'prompt.open': ({ line, column }) => openPrompt(prompt, line, column),
    'link.open': async ({ url }) => noResult(await vscode.env.openExternal(vscode.Uri.parse(url, true))),
  };
}

/** The reply to a request without a result. */
export function noResult(_value: unknown): undefined {
  return undefined;
}

async function openPrompt(prompt: vscode.Uri, line = 1, column = 1): Promise<undefined> {
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const selection = new vscode.Range(position, position);
  await vscode.window.showTextDocument(prompt, { viewColumn: vscode.ViewColumn.One, selection });
  return undefined;
}
