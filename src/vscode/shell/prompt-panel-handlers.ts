import * as vscode from 'vscode';
import type { CompareMethods } from '../../protocol/compare.ts';
import type { FormMemory } from './form-memory.ts';
import { type InputOwner, inputFromDataset, inputFromFile } from './input-sources.ts';
import type { Handlers } from './serve.ts';

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
): Pick<Handlers<CompareMethods>, Shared> {
  return {
    'form.set': (change) => form.remember(change),
    'input.set': ({ input }) => session.setInput(input),
    'input.fromFile': () => inputFromFile(session),
    'input.fromDataset': () => inputFromDataset(session),
    'action.run': runAction,
    'prompt.open': ({ line, column }) => openPrompt(prompt, line, column),
    'link.open': openLink,
  };
}

/** Runs the command that an error offers. */
export async function runAction({ command, args }: CompareMethods['action.run']['params']): Promise<void> {
  await vscode.commands.executeCommand(command, ...args);
}

export async function openLink({ url }: CompareMethods['link.open']['params']): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(url, true));
}

async function openPrompt(prompt: vscode.Uri, line = 1, column = 1): Promise<void> {
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const selection = new vscode.Range(position, position);
  await vscode.window.showTextDocument(prompt, { viewColumn: vscode.ViewColumn.One, selection });
}
