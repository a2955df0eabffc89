import * as vscode from 'vscode';
import type { Settings } from '../../core/base/settings.ts';
import type { SettingName, SettingTypes } from './contributions.ts';

export function readSetting<Name extends SettingName>(name: Name, scope?: vscode.Uri): SettingTypes[Name] {
  return vscode.workspace.getConfiguration('llmops', scope).get(name) as SettingTypes[Name];
}

/** The settings of one workspace folder, in the form that core expects. */
export function readSettings(scope: vscode.Uri | undefined): Settings {
  const get = <Name extends SettingName>(name: Name) => readSetting(name, scope);
  return {
    defaultModel: get('defaultModel').trim() || undefined,
    connections: get('connections'),
    prices: get('prices'),
    budgetPerRunUsd: get('budget.perRunUsd') ?? undefined,
    budgetPerDayUsd: get('budget.perDayUsd') ?? undefined,
    requestsPerDay: get('cost.requestsPerDay'),
    timeoutMs: get('request.timeoutSeconds') * 1000,
    contentTimeoutMs: get('request.contentTimeoutSeconds') * 1000,
    maxRetries: get('request.maxRetries'),
    concurrency: get('request.concurrency'),
    discoverOllama: get('ollama.discover'),
    retentionDays: get('runs.retentionDays'),
    retentionKeepRated: get('runs.keepRated'),
    linkedFolders: get('runs.linkedFolders'),
    recordRaw: get('runs.recordRaw'),
  };
}
