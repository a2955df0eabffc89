import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import { FALLBACK_MODEL } from '../../core/base/settings.ts';
import type { Message } from '../../core/models/chat-model.ts';
import type { ParsedPrompt } from '../../core/prompts/prompt.ts';
import type { Workbench } from '../../core/workbench.ts';
import { markdownCode } from '../adapters/plain-text.ts';
import { readSetting } from '../adapters/settings.ts';
import type { Workbenches } from '../adapters/workbenches.ts';
import { LANGUAGE_ID } from '../contributions.ts';
import { formatCount, formatUsd } from './describe-models.ts';

/** Long after the diagnostics: the first count loads the tokenizer, and no key has to wait for it. */
const PAUSE_MS = 600;

/** The status bar's tokens and cost of the prompt in the editor, on its own model and with its inputs' defaults. */
export function registerPromptCost({ workbenches, log }: { workbenches: Workbenches; log: Log }): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('llmops.promptCost', vscode.StatusBarAlignment.Right, 91);
  item.name = 'LLMOps Prompt Tokens and Cost';
  item.command = { command: 'llmops.prompt.preview', title: 'Open Preview to the Side' };
  let timer: NodeJS.Timeout | undefined;
  const update = () => {
    clearTimeout(timer);
    const document = promptOf(vscode.window.activeTextEditor);
    if (!document) return item.hide();
    timer = setTimeout(() => {
      showCost(item, document, workbenches).catch((error: unknown) => {
        log.debug(`The prompt's tokens could not be estimated: ${String(error)}`);
        item.hide();
      });
    }, PAUSE_MS);
  };
  update();
  return vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) update();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('llmops') && update()),
    workbenches.onModelsChanged(update),
    { dispose: () => clearTimeout(timer) },
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
    workbench.loadPrompt(document.uri.fsPath, document.getText()),
    import('../../core/prompts/resolve-model.ts'),
  ]);
  const settingDefault = readSetting('defaultModel', document.uri);
  const { ref } = resolveModel({ file: parsed.prompt.model?.text, settingDefault, fallback: FALLBACK_MODEL });
  const { messages, counted } = await readMessages(workbench, parsed);
  const isCurrent = () => vscode.window.activeTextEditor?.document === document && document.version === version;
  if (!messages) {
    if (isCurrent()) showUncounted(item, counted);
    return;
  }
  const { parameters, output, tools } = parsed.prompt;
  const { inputTokens, inputUsd } = await workbench.estimate({ model: ref, messages, parameters, output, tools });
  if (!isCurrent()) return; // a later key or another editor has its own turn
  if (inputTokens === undefined) return item.hide();
  const cost = inputUsd === undefined ? '' : ` · ≈ ${formatUsd(inputUsd)}`;
  item.text = `≈ ${formatCount(inputTokens)} tok${cost}`;
  const thousand = inputUsd === undefined ? 'Its price is not known.' : `1,000 runs: ≈ ${formatUsd(inputUsd * 1000)}.`;
  item.tooltip = new vscode.MarkdownString(
    `The input of one run on ${markdownCode(ref)}, ${counted}. ${thousand}\n\nEstimated; what the model answers comes on top. Click for the preview.`,
  );
  item.accessibilityInformation = { label: `Prompt: about ${inputTokens} tokens${cost.replace('≈', 'about')}` };
  item.show();
}

function showUncounted(item: vscode.StatusBarItem, reason: string): void {
  item.text = '— tok';
  item.tooltip = new vscode.MarkdownString(
    `The tokens of this prompt are not counted here: ${reason}. Click for the preview.`,
  );
  item.accessibilityInformation = { label: `Prompt: tokens not counted, ${reason}` };
  item.show();
}

/** Beyond any prompt that somebody writes; nobody asked for this figure, so nothing large is rendered for it. */
const LONGEST_SOURCE = 500_000;

/**
 * What would be sent with the defaults; where that cannot be rendered, the text of the template itself. No messages where
 * the defaults make more than may be rendered unasked.
 */
async function readMessages(
  workbench: Workbench,
  { prompt }: ParsedPrompt,
): Promise<{ messages: Message[] | undefined; counted: string }> {
  const parts = [{ type: 'text' as const, text: prompt.template.text }];
  const asWritten = (why: string) => ({
    messages: [{ role: 'user' as const, parts }],
    counted: `as it is written, since ${why}`,
  });
  // partials and pictures are files that the workspace names
  if (!vscode.workspace.isTrusted) return asWritten('this workspace is not trusted');
  if (prompt.source.length > LONGEST_SOURCE) return asWritten('the file is large');
  const { UNASKED_LIMITS } = await import('../../core/prompts/render-budget.ts');
  try {
    const { messages } = await workbench.render(prompt, { input: prompt.input.defaults, limits: UNASKED_LIMITS });
    return { messages, counted: 'with the defaults of its inputs' };
  } catch (error) {
    if (error instanceof UserError && error.code === 'render-limit') {
      return { messages: undefined, counted: 'with its defaults it renders too much to do so while you type' };
    }
    return asWritten('inputs have no defaults');
  }
}
