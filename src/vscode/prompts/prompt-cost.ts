import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import type { Log } from '../../core/base/ports.ts';
import { FALLBACK_MODEL } from '../../core/base/settings.ts';
import { formatTokens, formatTokensExactly, formatUsd } from '../../shared/format.ts';
import { markSimulated } from '../../shared/simulated-cost.ts';
import { LANGUAGE_ID } from '../host/contributions.ts';
import { markdownCode } from '../host/plain-text.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';

/** Longer than the pause of diagnostics: the first count loads the tokenizer, which must not delay typing. */
const PAUSE_MS = 600;

/**
 * The status bar item for tokens and cost of the prompt in the editor, on its own model and with the defaults of its
 * inputs.
 */
export function registerPromptCost({ workbenches, log }: { workbenches: Workbenches; log: Log }): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('llmops.promptCost', vscode.StatusBarAlignment.Right, 91);
  item.name = 'LLMOps Prompt Tokens and Cost';
  item.command = { command: 'llmops.prompt.preview', title: 'Open Preview to the Side' };
  const debounce = new Debounce((error) => {
    log.debug(`Could not estimate the tokens of the prompt: ${String(error)}`);
    item.hide();
  });
  const update = () => {
    debounce.cancel();
    const document = promptOf(vscode.window.activeTextEditor);
    if (!document) return item.hide();
    debounce.schedule(() => showCost(item, document, workbenches), PAUSE_MS);
  };
  update();
  return vscode.Disposable.from(
    item,
    debounce,
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) update();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('llmops') && update()),
    workbenches.onModelsChanged(update),
  );
}

function promptOf(editor: vscode.TextEditor | undefined): vscode.TextDocument | undefined {
  const document = editor?.document;
  return document?.languageId === LANGUAGE_ID && readSetting('statusBar.promptCost') ? document : undefined;
}

async function showCost(item: vscode.StatusBarItem, document: vscode.TextDocument, workbenches: Workbenches) {
  const { version } = document;
  const workbench = await workbenches.for(document.uri);
  const [parsed, { resolveModel }] = await Promise.all([
    workbench.prompts.load(document.uri.fsPath, document.getText()),
    import('../../core/prompts/resolve-model.ts'),
  ]);
  const settingDefault = readSetting('defaultModel', document.uri);
  const { ref } = resolveModel({ file: parsed.prompt.model?.text, settingDefault, fallback: FALLBACK_MODEL });
  const { inputTokens, inputUsd, simulated, filledWith } = await workbench.runs.estimatePrompt(parsed.prompt, ref);
  const current = vscode.window.activeTextEditor?.document === document && document.version === version;
  if (!current) return; // a later key or another editor triggers its own update
  const { describeFilling } = await import('../../core/prompts/render/filled-with.ts');
  if (filledWith === 'too-much') return showUncounted(item, describeFilling(filledWith));
  if (inputTokens === undefined) return item.hide();
  const cost = inputUsd === undefined ? '' : ` · ${formatUsd(inputUsd, true)}`;
  const mark = (text: string) => (inputUsd === undefined ? text : markSimulated(text, simulated));
  item.text = mark(`${formatTokens(inputTokens, true)} tok${cost} input`);
  const thousand =
    inputUsd === undefined ? 'The price is unknown.' : `1,000 runs: ${mark(formatUsd(inputUsd * 1000, true))}.`;
  item.tooltip = new vscode.MarkdownString(
    `Input of one run on ${markdownCode(ref)} (${formatTokensExactly(inputTokens)} tokens: messages, tools and the output schema), ${describeFilling(filledWith)}. ${thousand}\n\nEstimated, without the output. Select to open the preview.`,
  );
  item.accessibilityInformation = {
    label: mark(`Prompt: about ${inputTokens} tokens${cost.replace('≈', 'about ')} of input`),
  };
  item.show();
}

function showUncounted(item: vscode.StatusBarItem, reason: string): void {
  item.text = '— tok';
  item.tooltip = new vscode.MarkdownString(
    `The tokens of this prompt were not counted: ${reason}. Select to open the preview.`,
  );
  item.accessibilityInformation = { label: `Prompt: tokens not counted, ${reason}` };
  item.show();
}
