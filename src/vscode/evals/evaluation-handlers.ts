import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { EvaluationSession } from '../../panels/evaluation/evaluation-session.ts';
import type { EvaluationMethods } from '../../protocol/evaluation.ts';
import { generatedUri } from '../host/generated-documents.ts';
import { openLink, runAction } from '../shell/prompt-panel-handlers.ts';
import type { Handlers } from '../shell/serve.ts';
import { editCaseRow, showCaseRow } from './case-documents.ts';

interface HandlerDeps {
  workbench: Workbench;
  /** Opens the panel of another result. */
  open(id: string): Promise<void>;
  /** Called after an answer was rated. */
  onRated(): void;
  /** The evaluation file; undefined for a result without one. */
  file: vscode.Uri | undefined;
}

export function createEvaluationHandlers(session: EvaluationSession, deps: HandlerDeps): Handlers<EvaluationMethods> {
  return {
    snapshot: () => session.snapshot(),
    'list.open': (params) => session.openList(params),
    'rows.read': (params) => session.readRows(params),
    'group.find': (params) => session.findGroup(params),
    'case.read': ({ place }) => session.readCase(place),
    'case.messages': (params) => session.readMessages(params),
    'case.history': ({ place }) => session.readHistory(place),
    'case.edit': async ({ place, changes }) => editCaseRow(await session.caseAt(place), changes),
    'case.open': async ({ place }) => showCaseRow(await session.caseAt(place)),
    'answer.rate': async (params) => {
      await session.rate(params);
      deps.onRated();
    },
    'answer.copy': async (params) => vscode.env.clipboard.writeText(await session.answerAt(params)),
    'prompt.change': ({ column }) => session.promptChange(column),
    'prompt.diff': ({ column }) => diffPrompt(session, column),
    'figures.read': ({ metric }) => session.readFigures(metric ?? undefined),
    'results.list': () => session.listResults(),
    'against.set': ({ id }) => session.setAgainst(id ?? undefined),
    ...resultHandlers(session, deps),
    'action.run': runAction,
    'link.open': openLink,
  };
}

type ResultMethod = Extract<keyof EvaluationMethods, `result.${string}` | `run.${string}` | 'file.open'>;

function resultHandlers(
  session: EvaluationSession,
  { workbench, open, file }: HandlerDeps,
): Pick<Handlers<EvaluationMethods>, ResultMethod> {
  const run = (command: ResultCommand, given: object = {}) => runResultCommand(session, command, given);
  return {
    'result.open': ({ id }) => open(id),
    'result.pin': ({ isPinned }) => run(isPinned ? 'pin' : 'unpin'),
    'result.delete': () => run('delete'),
    'result.export': ({ format }) => run('export', { format }),
    'file.open': async () => {
      if (file) await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One });
    },
    'run.control': async ({ action }) => {
      // the command also stops what another window runs
      if (action === 'resume' || action === 'rescore' || action === 'stop') await run(action);
      else await controlRun(session, workbench, action);
    },
    'run.again': ({ what }) => run('rerun', { cases: typeof what === 'string' ? what : session.placesIn(what) }),
  };
}

type ResultCommand = 'delete' | 'export' | 'pin' | 'unpin' | 'resume' | 'rescore' | 'rerun' | 'stop';

/** The commands ask first where something is sent, paid or lost, wherever they are started. */
async function runResultCommand(session: EvaluationSession, command: ResultCommand, given: object): Promise<void> {
  const target = { evaluationId: session.record.id, ...given };
  await vscode.commands.executeCommand(`llmops.evaluation.${command}`, target);
  await session.refresh();
}

function controlRun(session: EvaluationSession, { evals }: Workbench, action: 'pause' | 'continue'): Promise<void> {
  const job = evals.active().find(({ evaluationId }) => evaluationId === session.record.id);
  if (!job) throw new UserError('The evaluation is not running in this window.', { code: 'usage' });
  if (action === 'pause') job.pause();
  else job.continue();
  return session.refresh();
}

/** The prompts as both were run, in VS Code's diff editor. */
async function diffPrompt(session: EvaluationSession, column: number): Promise<void> {
  const change = session.promptChange(column);
  if (!change) throw new UserError('The text of the baseline’s prompt is not stored.', { code: 'usage' });
  const uriOf = ({ label, text }: typeof change.before) => generatedUri(`${label}.prompt`, text);
  const title = `${change.before.label} ↔ ${change.after.label}`;
  await vscode.commands.executeCommand('vscode.diff', uriOf(change.before), uriOf(change.after), title);
}
