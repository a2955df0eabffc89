import * as vscode from 'vscode';
import { toErrorInfo } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import { formatPrice } from '../../core/base/usd.ts';
import type { Connection } from '../../core/models/connection.ts';
import type { ConnectionInfo, ConnectionProblem, ModelInfo } from '../../core/models/models.ts';
import { markdownCode, plainMarkdown } from '../adapters/plain-text.ts';
import { readSetting } from '../adapters/settings.ts';
import type { Workbenches } from '../adapters/workbenches.ts';
import { VIEWS } from '../contributions.ts';
import { describePrices, describeState } from './describe-models.ts';

/** A row of the Models view: a connection, one of its models, or a line that says why there are none. */
export type ModelsNode =
  | { kind: 'connection'; info: ConnectionInfo }
  | { kind: 'model'; model: ModelInfo }
  | { kind: 'message'; text: string; icon: string; command?: vscode.Command };

/** The connection that a command's argument means: a row of the view, or an id. */
export function connectionIdOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  const node = target as ModelsNode | undefined;
  return node?.kind === 'connection' ? node.info.connection.id : undefined;
}

/** Vertex AI takes one too: an access token, for a server that is not Google's own. */
export function takesKey({ type }: Connection): boolean {
  return type !== 'demo' && type !== 'vscode';
}

export function modelRefOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  const node = target as ModelsNode | undefined;
  return node?.kind === 'model' ? node.model.ref : undefined;
}

export function registerModelsView(deps: { workbenches: Workbenches; log: Log }): vscode.Disposable {
  const changed = new vscode.EventEmitter<ModelsNode | undefined>();
  let shown: ModelsNode[] = [];
  /** Rows that were just asked for, so that the new look of their connection does not ask the server again. */
  const asked = new Map<ModelsNode, ModelsNode[]>();
  const unfold = async (node: ModelsNode) => {
    const rows = asked.get(node) ?? (await modelsOf(deps, node));
    if (!asked.delete(node) && (await hasMovedOn(deps, node))) {
      asked.set(node, rows);
      changed.fire(node);
    }
    return rows;
  };
  const provider: vscode.TreeDataProvider<ModelsNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: toTreeItem,
    async getChildren(node) {
      if (node) return unfold(node);
      view.description = deps.workbenches.folderLabel();
      shown = await connectionNodes(deps);
      return shown;
    },
  };
  /** A run, too, finds out whether a server answers. */
  const followRuns = async () => {
    for (const node of shown) if (await hasMovedOn(deps, node)) changed.fire(node);
  };
  const view = vscode.window.createTreeView(VIEWS.models, { treeDataProvider: provider, showCollapseAll: true });
  return vscode.Disposable.from(
    view,
    changed,
    deps.workbenches.onModelsChanged(() => changed.fire(undefined)),
    deps.workbenches.onRunsChanged(() => void followRuns()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire(undefined)),
  );
}

/** Whether a connection is in another state than its row says; the row is brought up to date. */
async function hasMovedOn({ workbenches, log }: { workbenches: Workbenches; log: Log }, node: ModelsNode) {
  if (node.kind !== 'connection') return false;
  try {
    const workbench = await workbenches.for();
    const now = await workbench.models.connection(node.info.connection.id);
    const before = node.info;
    node.info = now;
    return now.state.kind !== before.state.kind;
  } catch (error) {
    log.debug(`The state of a connection could not be read: ${String(error)}`);
    return false;
  }
}

/** The place of a problem: the setting, the prices of the workspace, or its connections. */
function openCommandOf({ where }: ConnectionProblem): vscode.Command {
  if (where === 'llmops.prices') {
    return { command: 'workbench.action.openSettings', title: 'Open Settings', arguments: [where] };
  }
  if (/[\\/]prices\.yaml$/.test(where)) {
    return { command: 'vscode.open', title: 'Open Prices', arguments: [vscode.Uri.file(where)] };
  }
  return { command: 'llmops.connection.openFile', title: 'Open Connections File' };
}

