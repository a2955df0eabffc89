import path from 'node:path';
import * as vscode from 'vscode';
import type { CompletionItem, CompletionKind } from '../../../core/language/completion/completion-item.ts';
import { readSetting } from '../../host/settings.ts';
import { analyzedDocument } from '../workspace/analyzed-documents.ts';
import { guardFeature, type LanguageContext, pathOf, SELECTOR, toRange } from './language-context.ts';

const KINDS: Record<CompletionKind, vscode.CompletionItemKind> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  model: vscode.CompletionItemKind.Class,
  type: vscode.CompletionItemKind.TypeParameter,
  variable: vscode.CompletionItemKind.Variable,
  field: vscode.CompletionItemKind.Field,
  data: vscode.CompletionItemKind.Constant,
  helper: vscode.CompletionItemKind.Function,
  block: vscode.CompletionItemKind.Keyword,
  partial: vscode.CompletionItemKind.Module,
  role: vscode.CompletionItemKind.EnumMember,
  file: vscode.CompletionItemKind.File,
  snippet: vscode.CompletionItemKind.Snippet,
};
/** No colon: a list that opens after `schema:` would capture the Enter for the next line. */
const TRIGGERS = ['{', '#', '>', '/', '"', '.', ' ', '@', '=', '[', '(', '-'];
const DATA_FILES = '**/*.{jsonl,ndjson,json,csv,tsv,png,jpg,jpeg,gif,webp,pdf}';
const FILES_OFFERED = 500;
/**
 * Longer than the pause before the next key of a slow typist: Enter after a `---` that was just typed starts a new
 * line.
 */
const FENCE_PAUSE_MS = 600;

/** Completion and signature help. */
export function registerCompletion(context: LanguageContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      SELECTOR,
      {
        provideCompletionItems: (document, position, token, { triggerKind }) =>
          guardFeature(context.log, 'Completion', async () => {
            const isExplicit = triggerKind === vscode.CompletionTriggerKind.Invoke;
            if (!isExplicit && isFence(document, position) && (await isTypedOn(token))) return [];
            return complete(context, document, position, isExplicit);
          }),
      },
      ...TRIGGERS,
    ),
    vscode.languages.registerSignatureHelpProvider(
      SELECTOR,
      {
        provideSignatureHelp: (document, position) =>
          guardFeature(context.log, 'Signature help', () => signatureHelp(document, position)),
      },
      ' ',
      '=',
    ),
  );
}

function isFence(document: vscode.TextDocument, { line, character }: vscode.Position): boolean {
  return line === 0 && document.lineAt(0).text[character - 1] === '-';
}

/** Whether another key was pressed during the pause. */
function isTypedOn(token: vscode.CancellationToken): Promise<boolean> {
  return new Promise((resolve) => {
    const listening = token.onCancellationRequested(() => end(true));
    const timer = setTimeout(() => end(token.isCancellationRequested), FENCE_PAUSE_MS);
    const end = (typedOn: boolean) => {
      clearTimeout(timer);
      listening.dispose();
      resolve(typedOn);
    };
  });
}

async function complete(
  { workspace }: LanguageContext,
  document: vscode.TextDocument,
  position: vscode.Position,
  isExplicit: boolean,
): Promise<vscode.CompletionList> {
  const [{ completePrompt, inFrontMatter, wantsFiles, wantsModels }, prompt, index] = await Promise.all([
    import('../../../core/language/completion/completion.ts'),
    analyzedDocument(document),
    workspace.index(),
  ]);
  const offset = document.offsetAt(position);
  const files = wantsFiles(document.getText(), offset) ? await listFiles(document) : [];
  const unreadyModels = wantsModels(prompt, offset) ? await workspace.unreadyModels() : [];
  const defaultModel = readSetting('defaultModel', document.uri);
  const given = { path: pathOf(document), workspace: index, files, unreadyModels, defaultModel, isExplicit };
  const items = completePrompt(prompt, offset, given);
  // An incomplete list, which is requested again for each key, has no selected item, so that Enter starts the next line
  // of YAML.
  const isIncomplete = inFrontMatter(prompt, offset);
  return new vscode.CompletionList(
    items.map((item) => toItem(document, item)),
    isIncomplete,
  );
}

function toItem(document: vscode.TextDocument, item: CompletionItem): vscode.CompletionItem {
  const description = item.brief ?? item.detail;
  const label = description === undefined ? item.label : { label: item.label, description };
  const made = new vscode.CompletionItem(label, KINDS[item.kind]);
  made.insertText = item.snippet ? new vscode.SnippetString(item.insert) : item.insert;
  made.range = toRange(document, item.range);
  made.filterText = item.filter ?? item.label.replace(/^#/, '');
  made.sortText = String(item.order ?? 0).padStart(5, '0');
  if (item.detail) made.detail = item.detail;
  if (item.documentation) made.documentation = item.documentation;
  if (item.after)
    made.additionalTextEdits = [vscode.TextEdit.replace(toRange(document, item.after.range), item.after.text)];
  if (item.suggestNext) made.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
  return made;
}

/** Paths relative to the prompt's folder, as they are written in a prompt. */
async function listFiles(document: vscode.TextDocument): Promise<string[]> {
  const from = pathOf(document);
  if (from === undefined) return [];
  const found = await vscode.workspace.findFiles(DATA_FILES, '**/{node_modules,.llmops}/**', FILES_OFFERED);
  return found.map(({ fsPath }) => path.relative(path.dirname(from), fsPath).split(path.sep).join('/')).sort();
}

async function signatureHelp(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.SignatureHelp | undefined> {
  const [{ signatureAt }, prompt] = await Promise.all([
    import('../../../core/language/analysis/signature.ts'),
    analyzedDocument(document),
  ]);
  const found = signatureAt(prompt, document.offsetAt(position));
  if (!found) return undefined;
  const signature = new vscode.SignatureInformation(found.label, found.doc);
  signature.parameters = found.parameters.map(({ label, doc }) => new vscode.ParameterInformation(label, doc));
  const help = new vscode.SignatureHelp();
  help.signatures = [signature];
  help.activeParameter = found.active;
  return help;
}
