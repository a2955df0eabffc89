import * as vscode from 'vscode';
import type { ChannelLog } from '../host/log.ts';
import { plainLabel } from '../host/plain-text.ts';
import { registerCommand } from '../shell/run-command.ts';
import type { PromptSort } from './prompt-tree.ts';
import type { PromptsView } from './prompts-view.ts';

export function registerPromptsViewCommands({ log, view }: { log: ChannelLog; view: PromptsView }): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('llmops.prompts.filter', log, () => filterPrompts(view)),
    registerCommand('llmops.prompts.clearFilter', log, () => view.setFilter({})),
    registerCommand('llmops.prompts.sort', log, () => sortPrompts(view)),
    registerCommand('llmops.prompts.refresh', log, () => view.refresh()),
  );
}

async function filterPrompts(view: PromptsView): Promise<void> {
  const title = 'Filter Prompts';
  const filter = view.filter();
  const picked = await vscode.window.showQuickPick(
    [
      { label: '$(search) Text…', description: filter.text ?? '', kind: 'text' as const },
      { label: '$(tag) Label…', description: filter.label ?? '', kind: 'label' as const },
      { label: '$(edit) Changed only', description: filter.changed ? 'on' : '', kind: 'changed' as const },
      {
        label: '$(circle-slash) Without a label',
        description: filter.unlabelled ? 'on' : '',
        kind: 'unlabelled' as const,
      },
    ].map((item) => ({ ...item, kind: vscode.QuickPickItemKind.Default, choice: item.kind })),
    { title, placeHolder: 'Filters narrow each other' },
  );
  if (!picked) return;
  const { choice } = picked;
  if (choice === 'changed' || choice === 'unlabelled') {
    const { [choice]: on, ...rest } = filter;
    return view.setFilter(on ? rest : { ...rest, [choice]: true });
  }
  const value = choice === 'text' ? await askText(title, filter.text) : await askLabel(title, view.labels());
  if (value === undefined) return;
  const { [choice]: _before, ...rest } = filter;
  view.setFilter(value === '' ? rest : { ...rest, [choice]: value });
}

function askText(title: string, value: string | undefined): Thenable<string | undefined> {
  const prompt = 'Words of a path or a label; empty shows all';
  return vscode.window.showInputBox({ title: `${title}: Text`, prompt, ...(value === undefined ? {} : { value }) });
}

async function askLabel(title: string, labels: readonly string[]): Promise<string | undefined> {
  const items = labels.map((label) => ({ label: `$(tag) ${plainLabel(label)}`, value: label }));
  const placeHolder = items.length > 0 ? 'Choose a label' : 'No prompt of this window has a label yet';
  return (await vscode.window.showQuickPick(items, { title: `${title}: Label`, placeHolder }))?.value;
}

const SORTS: readonly { label: string; description: string; sort: PromptSort }[] = [
  { label: '$(list-tree) Name', description: 'in folders', sort: 'name' },
  { label: '$(history) Last change', description: 'uncommitted first, then by last commit', sort: 'changed' },
  { label: '$(credit-card) Cost', description: 'mean cost of an answer, highest first', sort: 'cost' },
  { label: '$(pass) Schema validity', description: 'share of answers that fit, highest first', sort: 'quality' },
];

async function sortPrompts(view: PromptsView): Promise<void> {
  const items = SORTS.map((item) => ({ ...item, ...(item.sort === view.sort() ? { detail: 'chosen now' } : {}) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Sort Prompts',
    placeHolder: 'Order of the prompts',
  });
  if (picked) view.setSort(picked.sort);
}
