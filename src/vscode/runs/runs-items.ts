import path from 'node:path';
import * as vscode from 'vscode';
import type { EvalListed } from '../../core/store/evals/eval-record.ts';
import type { RunSummary } from '../../core/store/runs/run-record.ts';
import { formatCount, formatTokensExactly } from '../../shared/format.ts';
import { describeResult, resultAriaLabel } from '../evals/describe-result.ts';
import { resultIcon } from '../evals/view/evaluation-items.ts';
import { resultTooltip } from '../evals/view/result-tooltip.ts';
import { markdownCode, plainLabel, plainMarkdown } from '../host/plain-text.ts';
import { costOf, describeRun, durationOf, runAriaLabel } from './describe-run.ts';
import type { RunsRow } from './runs-view.ts';

export function toRunsItem(row: RunsRow): vscode.TreeItem {
  if (row.kind === 'run') return runItem(row.run);
  if (row.kind === 'evaluation') return evaluationItem(row.result);
  const { label, entries } = row;
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, label === 'Today' ? Expanded : Collapsed);
  const runs = entries.filter(({ kind }) => kind === 'run').length;
  const evaluations = entries.length - runs;
  const counts = [runs > 0 && formatCount(runs, 'run'), evaluations > 0 && formatCount(evaluations, 'evaluation')];
  item.description = counts.filter(Boolean).join(', ');
  return item;
}

function evaluationItem(result: EvalListed): vscode.TreeItem {
  const { id, name, startedAt } = result;
  const time = new Date(startedAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const item = new vscode.TreeItem(plainLabel(name));
  item.iconPath = resultIcon(result);
  item.description = plainLabel(`evaluation · ${describeResult(result, time)}`);
  item.tooltip = resultTooltip(result);
  item.contextValue = 'evaluation';
  const command = 'llmops.evaluation.openResults';
  item.command = { command, title: 'Open Results', arguments: [{ evaluationId: id }] };
  item.accessibilityInformation = { label: `evaluation ${resultAriaLabel(result, time)}` };
  return item;
}

const STATE_ICONS: Record<RunSummary['state'], [icon: string, color?: string]> = {
  streaming: ['loading~spin'],
  done: ['pass', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  stopped: ['circle-slash'],
  interrupted: ['debug-disconnect', 'list.warningForeground'],
};

/** The icon for the state of a run. */
export function runIcon({ state, schemaValid }: RunSummary): vscode.ThemeIcon {
  const [icon, color] =
    state === 'done' && schemaValid === false ? ['warning', 'list.warningForeground'] : STATE_ICONS[state];
  return new vscode.ThemeIcon(icon ?? 'circle-outline', color ? new vscode.ThemeColor(color) : undefined);
}

function runItem(run: RunSummary): vscode.TreeItem {
  const item = new vscode.TreeItem(plainLabel(path.basename(run.promptName)));
  item.iconPath = runIcon(run);
  item.description = plainLabel(describeRun(run));
  item.tooltip = runTooltip(run);
  item.contextValue = 'run';
  item.command = { command: 'llmops.run.open', title: 'Open Run', arguments: [{ kind: 'run', run }] };
  item.accessibilityInformation = { label: runAriaLabel(run) };
  return item;
}

function runTooltip(run: RunSummary): vscode.MarkdownString {
  const { usage } = run;
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown(`**${plainMarkdown(run.promptName)}** on ${markdownCode(run.model)}, ${run.state}\n\n`);
  tooltip.appendMarkdown(
    `${formatTokensExactly(usage.inputTokens)} tokens in, ${formatTokensExactly(usage.outputTokens)} out, ${plainMarkdown(costOf(run))}\n\n`,
  );
  const time = [new Date(run.startedAt).toLocaleString(), durationOf(run)].filter(Boolean).join(', ');
  tooltip.appendMarkdown(`${plainMarkdown(time)}\n\n`);
  if (run.error) tooltip.appendText(`${run.error.message}\n\n`);
  if (run.note) tooltip.appendText(`Note: ${run.note}\n\n`);
  if (run.text) tooltip.appendCodeblock(run.text, 'text');
  return tooltip;
}
