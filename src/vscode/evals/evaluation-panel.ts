import path from 'node:path';
import * as vscode from 'vscode';
import type { EvalRecord } from '../../core/store/evals/eval-record.ts';
import type { CaseSource } from '../../panels/evaluation/case-source.ts';
import { EvaluationSession } from '../../panels/evaluation/evaluation-session.ts';
import type { EvaluationEvent, EvaluationMethods } from '../../protocol/evaluation.ts';
import { evaluationChecks } from '../../protocol/evaluation-checks.ts';
import { PANELS } from '../host/contributions.ts';
import { createPanelHost, type PanelContent, type PanelDeps } from '../shell/panel-host.ts';
import type { SendEvents } from '../shell/panels/send-events.ts';
import { createEvaluationHandlers } from './evaluation-handlers.ts';
import { findStoredResult } from './find-stored-result.ts';

/** A result, and what its panel shows first. */
export interface EvaluationTarget {
  id: string;
  /** The place of the case that is opened. */
  place?: number | undefined;
  /** The stored result to compare with. */
  against?: string | undefined;
}

/** One panel per result. */
const evaluations = createPanelHost<EvaluationTarget, EvaluationSession, EvaluationEvent, EvaluationMethods>({
  viewType: PANELS.evaluation,
  page: 'evaluation',
  title: 'Evaluation',
  icon: 'evaluation',
  column: () => vscode.ViewColumn.Active,
  preserveFocus: false,
  keyOf: ({ id }) => id,
  promptOf: () => undefined,
  nameOf: ({ record }) => record.name,
  detailOf: ({ record }) => timeOf(record.startedAt),
  checks: evaluationChecks,
  open: openEvaluation,
});

/** With the date if it is not today. */
function timeOf(at: number): string {
  const time = new Date(at);
  return time.toDateString() === new Date().toDateString() ? time.toLocaleTimeString() : time.toLocaleString();
}

/** Opens the panel of a result, or shows the one that is open. */
export async function openEvaluationPanel(deps: PanelDeps, target: EvaluationTarget): Promise<void> {
  const { session, isNew } = await evaluations.open(deps, target);
  if (isNew) return;
  if (target.against !== undefined) await session.setAgainst(target.against);
  if (target.place !== undefined) session.openCase(target.place);
}

/** Restores a panel after a window reload, from the state of its webview. */
export async function restoreEvaluationPanel(
  deps: PanelDeps,
  panel: vscode.WebviewPanel,
  state: unknown,
): Promise<void> {
  const { id, against } = (state ?? {}) as { id?: unknown; against?: unknown };
  if (typeof id !== 'string') return panel.dispose();
  // a result that was compared with may have been deleted since
  await evaluations.restore(deps, panel, typeof against === 'string' ? [{ id, against }, { id }] : [{ id }]);
}

async function openEvaluation(
  deps: PanelDeps,
  { id, place, against }: EvaluationTarget,
  send: SendEvents<EvaluationEvent>,
): Promise<PanelContent<EvaluationSession, EvaluationMethods>> {
  const { workbench, folder } = await findStoredResult(deps.workbenches, id);
  const session = await EvaluationSession.open({
    id,
    store: workbench.store.evals,
    until: (signal) => workbench.store.during({ signal }).evals,
    evals: workbench.evals,
    canRun: () => vscode.workspace.isTrusted,
    editing,
    hasFile: (record) => fileExists(fileOf(record, folder)),
    notices: async () => (await workbench.store.status()).notices,
    send,
  });
  if (against !== undefined) await session.setAgainst(against);
  if (place !== undefined) session.openCase(place);
  const open = (other: string) => openEvaluationPanel(deps, { id: other });
  return {
    session,
    handlers: createEvaluationHandlers(session, {
      workbench,
      open,
      onRated: () => deps.workbenches.evaluationsChanged(),
      file: fileOf(session.record, folder),
    }),
    subscriptions: [
      vscode.workspace.onDidGrantWorkspaceTrust(() => session.trustChanged()),
      deps.workbenches.onEvaluationsChanged(() => void session.refresh()),
    ],
  };
}

function fileOf({ file }: EvalRecord, folder: vscode.Uri | undefined): vscode.Uri | undefined {
  if (file === undefined) return undefined;
  if (path.isAbsolute(file)) return vscode.Uri.file(file);
  return folder && vscode.Uri.joinPath(folder, file);
}

async function fileExists(uri: vscode.Uri | undefined): Promise<boolean> {
  if (!uri) return false;
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

function editing(source: CaseSource | undefined) {
  if (!source) return { problem: 'The file with the row of this case is not known.' };
  return { file: vscode.workspace.asRelativePath(source.file) };
}
