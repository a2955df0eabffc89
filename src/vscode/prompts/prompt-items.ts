import * as vscode from 'vscode';
import { evaluationInWords } from '../../core/versions/results/describe-evaluations.ts';
import { versionName } from '../../core/versions/results/result-figures.ts';
import type { WorkingState } from '../../core/versions/save/working-state.ts';
import { plainLabel, plainMarkdown } from '../host/plain-text.ts';
import {
  costChangeOf,
  costInWords,
  describeVersion,
  describeWorking,
  resultTable,
  type VersionRow,
  versionAriaLabel,
  whatChanged,
} from './describe-version.ts';
import { CHANGES, describePrompt, type PromptFolder, promptAriaLabel, promptLabel } from './prompt-tree.ts';
import { type PromptsRow, ROW_CLICK } from './prompts-node.ts';

/** The URI contains the cost change of a version for its decoration. It does not open anything. */
const ROW_SCHEME = 'llmops-version-row';

export function toPromptsItem(node: PromptsRow): vscode.TreeItem {
  switch (node.kind) {
    case 'folder':
      return folderItem(node);
    case 'prompt':
      return promptItem(node);
    case 'working':
      return workingItem(node.file, node.state);
    case 'version':
      return versionItem(node);
  }
}

function icon(name: string, color?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
}

function folderItem({ label, path }: PromptFolder): vscode.TreeItem {
  const item = new vscode.TreeItem(plainLabel(label), vscode.TreeItemCollapsibleState.Expanded);
  item.iconPath = vscode.ThemeIcon.Folder;
  item.resourceUri = vscode.Uri.file(path);
  item.contextValue = 'folder';
  return item;
}

const PROMPT_ICONS = {
  changed: ['edit', 'gitDecoration.modifiedResourceForeground'],
  untracked: ['diff-added', 'gitDecoration.untrackedResourceForeground'],
  conflicted: ['git-merge', 'gitDecoration.conflictingResourceForeground'],
  deleted: ['trash', 'gitDecoration.deletedResourceForeground'],
} as const;