async function connectionNodes({ workbenches, log }: { workbenches: Workbenches; log: Log }): Promise<ModelsNode[]> {
  try {
    const workbench = await workbenches.for();
    const connections = await workbench.models.connections();
    const problems = workbench.models.problems().map(
      (problem): ModelsNode => ({
        kind: 'message',
        text: problem.message,
        icon: 'warning',
        command: openCommandOf(problem),
      }),
    );
    return [...untrustedNote(), ...problems, ...connections.map((info): ModelsNode => ({ kind: 'connection', info }))];
  } catch (error) {
    log.error('The connections could not be read', error);
    return [{ kind: 'message', text: toErrorInfo(error).message, icon: 'error' }];
  }
}

function untrustedNote(): ModelsNode[] {
  if (vscode.workspace.isTrusted) return [];
  const command = { command: 'workbench.trust.manage', title: 'Manage Trust' };
  const text = 'Not trusted: this workspace’s connections are not read, nothing runs';
  return [{ kind: 'message', text, icon: 'workspace-untrusted', command }];
}

async function modelsOf({ workbenches }: { workbenches: Workbenches }, node: ModelsNode): Promise<ModelsNode[]> {
  if (node.kind !== 'connection') return [];
  const { connection, state } = node.info;
  if (state.kind === 'no-key') {
    const command = { command: 'llmops.connection.setKey', title: 'Set API Key', arguments: [connection.id] };
    return [{ kind: 'message', text: 'Set the API key to list its models', icon: 'key', command }];
  }
  if (state.kind === 'key-origin') {
    const command = { command: 'llmops.connection.allowOrigin', title: 'Allow', arguments: [connection.id] };
    return [
      {
        kind: 'message',
        text: `The key was stored for ${state.keyOrigin}; allow ${state.origin}`,
        icon: 'shield',
        command,
      },
    ];
  }
  const workbench = await workbenches.for();
  const [{ models, error, omitted }, { omittedNote }] = await Promise.all([
    workbench.models.listModels(connection.id),
    import('../../core/models/wire/clean-list.ts'),
  ]);
  const note = omittedNote(omitted);
  const rows = [
    ...models.map((model): ModelsNode => ({ kind: 'model', model })),
    ...(note === undefined ? [] : [{ kind: 'message' as const, text: note, icon: 'info' }]),
  ];
  if (!error) return rows.length ? rows : [{ kind: 'message', text: noModels(connection), icon: 'info' }];
  const command = { command: 'llmops.connection.test', title: 'Test Connection', arguments: [connection.id] };
  return [
    { kind: 'message', text: [error.message, error.hint].filter(Boolean).join(' '), icon: 'error', command },
    ...rows,
  ];
}

function noModels({ type }: Connection): string {
  if (type === 'vscode') return 'VS Code offers no model yet: extensions such as Copilot Chat bring them';
  return 'The server lists no model';
}

function toTreeItem(node: ModelsNode): vscode.TreeItem {
  if (node.kind === 'connection') return connectionItem(node.info);
  if (node.kind === 'model') return modelItem(node.model);
  const item = new vscode.TreeItem(node.text);
  item.iconPath = new vscode.ThemeIcon(node.icon);
  item.tooltip = node.text;
  if (node.command) item.command = node.command;
  return item;
}

const STATE_ICONS: Record<ConnectionInfo['state']['kind'], [icon: string, color?: string]> = {
  unknown: ['circle-outline'],
  'no-key': ['key'],
  'key-origin': ['shield', 'list.warningForeground'],
  ready: ['pass', 'testing.iconPassed'],
  unreachable: ['error', 'list.errorForeground'],
};

