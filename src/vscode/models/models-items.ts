import * as vscode from 'vscode';
import type { ConnectionInfo, ModelInfo } from '../../core/models/models.ts';
import { formatTokensExactly, formatUsdExactly } from '../../shared/format.ts';
import { markdownCode, plainLabel, plainMarkdown } from '../host/plain-text.ts';
import { describeConnection, describeModelFailure, type StateIcon, stateIcon } from './describe-connections.ts';
import { describeModel } from './describe-models.ts';
import { acceptsKey, type ModelsRow } from './models-node.ts';

export function toModelsItem(row: ModelsRow): vscode.TreeItem {
  return row.kind === 'connection' ? connectionItem(row.info) : modelItem(row);
}

function toThemeIcon({ icon, color }: StateIcon): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
}

function connectionItem(info: ConnectionInfo): vscode.TreeItem {
  const { connection, state, hasKey } = info;
  const item = new vscode.TreeItem(connection.id, vscode.TreeItemCollapsibleState.Collapsed);
  item.iconPath = toThemeIcon(stateIcon(info));
  const description = describeConnection(info, Date.now());
  item.description = plainLabel(description);
  item.tooltip = connectionTooltip(info, description);
  const flags = [
    state.kind === 'no-key' && 'needsKey',
    hasKey && 'hasKey',
    acceptsKey(connection) && 'takesKey',
    state.kind === 'key-origin' && 'foreignKey',
  ];
  item.contextValue = ['connection', ...flags.filter(Boolean)].join(' ');
  item.accessibilityInformation = {
    label: `Connection ${connection.id}, ${connection.type}, ${description.replaceAll(' · ', ', ')}`,
  };
  return item;
}

function connectionTooltip({ connection, state }: ConnectionInfo, description: string): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  const source = {
    'built-in': 'built-in',
    workspace: 'llmops/connections.yaml',
    settings: 'user settings',
    discovered: 'detected on this machine',
  };
  const lines = [
    `**${plainMarkdown(connection.id)}** (${connection.type}), ${source[connection.source]}`,
    connection.baseUrl && markdownCode(connection.baseUrl),
    plainMarkdown(description),
    ...(state.kind === 'unreachable' ? [state.error.message, state.error.hint] : []).map(
      (text) => text !== undefined && plainMarkdown(text),
    ),
  ];
  tooltip.appendMarkdown(lines.filter(Boolean).join('\n\n'));
  return tooltip;
}

function modelItem({ model, isDefault }: Extract<ModelsRow, { kind: 'model' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(model.id);
  const sunset = sunsetOf(model);
  const failure = model.failure && describeModelFailure(model.failure, Date.now());
  item.description = [
    failure,
    isDefault && 'default',
    sunset?.label,
    describeModel({ ...model, contextWindow: model.contextWindow, sunsetDate: undefined }),
  ]
    .filter(Boolean)
    .join(' · ');
  item.iconPath =
    sunset?.soon || failure
      ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
      : new vscode.ThemeIcon(isDefault ? 'star-full' : 'symbol-misc');
  item.contextValue = 'model';
  item.description = plainLabel(item.description);
  item.tooltip = modelTooltip(model, sunset?.sentence);
  item.accessibilityInformation = { label: `Model ${model.ref}, ${item.description || 'no details'}` };
  return item;
}

const SUNSET_WARNING_DAYS = 120;

function sunsetOf({ sunsetDate }: ModelInfo): { label: string; sentence: string; soon: boolean } | undefined {
  if (!sunsetDate) return undefined;
  const days = (Date.parse(sunsetDate) - Date.now()) / 86_400_000;
  const date = sunsetDate.slice(0, 10);
  const soon = days < SUNSET_WARNING_DAYS;
  return days < 0
    ? { label: `retired ${date}`, sentence: `Retired on ${date}.`, soon }
    : { label: `retires ${date}`, sentence: `Retires on ${date}.`, soon };
}

function modelTooltip(model: ModelInfo, sunset: string | undefined): vscode.MarkdownString {
  const { prices } = model;
  const tooltip = new vscode.MarkdownString();
  const lines = [
    `**${plainMarkdown(model.displayName ?? model.id)}**\n\n${markdownCode(model.ref)}`,
    `Context window: ${formatTokensExactly(model.contextWindow)} tokens. Maximum output: ${formatTokensExactly(model.maxOutputTokens)} tokens.`,
    prices
      ? `Per million tokens: ${formatUsdExactly(prices.inputUsd)} in, ${formatUsdExactly(prices.outputUsd)} out, ${formatUsdExactly(prices.cacheReadUsd)} cache read, ${formatUsdExactly(prices.cacheWriteUsd)} cache write (${model.simulated ? 'simulated: demo models cost nothing' : plainMarkdown(prices.source)}).`
      : 'The price is unknown. Set it in `llmops.prices` or `llmops/prices.yaml`.',
    ...(prices?.doubts ?? []).map(plainMarkdown),
    ...(model.failure ? [model.failure.error.message, model.failure.error.hint] : []).map(
      (text) => text !== undefined && plainMarkdown(text),
    ),
    sunset,
  ];
  tooltip.appendMarkdown(lines.filter(Boolean).join('\n\n'));
  return tooltip;
}
