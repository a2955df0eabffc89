import * as vscode from 'vscode';
import { plainLabel } from '../host/plain-text.ts';
import type { PromptSort } from './prompt-tree.ts';
import type { PromptsContent } from './prompts-content.ts';

export function createPromptsViewCommands(content: PromptsContent) {
  return {
    'llmops.prompts.filter': () => filterPrompts(content),
    'llmops.prompts.clearFilter': () => content.setFilter({}),
    'llmops.prompts.sort': () => sortPrompts(content),
    'llmops.prompts.refresh': () => content.refresh(),
  };
}

async function filterPrompts(content: PromptsContent): Promise<void> {
  const title = 'Filter Prompts';
  const { filter } = content;
  const items = [
    { label: '$(search) Text…', description: filter.text ?? '', choice: 'text' as const },
    { label: '$(tag) Label…', description: filter.label ?? '', choice: 'label' as const },
    { label: '$(edit) Changed Only', description: filter.changed ? 'on' : '', choice: 'changed' as const },
    {
      label: '$(circle-slash) Without Label',
      description: filter.unlabelled ? 'on' : '',
      choice: 'unlabelled' as const,
    },
  ];
  const placeHolder = 'Select a filter. Filters are combined';
  const { choice } = (await vscode.window.showQuickPick(items, { title, placeHolder })) ?? {};
  if (!choice) return;
  const { [choice]: before, ...rest } = filter;
  if (choice === 'changed' || choice === 'unlabelled') {
    return content.setFilter(before ? rest : { ...rest, [choice]: true });
  }
  const value = choice === 'text' ? await askText(title, filter.text) : await askLabel(title, content.labels);
  if (value !== undefined) content.setFilter(value === '' ? rest : { ...rest, [choice]: value });
}

function askText(title: string, value: string | undefined): Thenable<string | undefined> {
  const prompt = 'Search in paths and labels. Leave empty to show all prompts.';
  return vscode.window.showInputBox({ title: `${title}: Text`, prompt, ...(value === undefined ? {} : { value }) });
}

async function askLabel(title: string, labels: readonly string[]): Promise<string | undefined> {
  const items = labels.map((label) => ({ label: `$(tag) ${plainLabel(label)}`, value: label }));
  const placeHolder = items.length > 0 ? 'Select a label' : 'No prompt in this window has a label';
  return (await vscode.window.showQuickPick(items, { title: `${title}: Label`, placeHolder }))?.value;
}

const SORTS: readonly { label: string; description: string; sort: PromptSort }[] = [
  { label: '$(list-tree) Name', description: 'in folders', sort: 'name' },
  { label: '$(history) Last Change', description: 'uncommitted first, then by last commit', sort: 'changed' },
  { label: '$(credit-card) Cost', description: 'mean cost of an answer, highest first', sort: 'cost' },
  {
    label: '$(beaker) Quality',
    description: 'evaluation score, or else the share of valid answers, highest first',
    sort: 'quality',
  },
];

async function sortPrompts(content: PromptsContent): Promise<void> {
  const items = SORTS.map((item) => ({ ...item, ...(item.sort === content.sort ? { detail: 'current' } : {}) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Sort Prompts',
    placeHolder: 'Select the sort order',
  });
  if (picked) content.setSort(picked.sort);
}
