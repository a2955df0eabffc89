import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { ColumnTarget } from '../../panels/compare/column-set.ts';
import { CompareSession } from '../../panels/compare/compare-session.ts';
import { PanelTitles } from '../../panels/session/panel-titles.ts';
import { recallSession } from '../../panels/session/session-memory.ts';
import type { CompareEvent } from '../../protocol/compare.ts';
import { PANELS } from '../contributions.ts';
import { readSettings } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { followDocument, followPartials, promptUri, sourceOf } from '../shell/follow-document.ts';
import { followPanelFocus } from '../shell/panel-focus.ts';
import { panelHtml } from '../shell/panel-html.ts';
import { panelColumn, widenPanel } from '../shell/panel-place.ts';
import { rememberPanelPrompt } from '../shell/panel-prompts.ts';
import { serve } from '../shell/serve.ts';
import { createCompareHandlers } from './compare-handlers.ts';
import { formMemory } from './form-memory.ts';

export interface CompareDeps {
  extensionUri: vscode.Uri;
  workbenches: Workbenches;
  log: Log;
}

/** What a Compare panel shows: a prompt, and from the history a comparison of it. */
export interface CompareTarget {
  uri: vscode.Uri;
  models?: string[];
  /** Columns that are to be there, each of a model and a version of the prompt. */
  columns?: ColumnTarget[];
  comparisonId?: string;
  /** A window reload brings the panel back: it is the prompt's own panel again, showing its last comparison. */
  restored?: boolean;
}

interface OpenPanel {
  panel: vscode.WebviewPanel;
  session: CompareSession;
}

/** One panel a prompt, and one a reopened comparison. */
const panels = new Map<string, Promise<OpenPanel>>();
const titles = new PanelTitles<vscode.WebviewPanel>('Compare');

function keyOf({ uri, comparisonId, restored }: CompareTarget): string {
  return `${uri.toString()}#${restored ? '' : (comparisonId ?? '')}`;
}

/** Opens the panel of a prompt, or shows the one that is open. */
export async function openComparePanel(deps: CompareDeps, target: CompareTarget): Promise<CompareSession> {
  const open = await panels.get(keyOf(target))?.catch(() => undefined);
  if (open) {
    open.panel.reveal(undefined, false);
    if (target.columns) await open.session.setColumns(target.columns);
    return open.session;
  }
  const alone = vscode.window.tabGroups.all.length === 1;
  const column = panelColumn();
  const panel = vscode.window.createWebviewPanel(PANELS.compare, 'Compare', column, panelOptions(deps));
  const { session } = await attach(deps, panel, target);
  if (alone) await widenPanel();
  return session;
}

/** Brings a panel back after a window reload, from what its webview remembered of it. */
export async function restoreComparePanel(
  deps: CompareDeps,
  panel: vscode.WebviewPanel,
  state: unknown,
): Promise<void> {
  const { promptPath, comparisonId } = (state ?? {}) as { promptPath?: string; comparisonId?: string };
  if (!promptPath) return panel.dispose();
  panel.webview.options = panelOptions(deps);
  const uri = promptUri(promptPath);
  try {
    await attach(deps, panel, comparisonId ? { uri, comparisonId, restored: true } : { uri });
  } catch (error) {
    deps.log.warn(`The comparison could not be brought back: ${String(error)}`);
    await attach(deps, panel, { uri });
  }
}

function panelOptions(deps: CompareDeps): vscode.WebviewOptions {
  const localResourceRoots = [vscode.Uri.joinPath(deps.extensionUri, 'dist', 'webview')];
  return { enableScripts: true, localResourceRoots };
}

function attach(deps: CompareDeps, panel: vscode.WebviewPanel, target: CompareTarget): Promise<OpenPanel> {
  const key = keyOf(target);
  titles.add(panel, vscode.workspace.asRelativePath(target.uri));
  rememberPanelPrompt(panel, target.uri);
  const promise = createSession(deps, panel, target).then((session) => ({ panel, session }));
  panels.set(key, promise);
  promise.catch(() => panels.delete(key));
  panel.onDidDispose(() => {
    panels.delete(key);
    titles.remove(panel);
  });
  return promise;
}

/** The comparison that is in front; without one the user is told what to do. */
export async function activeComparison(): Promise<CompareSession> {
  const open = await Promise.all([...panels.values()].map((panel) => panel.catch(() => undefined)));
  const found = open.find((one) => one?.panel.active) ?? open.find((one) => one?.panel.visible);
  if (!found) {
    throw new UserError('There is no comparison in front.', {
      code: 'usage',
      hint: 'Open a prompt, choose Compare and run it.',
    });
  }
  return found.session;
}

async function createSession(
  deps: CompareDeps,
  panel: vscode.WebviewPanel,
  target: CompareTarget,
): Promise<CompareSession> {
  const { workbenches, log } = deps;
  const workbench = await workbenches.for(target.uri);
  const document = await vscode.workspace.openTextDocument(target.uri);
  const options = {
    workbench,
    source: sourceOf(document),
    models: target.models,
    columns: target.columns,
    settings: () => readSettings(target.uri),
    log,
    send: (seq: number, events: CompareEvent[]) =>
      void panel.webview.postMessage({ kind: 'events', seq, sentAt: Date.now(), events }),
    onRunsChanged: () => workbenches.runsChanged(),
  };
  const session = target.comparisonId
    ? await CompareSession.reopen(options, target.comparisonId, { fromHistory: !target.restored })
    : await CompareSession.create(options);
  if (target.restored) await addUnrunColumns(session, { workbench, log }, target.uri.fsPath);
  const subscriptions = [
    serve(panel.webview, createCompareHandlers(session, workbench, formMemory(workbenches.viewState, target.uri)), log),
    workbenches.onModelsChanged(() => void session.refresh()),
    followDocument(target.uri, session, log),
    followPartials(target.uri, { refresh: () => session.setSource(session.source) }, log),
  ];
  panel.onDidDispose(() => {
    session.dispose();
    for (const subscription of subscriptions) subscription.dispose();
  });
  followPanelFocus(panel);
  const icon = (theme: string) => vscode.Uri.joinPath(deps.extensionUri, 'media', 'icons', `compare-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  panel.webview.html = panelHtml(panel.webview, deps.extensionUri, { name: 'compare', title: panel.title });
  return session;
}

/** The history knows the columns that ran; a panel that comes back has the others too. */
async function addUnrunColumns(
  session: CompareSession,
  { workbench, log }: { workbench: Workbench; log: Log },
  promptPath: string,
): Promise<void> {
  const { remembered } = await recallSession(workbench, promptPath);
  const columns = remembered.columns ?? remembered.models?.map((model) => ({ model }));
  for (const column of columns ?? []) {
    // a version that is gone since is no reason to lose the others
    await session.columnOf(column).catch((error: unknown) => log.debug(`A column was left out: ${String(error)}`));
  }
}