function promptItem(node: Extract<PromptsRow, { kind: 'prompt' }>): vscode.TreeItem {
  const { entry, status, figure, extra } = node;
  const { Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(plainLabel(promptLabel(entry)), Collapsed);
  const uri = vscode.Uri.file(entry.file);
  const [name, color] = status.change ? PROMPT_ICONS[status.change] : ['file-text'];
  item.resourceUri = uri;
  item.iconPath = icon(name ?? 'file-text', color);
  // the figure of this order is the score if there is no text for it
  const described = describePrompt(status, { extra, hasScore: figure !== undefined && figure.text === undefined });
  item.description = plainLabel([figure?.short, described].filter(Boolean).join(' · '));
  item.tooltip = promptTooltip(node);
  item.contextValue = ['prompt', status.change ?? 'clean', status.labels.length > 0 && 'labelled']
    .filter(Boolean)
    .join(' ');
  item.accessibilityInformation = { label: [promptAriaLabel(entry, status), figure?.text].filter(Boolean).join(', ') };
  if (status.change !== 'deleted') item.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  return item;
}

/** The full details, which do not fit in the row. */
function promptTooltip({ entry, status, figure }: Extract<PromptsRow, { kind: 'prompt' }>): string {
  const { newest, labels, change, evaluations } = status;
  const lines = [
    entry.relative,
    newest !== undefined && `latest version: v${newest}`,
    labels.length > 0 && `${labels.length === 1 ? 'label' : 'labels'}: ${labels.join(', ')}`,
    evaluationInWords(evaluations),
    figure?.text,
    change && CHANGES[change],
  ];
  return lines.filter(Boolean).join('\n');
}

function workingItem(file: string, state: WorkingState): vscode.TreeItem {
  const item = new vscode.TreeItem('uncommitted changes');
  const conflicted = state.kind === 'conflicted';
  const description = describeWorking(state);
  item.iconPath = conflicted
    ? icon('git-merge', 'gitDecoration.conflictingResourceForeground')
    : icon('edit', 'gitDecoration.modifiedResourceForeground');
  item.description = description;
  item.tooltip = `Uncommitted changes: ${description}`;
  item.contextValue = `working ${state.kind}`;
  item.accessibilityInformation = { label: `uncommitted changes, ${description}` };
  const argument = { kind: 'working', file, state } satisfies PromptsRow;
  item.command = conflicted
    ? { command: 'llmops.version.resolveConflict', title: 'Resolve Conflict', arguments: [argument] }
    : {
        command: 'llmops.version.comparePrevious',
        title: 'Compare with Latest Version',
        arguments: [argument, ROW_CLICK],
      };
  return item;
}

/**
 * A label takes precedence over a saved version, which takes precedence over a commit. A version that only changed a
 * partial has its own icon.
 */
function versionIcon({ version }: VersionRow): vscode.ThemeIcon {
  if (version.labels.length > 0) return icon('tag', 'charts.blue');
  if (version.savedAs.length > 0) return icon('bookmark', 'terminal.ansiGreen');
  return icon(version.changed.prompt ? 'git-commit' : 'layers');
}

function versionItem(node: Extract<PromptsRow, { kind: 'version' }>): vscode.TreeItem {
  const { row } = node;
  const { version } = row;
  const now = Date.now();
  const item = new vscode.TreeItem(versionName(version));
  item.resourceUri = rowUri(row);
  item.iconPath = versionIcon(row);
  item.description = plainLabel(describeVersion(row, now));
  item.tooltip = versionTooltip(row);
  item.contextValue = ['version', version.savedAs.length > 0 && 'saved', version.labels.length > 0 && 'labelled']
    .filter(Boolean)
    .join(' ');
  item.accessibilityInformation = { label: versionAriaLabel(row, now) };
  item.command = {
    command: 'llmops.version.comparePrevious',
    title: 'Compare with Previous Version',
    arguments: [node, ROW_CLICK],
  };
  return item;
}

function versionTooltip(row: VersionRow): vscode.MarkdownString {
  const { version } = row;
  const tooltip = new vscode.MarkdownString();
  const labels = version.labels.length > 0 ? ` (${version.labels.join(', ')})` : '';
  tooltip.appendMarkdown(
    `**${plainMarkdown(`${versionName(version)}${labels}`)}** ${plainMarkdown(version.subject)}\n\n`,
  );
  const when = new Date(version.authoredAt).toLocaleString();
  tooltip.appendMarkdown(`${plainMarkdown(`${version.author.name}, ${when}, commit ${version.shortCommit}`)}\n\n`);
  const why = whatChanged(version, row.isFirst);
  if (why) tooltip.appendMarkdown(`${plainMarkdown(why)}\n\n`);
  const lines = resultTable(row).map(([name, value]) => `| ${name} | ${plainMarkdown(value)} |`);
  tooltip.appendMarkdown(['| | |', '| --- | --- |', ...lines].join('\n'));
  return tooltip;
}

function rowUri(row: VersionRow): vscode.Uri {
  const change = costChangeOf(row);
  const isShown = change && row.before && change.isBeyondNoise;
  return vscode.Uri.from({
    scheme: ROW_SCHEME,
    path: `/${row.version.commit}`,
    query: isShown ? JSON.stringify([change.direction, costInWords(change, row.before?.name ?? '')]) : '',
  });
}

/**
 * Shows the cost change since the previous version as an arrow at the edge, where no text is cut off. It has no color,
 * because VS Code would also apply it to the name of the version.
 */
export function registerCostDecorations(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration(uri) {
      if (uri.scheme !== ROW_SCHEME || uri.query === '') return undefined;
      const [direction, text] = JSON.parse(uri.query) as ['up' | 'down', string];
      return new vscode.FileDecoration(direction === 'up' ? '▲' : '▼', `Mean cost ${text}`);
    },
  });
}
