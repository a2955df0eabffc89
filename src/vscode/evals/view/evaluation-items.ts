import * as vscode from 'vscode';
import { comparedColumns, failedGates, overallVerdict } from '../../../core/evals/aggregate/result-figures.ts';
import type { EvalListed, EvalState } from '../../../core/store/evals/eval-record.ts';
import { ageInWords, ageOf } from '../../../shared/age.ts';
import { plainLabel } from '../../host/plain-text.ts';
import { describeResult, resultAriaLabel } from '../describe-result.ts';
import { evaluationFileName } from '../evaluation-files.ts';
import type { EvaluationsRow, FileRow } from './evaluations-node.ts';
import { resultTooltip } from './result-tooltip.ts';

export function toEvaluationsItem(row: EvaluationsRow): vscode.TreeItem {
  switch (row.kind) {
    case 'file':
      return fileItem(row);
    case 'unsaved':
      return unsavedItem(row.newest);
    case 'result':
      return resultItem(row);
    case 'case':
      return caseItem(row);
  }
}

const { Collapsed } = vscode.TreeItemCollapsibleState;

function fileItem(row: FileRow): vscode.TreeItem {
  const { file, relative, isMissing, newest, isWatched } = row;
  const item = new vscode.TreeItem(plainLabel(evaluationFileName(relative)), Collapsed);
  const latest = newest && describeResult(newest, ageOf(newest.startedAt, Date.now()));
  const notes = [isMissing && 'file deleted', isWatched && 'watched', latest ?? 'no results yet'];
  item.description = plainLabel(notes.filter(Boolean).join(' · '));
  item.iconPath = newest ? resultIcon(newest) : new vscode.ThemeIcon('beaker');
  item.tooltip = [relative, ...notes].filter(Boolean).join('\n');
  item.contextValue = [isMissing ? 'missing' : 'file', isWatched && 'watched'].filter(Boolean).join(' ');
  const spoken = newest && resultAriaLabel(newest, ageInWords(newest.startedAt, Date.now()));
  item.accessibilityInformation = {
    label: [
      `evaluation ${evaluationFileName(relative)}`,
      isMissing && 'file deleted',
      isWatched && 'watched',
      spoken ? `latest result: ${spoken}` : 'no results yet',
    ]
      .filter(Boolean)
      .join(', '),
  };
  if (!isMissing) item.command = { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(file)] };
  return item;
}

function unsavedItem(newest: EvalListed): vscode.TreeItem {
  const item = new vscode.TreeItem('Without a file', Collapsed);
  item.description = plainLabel(`${newest.name} · ${describeResult(newest, ageOf(newest.startedAt, Date.now()))}`);
  item.iconPath = resultIcon(newest);
  item.tooltip = 'Results of Run on Dataset. Save as Evaluation writes a file for one.';
  item.contextValue = 'unsaved';
  const spoken = resultAriaLabel(newest, ageInWords(newest.startedAt, Date.now()));
  item.accessibilityInformation = { label: `evaluations without a file, latest: ${spoken}` };
  return item;
}

function resultItem({ result }: Extract<EvaluationsRow, { kind: 'result' }>): vscode.TreeItem {
  const { id, startedAt, state, isPinned, file, counts } = result;
  const now = Date.now();
  const hasCases = counts.failed + counts.errors > 0;
  const item = new vscode.TreeItem(
    plainLabel(file === undefined ? result.name : timeOf(startedAt)),
    hasCases ? Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.iconPath = resultIcon(result);
  item.description = plainLabel(
    [isPinned && 'pinned', describeResult(result, ageOf(startedAt, now))].filter(Boolean).join(' · '),
  );
  item.tooltip = resultTooltip(result);
  item.contextValue = ['result', state, isPinned && 'pinned', file === undefined && 'unsaved']
    .filter(Boolean)
    .join(' ');
  item.command = { command: 'llmops.evaluation.openResults', title: 'Open Results', arguments: [{ evaluationId: id }] };
  item.accessibilityInformation = { label: `result, ${resultAriaLabel(result, ageInWords(startedAt, now))}` };
  return item;
}

function caseItem(row: Extract<EvaluationsRow, { kind: 'case' }>): vscode.TreeItem {
  const { evaluationId, place, state, label, description, reasons } = row;
  const item = new vscode.TreeItem(plainLabel(label));
  item.description = plainLabel(description);
  item.iconPath =
    state === 'error' ? icon('warning', 'list.warningForeground') : icon('testing-failed-icon', 'testing.iconFailed');
  item.tooltip = reasons.join('\n');
  item.contextValue = 'case';
  item.command = {
    command: 'llmops.evaluation.openResults',
    title: 'Open Case',
    arguments: [{ evaluationId, place }],
  };
  item.accessibilityInformation = { label: `case ${label}, ${state}, ${description}` };
  return item;
}

function timeOf(at: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  return isToday ? time : `${date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })}, ${time}`;
}

function icon(name: string, color?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
}

const STATE_ICONS: Record<Exclude<EvalState, 'done'>, [name: string, color?: string]> = {
  running: ['loading~spin'],
  paused: ['debug-pause', 'list.warningForeground'],
  stopped: ['circle-slash'],
  budget: ['credit-card', 'list.warningForeground'],
  failed: ['error', 'testing.iconFailed'],
  interrupted: ['debug-disconnect', 'list.warningForeground'],
};

/** What was found, at a glance: a failed gate, a change for the worse or the better, errors, or nothing of these. */
export function resultIcon(result: EvalListed): vscode.ThemeIcon {
  const { state, summary, counts, columns } = result;
  if (state !== 'done') return icon(...STATE_ICONS[state]);
  if (failedGates(summary).length > 0) return icon('error', 'testing.iconFailed');
  const verdict = overallVerdict(summary);
  if (verdict === 'worse' || verdict === 'mixed') return icon('arrow-down', 'testing.iconFailed');
  if (verdict === 'better') return icon('arrow-up', 'testing.iconPassed');
  const isCompared = comparedColumns({ columns }).length < columns.length;
  if (counts.errors > 0) return icon('warning', 'list.warningForeground');
  return counts.failed > 0 && !isCompared
    ? icon('circle-filled', 'testing.iconQueued')
    : icon('pass', 'testing.iconPassed');
}
