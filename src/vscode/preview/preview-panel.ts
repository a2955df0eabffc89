import * as vscode from 'vscode';
import { compareChecks } from '../../panels/compare/compare-params.ts';
import { PreviewSession } from '../../panels/preview/preview-session.ts';
import { PanelTitles } from '../../panels/session/panel-titles.ts';
import type { PreviewEvent, PreviewMethods } from '../../protocol/preview.ts';
import type { CompareDeps } from '../compare/compare-panel.ts';
import { type FormMemory, formMemory } from '../compare/form-memory.ts';
import { inputFromDataset, inputFromFile } from '../compare/input-sources.ts';
import { PANELS } from '../contributions.ts';
import { readSettings } from '../host/settings.ts';
import { followDocument, followPartials, promptUri, sourceOf } from '../shell/follow-document.ts';
import { followPanelFocus } from '../shell/panel-focus.ts';
import { panelHtml } from '../shell/panel-html.ts';
import { rememberPanelPrompt } from '../shell/panel-prompts.ts';
import { type Handlers, serve } from '../shell/serve.ts';

/** One preview a prompt. */
const panels = new Map<string, vscode.WebviewPanel>();
const titles = new PanelTitles<vscode.WebviewPanel>('Preview');

/** Opens the preview beside the editor, which keeps the focus: one goes on typing. */
export async function openPreviewPanel(deps: CompareDeps, uri: vscode.Uri): Promise<void> {
  const open = panels.get(uri.toString());
  if (open) return open.reveal(undefined, true);
  const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
  const panel = vscode.window.createWebviewPanel(PANELS.preview, 'Preview', place, panelOptions(deps));
  await attach(deps, panel, uri);
}

/** Brings a preview back after a window reload. */
export async function restorePreviewPanel(
  deps: CompareDeps,
  panel: vscode.WebviewPanel,
  state: unknown,
): Promise<void> {
  const { promptPath } = (state ?? {}) as { promptPath?: unknown };
  if (typeof promptPath !== 'string' || promptPath === '') return panel.dispose();
  panel.webview.options = panelOptions(deps);
  await attach(deps, panel, promptUri(promptPath));
}

function panelOptions({ extensionUri }: CompareDeps): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'webview')] };
}

async function attach(deps: CompareDeps, panel: vscode.WebviewPanel, uri: vscode.Uri): Promise<void> {
  const { workbenches, log, extensionUri } = deps;
  panels.set(uri.toString(), panel);
  titles.add(panel, vscode.workspace.asRelativePath(uri));
  rememberPanelPrompt(panel, uri);
  panel.onDidDispose(() => {
    panels.delete(uri.toString());
    titles.remove(panel);
  });
  try {
    const [workbench, document] = await Promise.all([workbenches.for(uri), vscode.workspace.openTextDocument(uri)]);
    const session = await PreviewSession.create({
      workbench,
      source: sourceOf(document),
      settings: () => readSettings(uri),
      log,
      send: (seq: number, events: PreviewEvent[]) =>
        void panel.webview.postMessage({ kind: 'events', seq, sentAt: Date.now(), events }),
      hasHistory: async () => vscode.workspace.isTrusted && (await workbenches.hasHistory()),
    });
    const subscriptions = [
      serve(panel.webview, createPreviewHandlers(session, uri, formMemory(workbenches.viewState, uri)), log),
      followDocument(uri, session, log),
      followPartials(uri, session, log),
      workbenches.onModelsChanged(() => void session.refresh()),
    ];
    panel.onDidDispose(() => {
      session.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    });
  } catch (error) {
    panel.dispose();
    throw error;
  }
  followPanelFocus(panel);
  const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', 'icons', `prompt-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  panel.webview.html = panelHtml(panel.webview, extensionUri, { name: 'preview', title: panel.title });
}

type Handle<Name extends keyof PreviewMethods> = (
  params: PreviewMethods[Name]['params'],
) => Promise<PreviewMethods[Name]['result']> | PreviewMethods[Name]['result'];

function createPreviewHandlers(session: PreviewSession, uri: vscode.Uri, form: FormMemory): Handlers<PreviewMethods> {
  const handles: { [Name in keyof PreviewMethods]: Handle<Name> } = {
    snapshot: () => ({ ...session.snapshot(), form: form.recall() }),
    'form.set': (change) => form.remember(change),
    'input.set': ({ input }) => session.setInput(input).then(() => undefined),
    'input.fromFile': () => inputFromFile(session),
    'input.fromDataset': () => inputFromDataset(session),
    'action.run': async ({ command, args }) => {
      await vscode.commands.executeCommand(command, ...args);
      return undefined;
    },
    'prompt.open': ({ line, column }) => openPrompt(uri, line, column),
    'prompt.run': async () => {
      await vscode.commands.executeCommand('llmops.prompt.run', uri);
      return undefined;
    },
    'request.copy': async () => {
      await vscode.env.clipboard.writeText(session.requestBody());
      vscode.window.setStatusBarMessage('$(check) Copied the request body.', 5000);
      return undefined;
    },
    'link.open': async ({ url }) => {
      await vscode.env.openExternal(vscode.Uri.parse(url, true));
      return undefined;
    },
  };
  const checks = {
    ...compareChecks,
    'prompt.run': (_params: unknown): _params is undefined => true,
    'request.copy': (_params: unknown): _params is undefined => true,
  };
  return Object.fromEntries(
    Object.entries(handles).map(([name, handle]) => [name, { check: checks[name as keyof PreviewMethods], handle }]),
  ) as Handlers<PreviewMethods>;
}

async function openPrompt(uri: vscode.Uri, line = 1, column = 1): Promise<undefined> {
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const selection = new vscode.Range(position, position);
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, selection });
  return undefined;
}
