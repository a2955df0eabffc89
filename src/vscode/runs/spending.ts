import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import { formatUsd } from '../../shared/format.ts';
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

async function showBudget(workbenches: Workbenches): Promise<void> {
  const folder = workbenches.folderOf();
  const spent = await (await workbenches.for()).runs.spentToday();
  const limits = {
    day: readSetting('budget.perDayUsd', folder?.uri),
    run: readSetting('budget.perRunUsd', folder?.uri),
  };
  const limit = (usd: number | null) => (usd === null ? 'no limit' : formatUsd(usd));
  const items = [
    {
      label: `$(history) Spent today: ${formatUsd(spent)}`,
      description: 'known costs of this workspace, without simulated ones',
      run: () => vscode.commands.executeCommand('llmops.runs.focus'),
    },
    { label: `$(gear) Daily limit: ${limit(limits.day)}`, run: () => openSetting('llmops.budget.perDayUsd') },
    { label: `$(gear) Limit per run: ${limit(limits.run)}`, run: () => openSetting('llmops.budget.perRunUsd') },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'LLMOps Spending' });
  await picked?.run();
}

function openSetting(name: string): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettings', name);
}
