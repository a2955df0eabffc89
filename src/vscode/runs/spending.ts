import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import type { Spending } from '../../core/runs/budget/spending.ts';
import type { LedgerPurpose, Spent, SpentByPurpose } from '../../core/store/ledger/ledger-entry.ts';
import { formatCount, formatNumber, formatUsd } from '../../shared/format.ts';
import { sumOf } from '../../shared/statistics.ts';
import type { ChannelLog } from '../host/log.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { registerCommand } from '../shell/run-command.ts';

const PAUSE_MS = 200;

/** The status bar item for today's spending, and its quick pick. */
export function registerSpending({
  workbenches,
  log,
}: {
  workbenches: Workbenches;
  log: ChannelLog;
}): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('llmops.spending', vscode.StatusBarAlignment.Right, 90);
  item.name = 'LLMOps Spending';
  item.command = 'llmops.budget.show';
  const debounce = new Debounce((error) => {
    log.debug(`Could not read the spending: ${String(error)}`);
    item.hide();
  });
  const update = () => debounce.schedule(() => showSpending(item, workbenches), PAUSE_MS);
  update();
  return vscode.Disposable.from(
    item,
    debounce,
    workbenches.onRunsChanged(update),
    workbenches.onEvaluationsChanged(update),
    workbenches.onEvaluationsChanged(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('llmops.budget') && update()),
    registerCommand('llmops.budget.show', log, () => showBudget(workbenches)),
  );
}

/** Shown once something has been recorded. Reading must not create a database. */
async function showSpending(item: vscode.StatusBarItem, workbenches: Workbenches): Promise<void> {
  if (!vscode.workspace.isTrusted || !(await workbenches.hasHistory())) return item.hide();
  const workbench = await workbenches.for();
  const spent = await workbench.runs.spentToday();
  const limit = readSetting('budget.perDayUsd', workbenches.folderOf()?.uri);
  const share = limit ? spent / limit : 0;
  item.text = `$(credit-card) ${formatUsd(spent)}${limit ? ` of ${formatUsd(limit)}` : ''} today`;
  const what = limit ? ` of the daily limit of ${formatUsd(limit)}` : ' today. No daily limit is set';
  item.tooltip = `LLMOps: this workspace spent ${formatUsd(spent)}${what}. Simulated costs are not counted.`;
  const color =
    share >= 1 ? 'statusBarItem.errorBackground' : share >= 0.8 ? 'statusBarItem.warningBackground' : undefined;
  item.backgroundColor = color ? new vscode.ThemeColor(color) : undefined;
  item.show();
}

interface SpendingItem extends vscode.QuickPickItem {
  run?: () => unknown;
}

async function showBudget(workbenches: Workbenches): Promise<void> {
  const folder = workbenches.folderOf();
  const spending = await (await workbenches.for()).runs.spending();
  const items = [...describeSpending(spending), ...describeLimits(folder?.uri)];
  const picked = await vscode.window.showQuickPick(items, { title: 'LLMOps Spending', matchOnDescription: true });
  await picked?.run?.();
}

const VIEWS: Partial<Record<LedgerPurpose, { title: string; command: string }>> = {
  run: { title: 'Runs', command: 'llmops.runs.focus' },
  evaluation: { title: 'Evaluations', command: 'llmops.evaluations.focus' },
};
const MOST_MODELS = 5;

function describeSpending({ today, days, purposes, models }: Spending): SpendingItem[] {
  const total = (rows: Spent[]) => formatUsd(sumOf(rows.map(({ usd }) => usd)) ?? 0);
  const byPurpose = (rows: SpentByPurpose[]) =>
    rows.map(({ purpose, ...spent }): SpendingItem => {
      const { title = purpose, command } = VIEWS[purpose] ?? {};
      const item = { label: `$(blank) ${title}: ${formatUsd(spent.usd)}`, description: describeRequests(spent) };
      return command === undefined ? item : { ...item, run: () => vscode.commands.executeCommand(command) };
    });
  const lines: SpendingItem[] = [
    {
      label: `$(history) Spent today: ${total(today)}`,
      description: 'known costs of this workspace, without simulated ones',
    },
    ...byPurpose(today),
  ];
  if (purposes.length === 0) return lines;
  const byModel = models.slice(0, MOST_MODELS).map(({ model = 'Applications', ...spent }) => ({
    label: `$(blank) ${model}: ${formatUsd(spent.usd)}`,
    description: describeRequests(spent),
  }));
  return [
    ...lines,
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: `$(calendar) Last ${days} days: ${total(purposes)}` },
    ...byPurpose(purposes),
    { label: 'By model', kind: vscode.QuickPickItemKind.Separator },
    ...byModel,
  ];
}

function describeRequests({ requests, unknown, reserved }: Spent): string {
  const parts = [formatCount(requests, 'request')];
  if (unknown > 0) parts.push(`${formatNumber(unknown)} of unknown cost`);
  if (reserved > 0)
    parts.push(`${formatNumber(reserved)} in flight or interrupted, counted at the highest possible cost`);
  return parts.join(', ');
}

function describeLimits(folder: vscode.Uri | undefined): SpendingItem[] {
  const limit = (usd: number | null | undefined) => (usd === null || usd === undefined ? 'no limit' : formatUsd(usd));
  const day = limit(readSetting('budget.perDayUsd', folder));
  const run = limit(readSetting('budget.perRunUsd', folder));
  return [
    { label: 'Limits', kind: vscode.QuickPickItemKind.Separator },
    { label: `$(gear) Daily limit: ${day}`, run: () => openSetting('llmops.budget.perDayUsd') },
    { label: `$(gear) Limit per run: ${run}`, run: () => openSetting('llmops.budget.perRunUsd') },
  ];
}

function openSetting(name: string): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettings', name);
}
