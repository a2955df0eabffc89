import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { ColumnTarget } from '../../panels/compare/column-set.ts';
import { CompareSession } from '../../panels/compare/compare-session.ts';
import { recallSession } from '../../panels/session/session-memory.ts';
import type { CompareEvent, CompareMethods } from '../../protocol/compare.ts';
import { compareChecks } from '../../protocol/compare-checks.ts';
import { PANELS } from '../host/contributions.ts';
import { readSettings } from '../host/settings.ts';
import { followDocument, followPartials, promptUri, sourceOf } from '../shell/follow-document.ts';
import { formMemory } from '../shell/form-memory.ts';
import { createPanelHost, type PanelContent, type PanelDeps } from '../shell/panel-host.ts';
import { panelColumn, widenPanel } from '../shell/panels/panel-place.ts';
import type { SendEvents } from '../shell/panels/send-events.ts';
import { createCompareHandlers } from './compare-handlers.ts';

/** The content of a Compare panel: a prompt, and possibly a comparison of it from the history. */
export interface CompareTarget {
  uri: vscode.Uri;
  models?: string[];
  /** The columns, each with a model and a version of the prompt. */
  columns?: ColumnTarget[];
  comparisonId?: string;
  /** Runs from the history instead, each in its own column. */
  runIds?: readonly string[];
  /** True after a window reload: the panel is the prompt's own panel again, with its last comparison. */
  restored?: boolean;
}

/** One panel per prompt, and one per reopened comparison. */
const comparisons = createPanelHost<CompareTarget, CompareSession, CompareEvent, CompareMethods>({
  viewType: PANELS.compare,
  page: 'compare',
  title: 'Compare',
  icon: 'compare',
  column: panelColumn,
  preserveFocus: false,
  keyOf: ({ uri, comparisonId, runIds, restored }) =>
    `${uri.toString()}#${restored ? '' : (comparisonId ?? runIds?.join() ?? '')}`,
  promptOf: ({ uri }) => uri,
  checks: compareChecks,
  open: openComparison,
});

/** Opens the panel of a prompt, or shows the one that is open. */
export async function openComparePanel(deps: PanelDeps, target: CompareTarget): Promise<CompareSession> {
  const isAlone = vscode.window.tabGroups.all.length === 1;
  const { session, isNew } = await comparisons.open(deps, target);
  if (isNew && isAlone) await widenPanel();
  if (!isNew && target.columns) await session.setColumns(target.columns);
  return session;
}

/** What the page of a panel has stored (`persistUi`). */
interface SavedState {
  promptPath?: string;
  comparisonId?: string;
  runIds?: string[];
}

/** Restores a panel after a window reload, from the state of its webview. */
export async function restoreComparePanel(deps: PanelDeps, panel: vscode.WebviewPanel, state: unknown): Promise<void> {
  const { promptPath, comparisonId, runIds } = (state ?? {}) as SavedState;
  if (!promptPath) return panel.dispose();
  const uri = promptUri(promptPath);
  const shown = comparisonId ? { comparisonId, restored: true } : runIds && { runIds };
  await comparisons.restore(deps, panel, shown ? [{ uri, ...shown }, { uri }] : [{ uri }]);
}

/** The comparison of the active or a visible panel. Throws UserError if there is none. */
export async function activeComparison(): Promise<CompareSession> {
  const session = await comparisons.inFront();
  if (session) return session;
  throw new UserError('No comparison is open.', {
    code: 'usage',
    hint: 'Open a prompt, select Compare and run it.',
  });
}

async function openComparison(
  { workbenches, log }: PanelDeps,
  target: CompareTarget,
  send: SendEvents<CompareEvent>,
): Promise<PanelContent<CompareSession, CompareMethods>> {
  const { uri } = target;
  const workbench = await workbenches.for(uri);
  const document = await vscode.workspace.openTextDocument(uri);
  const options = {
    workbench,
    source: sourceOf(document),
    models: target.models,
    columns: target.columns,
    settings: () => readSettings(uri),
    log,
    send,
    onRunsChanged: () => workbenches.runsChanged(),
  };
  const recorded = target.comparisonId ?? (target.runIds && { runIds: target.runIds });
  const session = recorded
    ? await CompareSession.reopen(options, recorded, { fromHistory: !target.restored })
    : await CompareSession.create(options);
  if (target.restored) await addUnrunColumns(session, { workbench, log }, uri.fsPath);
  const form = formMemory(workbenches.viewState, uri);
  return {
    session,
    handlers: createCompareHandlers({ prompt: uri, workbench, form }, session),
    subscriptions: [
      workbenches.onModelsChanged(() => void session.refresh()),
      followDocument(uri, session, log),
      followPartials(uri, { refresh: () => session.setSource(session.source) }, log),
    ],
  };
}

/** Adds the columns that never ran, which are not in the history. */
async function addUnrunColumns(
  session: CompareSession,
  { workbench, log }: { workbench: Workbench; log: Log },
  promptPath: string,
): Promise<void> {
  const { remembered } = await recallSession(workbench, promptPath);
  const columns = remembered.columns ?? remembered.models?.map((model) => ({ model }));
  for (const column of columns ?? []) {
    // a missing version must not prevent the others
    await session.columnOf(column).catch((error: unknown) => log.debug(`Could not restore a column: ${String(error)}`));
  }
}
