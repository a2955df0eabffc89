import * as vscode from 'vscode';
import { FALLBACK_MODEL } from '../../core/base/settings.ts';
import type { ChannelLog } from '../host/log.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { findPromptTarget, requireTrust } from '../shell/prompt-targets.ts';
import { rowTarget } from '../shell/rows/row-arguments.ts';
import type { WalkthroughSteps } from '../shell/walkthrough-steps.ts';

export interface PromptCommandDeps {
  extensionUri: vscode.Uri;
  workbenches: Workbenches;
  log: ChannelLog;
}

export function createPromptCommands(deps: PromptCommandDeps & { steps: WalkthroughSteps }) {
  return {
    'llmops.prompt.run': (...args: unknown[]) => runPrompt(deps, rowTarget(args)),
    'llmops.prompt.compare': (...args: unknown[]) => comparePrompt(deps, rowTarget(args)),
    'llmops.prompt.chooseModel': (target?: unknown) => chooseModel(deps, target),
    'llmops.compare.copyMarkdown': () => copyActive('markdown'),
    'llmops.compare.copyCsv': () => copyActive('csv'),
    'llmops.panel.run': async () => {
      requireTrust();
      (await import('../shell/panels/panel-focus.ts')).runActivePanel();
    },
    'llmops.prompt.create': async (template?: unknown) => {
      const { createPrompt } = await import('./create-prompt.ts');
      if (await createPrompt(deps.extensionUri, template)) deps.steps.done('create');
    },
    'llmops.prompts.import': async (files?: unknown) => (await import('./import-prompts.ts')).importFiles(files, deps),
    'llmops.prompt.export': async (target?: unknown) => (await import('./export-prompt.ts')).exportPrompt(deps, target),
  };
}

/** Opens the panel with the prompt's own model and runs it immediately. */
async function runPrompt(deps: PromptCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const uri = await findPromptTarget(target, 'Run Prompt');
  if (!uri) return;
  const [{ openComparePanel }, model] = await Promise.all([import('../compare/compare-panel.ts'), modelOf(deps, uri)]);
  const session = await openComparePanel(deps, { uri, models: [model] });
  await session.start(await session.columnOf({ model }));
}

async function copyActive(format: 'markdown' | 'csv'): Promise<void> {
  const [{ activeComparison }, { copyComparison }] = await Promise.all([
    import('../compare/compare-panel.ts'),
    import('../compare/copy-comparison.ts'),
  ]);
  await copyComparison(await activeComparison(), format);
}

async function comparePrompt(deps: PromptCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const { uri, columns } = isCompareRequest(target) ? target : { uri: target, columns: undefined };
  const prompt = await findPromptTarget(uri, 'Compare Models');
  if (!prompt) return;
  const { openComparePanel } = await import('../compare/compare-panel.ts');
  await openComparePanel(deps, { uri: prompt, ...(columns ? { columns } : {}) });
}

/** The argument from another command: a prompt with the models and versions to compare. */
export interface CompareRequest {
  uri: vscode.Uri;
  columns: { model?: string; version?: string }[];
}

function isCompareRequest(target: unknown): target is CompareRequest {
  const { uri, columns } = (target ?? {}) as Partial<CompareRequest>;
  const isName = (name: unknown) => name === undefined || typeof name === 'string';
  const isColumn = (column: unknown) => {
    if (typeof column !== 'object' || column === null) return false;
    const { model, version } = column as Record<string, unknown>;
    return isName(model) && isName(version);
  };
  return uri instanceof vscode.Uri && Array.isArray(columns) && columns.length > 0 && columns.every(isColumn);
}

async function modelOf({ workbenches }: PromptCommandDeps, uri: vscode.Uri): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  const workbench = await workbenches.for(uri);
  const { prompt } = await workbench.prompts.load(uri.fsPath, document.getText());
  const { resolveModel } = await import('../../core/prompts/resolve-model.ts');
  const settingDefault = readSetting('defaultModel', uri);
  return resolveModel({ file: prompt.model?.text, settingDefault, fallback: FALLBACK_MODEL }).ref;
}

/** Writes the chosen model to the front matter, as an edit that can be undone. */
async function chooseModel({ workbenches }: PromptCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const uri = await findPromptTarget(target, 'Choose Model for Prompt');
  if (!uri) return;
  const workbench = await workbenches.for(uri);
  const { pickModel } = await import('../models/model-choices.ts');
  const model = await pickModel(workbench, 'Choose Model for Prompt');
  if (!model) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const { prompt } = await workbench.prompts.load(uri.fsPath, document.getText());
  const edit = new vscode.WorkspaceEdit();
  if (prompt.model) {
    const { start, end } = prompt.model.range;
    edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), model);
  } else if (prompt.frontMatter) {
    edit.insert(uri, document.positionAt(prompt.frontMatter.range.start), `model: ${model}\n`);
  } else {
    edit.insert(uri, new vscode.Position(0, 0), `---\nmodel: ${model}\n---\n`);
  }
  await vscode.workspace.applyEdit(edit);
}
