import * as vscode from 'vscode';
import type { Log } from '../../../core/base/ports.ts';
import { FALLBACK_MODEL } from '../../../core/base/settings.ts';
import { quickModel } from '../../../core/prompts/front-matter/quick-model.ts';
import { resolveModel } from '../../../core/prompts/resolve-model.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { lensTitle } from '../../host/lens-title.ts';
import { lensesAnswered } from '../../host/lenses-first.ts';
import { plainLabel } from '../../host/plain-text.ts';
import { readSetting } from '../../host/settings.ts';
import type { Workbenches } from '../../host/workbenches.ts';
import { VERSION_SCHEME } from '../../versions/documents/version-documents.ts';

const FROM = {
  file: 'from the file',
  setting: 'from the setting llmops.defaultModel',
  default: 'default',
} as const;

/** Run, Compare and the resolved model, above the front matter. */
export function registerPromptLenses({ workbenches, log }: { workbenches: Workbenches; log: Log }): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      lensesAnswered();
      if (!readSetting('codeLens.enabled', document.uri) || document.uri.scheme === VERSION_SCHEME) return [];
      try {
        return await lensesOf(document);
      } catch (error) {
        log.error('Could not show the CodeLens of a prompt', error);
        return [];
      }
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider({ language: LANGUAGE_ID }, provider),
    workbenches.onModelsChanged(() => changed.fire()),
  );
}

/**
 * Synchronous if the model can be read from its line. After a reload, VS Code shows cached lenses that do nothing until
 * these are available, and it requests them later if responses are slow.
 */
function lensesOf(document: vscode.TextDocument): vscode.CodeLens[] | Promise<vscode.CodeLens[]> {
  const { read, model } = quickModel(document.getText());
  return read ? lensesFor(document, model) : parsedLenses(document);
}

async function parsedLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  const { parsePrompt } = await import('../../../core/prompts/parse.ts');
  const { prompt } = parsePrompt(document.getText(), { path: document.uri.fsPath });
  return lensesFor(document, prompt.model?.text);
}

function lensesFor(document: vscode.TextDocument, file: string | undefined): vscode.CodeLens[] {
  const settingDefault = readSetting('defaultModel', document.uri);
  const { ref, from } = resolveModel({ file, settingDefault, fallback: FALLBACK_MODEL });
  const top = new vscode.Range(0, 0, 0, 0);
  const lens = (title: string, command: string, tooltip: string) =>
    new vscode.CodeLens(top, { title, command, tooltip, arguments: [document.uri] });
  return [
    lens(lensTitle('play', 'Run'), 'llmops.prompt.run', `Run on ${ref}`),
    lens(lensTitle('split-horizontal', 'Compare'), 'llmops.prompt.compare', 'Compare models side by side'),
    lens(`${plainLabel(ref)} (${FROM[from]})`, 'llmops.prompt.chooseModel', 'Choose the model for this prompt'),
  ];
}