function connectionItem(info: ConnectionInfo): vscode.TreeItem {
  const { connection, state, hasKey } = info;
  const item = new vscode.TreeItem(connection.id, vscode.TreeItemCollapsibleState.Collapsed);
  const [icon, color] = STATE_ICONS[state.kind];
  item.id = `connection:${connection.id}`;
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  const words = connection.type === 'demo' ? 'demonstration, no network' : describeState(info);
  item.description = words;
  item.tooltip = connectionTooltip(info, words);
  const flags = [
    state.kind === 'no-key' && 'needsKey',
    hasKey && 'hasKey',
    takesKey(connection) && 'takesKey',
    state.kind === 'key-origin' && 'foreignKey',
  ];
  item.contextValue = ['connection', ...flags.filter(Boolean)].join(' ');
  item.accessibilityInformation = {
    label: `Connection ${connection.id}, ${connection.type}, ${words || 'not checked yet'}`,
  };
  return item;
}

function connectionTooltip({ connection, state }: ConnectionInfo, words: string): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  const source = {
    'built-in': 'built in',
    workspace: 'llmops/connections.yaml',
    settings: 'your settings',
    discovered: 'found on this machine',
  };
  const lines = [
    `**${plainMarkdown(connection.id)}** (${connection.type}), ${source[connection.source]}`,
    connection.baseUrl && markdownCode(connection.baseUrl),
    plainMarkdown(words),
    state.kind === 'unreachable' && state.error.hint && plainMarkdown(state.error.hint),
  ];
  tooltip.appendMarkdown(lines.filter(Boolean).join('\n\n'));
  return tooltip;
}

function modelItem(model: ModelInfo): vscode.TreeItem {
  const item = new vscode.TreeItem(model.id);
  const isDefault = readSetting('defaultModel') === model.ref;
  const sunset = sunsetOf(model);
  item.id = `model:${model.ref}`;
  item.description = [
    isDefault && 'default',
    sunset?.words,
    describePrices({ ...model, contextWindow: model.contextWindow, sunsetDate: undefined }),
  ]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = sunset?.soon
    ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
    : new vscode.ThemeIcon(isDefault ? 'star-full' : 'symbol-misc');
  item.contextValue = 'model';
  item.tooltip = modelTooltip(model, sunset?.words);
  item.accessibilityInformation = { label: `Model ${model.ref}, ${item.description || 'nothing more is known'}` };
  return item;
}

const SUNSET_WARNING_DAYS = 120;

function sunsetOf({ sunsetDate }: ModelInfo): { words: string; soon: boolean } | undefined {
  if (!sunsetDate) return undefined;
  const days = (Date.parse(sunsetDate) - Date.now()) / 86_400_000;
  const date = sunsetDate.slice(0, 10);
  return { words: days < 0 ? `ended ${date}` : `ends ${date}`, soon: days < SUNSET_WARNING_DAYS };
}

function modelTooltip(model: ModelInfo, sunset: string | undefined): vscode.MarkdownString {
  const { prices } = model;
  const price = (usd: number | undefined) => (usd === undefined ? '—' : formatPrice(usd));
  const tooltip = new vscode.MarkdownString();
  const lines = [
    `**${plainMarkdown(model.displayName ?? model.id)}**\n\n${markdownCode(model.ref)}`,
    `Context window: ${model.contextWindow?.toLocaleString('en') ?? '—'} tokens. Longest output: ${model.maxOutputTokens?.toLocaleString('en') ?? '—'} tokens.`,
    prices
      ? `Per million tokens: ${price(prices.inputUsd)} in, ${price(prices.outputUsd)} out, ${price(prices.cacheReadUsd)} cache read, ${price(prices.cacheWriteUsd)} cache write (${plainMarkdown(prices.source)}).`
      : 'Its price is not known; set it in `llmops.prices` or `llmops/prices.yaml`.',
    ...(prices?.doubts ?? []).map(plainMarkdown),
    sunset && `The provider ${sunset.replace('ends', 'ends it on').replace('ended', 'ended it on')}.`,
  ];
  tooltip.appendMarkdown(lines.filter(Boolean).join('\n\n'));
  return tooltip;
}
