import * as vscode from 'vscode';
import { plainLabel } from '../host/plain-text.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { requireTrust } from '../shell/prompt-targets.ts';
import { modelRefOf } from './models-node.ts';

export function createModelCommands({ workbenches }: { workbenches: Workbenches }) {
  const pick = async (target: unknown, title: string) => {
    const ref = modelRefOf(target);
    if (ref) {
      // throws if the connection of the row was removed in the meantime
      await (await workbenches.for()).models.connection(ref.slice(0, ref.indexOf('/')));
      return ref;
    }
    requireTrust();
    const { pickModel } = await import('./model-choices.ts');
    return pickModel(await workbenches.for(), title);
  };
  return {
    async 'llmops.model.setDefault'(target?: unknown) {
      const ref = await pick(target, 'Set as Default Model');
      if (!ref) return;
      const settings = vscode.workspace.getConfiguration('llmops');
      const inWorkspace = settings.inspect('defaultModel')?.workspaceValue !== undefined;
      await settings.update(
        'defaultModel',
        ref,
        inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
      );
      workbenches.modelsChanged();
      vscode.window.setStatusBarMessage(`$(check) Default model set to ${plainLabel(ref)}.`, 5000);
    },
    async 'llmops.model.copyId'(target?: unknown) {
      const ref = await pick(target, 'Copy Model ID');
      if (!ref) return;
      await vscode.env.clipboard.writeText(ref);
      vscode.window.setStatusBarMessage(`$(check) Copied ${plainLabel(ref)}.`, 3000);
    },
  };
}
