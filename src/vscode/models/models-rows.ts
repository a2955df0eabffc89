import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import type { ConfigProblem } from '../../core/config/config-problem.ts';
import type { Connection } from '../../core/models/connection.ts';
import type { ModelList } from '../../core/models/models.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';
import type { MessageRow } from '../shell/paged-tree.ts';
import type { ModelsNode } from './models-node.ts';

export interface ModelsViewDeps {
  workbenches: Workbenches;
  log: Log;
  /** The view reads nothing before this. */
  after(): Promise<void>;
}

/** Opens the source of a problem: the setting, the price file of the workspace, or its connections. */
function openCommandOf({ where }: ConfigProblem): vscode.Command {
  if (where === 'llmops.prices') {
    return { command: 'workbench.action.openSettings', title: 'Open Settings', arguments: [where] };
  }
  if (/[\\/]prices\.yaml$/.test(where)) {
    return { command: 'vscode.open', title: 'Open Prices File', arguments: [vscode.Uri.file(where)] };
  }
  return { command: 'llmops.connection.openFile', title: 'Open Connections File' };
}

export async function connectionRows({ workbenches }: ModelsViewDeps): Promise<ModelsNode[]> {
  const workbench = await workbenches.for();
  const connections = await workbench.models.connections();
  const problems = workbench.models.problems().map((problem, index): MessageRow => {
    const command = openCommandOf(problem);
    return { kind: 'message', id: `problem:${index}`, text: problem.message, icon: 'warning', command };
  });
  return [...untrustedNote(), ...problems, ...connections.map((info): ModelsNode => ({ kind: 'connection', info }))];
}

function untrustedNote(): ModelsNode[] {
  if (vscode.workspace.isTrusted) return [];
  const command = { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' };
  const text = 'This workspace is not trusted: its connections are not read, and nothing runs';
  return [{ kind: 'message', id: 'untrusted', text, icon: 'workspace-untrusted', command }];
}

export async function modelsOf({ workbenches }: ModelsViewDeps, node: ModelsNode): Promise<ModelsNode[]> {
  if (node.kind !== 'connection') return [];
  const { connection, state } = node.info;
  const { id } = connection;
  if (state.kind === 'no-key') {
    return [{ ...setKeyRow(id), id: `key:${id}`, text: 'Set the API key to list models' }];
  }
  if (state.kind === 'key-origin') {
    const command = { command: 'llmops.connection.allowOrigin', title: 'Allow', arguments: [id] };
    const text = `The key was stored for ${state.keyOrigin}. Allow it for ${state.origin}`;
    return [{ kind: 'message', id: `origin:${id}`, text, icon: 'shield', command }];
  }
  const workbench = await workbenches.for();
  // a failed server is only asked again by Retry, not whenever its row is shown
  const list = await workbench.models.listModels(id, { ask: state.kind !== 'unreachable' });
  const { state: now } = await workbench.models.connection(id);
  const rows = await rowsOf(connection, list);
  if (now.kind === 'unreachable') return [retryRow(id, now.error), ...rows];
  if (list.error) return [errorRow(id, list.error), ...rows];
  return rows.length > 0 ? rows : [{ kind: 'message', id: `none:${id}`, text: noModels(connection), icon: 'info' }];
}

async function rowsOf({ id }: Connection, { models, omitted }: ModelList): Promise<ModelsNode[]> {
  const { omittedNote } = await import('../../core/models/transport/structured/clean-list.ts');
  const note = omittedNote(omitted);
  const defaultModel = readSetting('defaultModel');
  const rows = models.map((model): ModelsNode => ({ kind: 'model', model, isDefault: model.ref === defaultModel }));
  return note === undefined ? rows : [...rows, { kind: 'message', id: `omitted:${id}`, text: note, icon: 'info' }];
}

type Failure = NonNullable<ModelList['error']>;

/** The row above shows the error. */
function retryRow(id: string, { code, message, hint = '' }: Failure): MessageRow {
  const row = code === 'auth' ? setKeyRow(id) : { ...testRow(id), text: 'Retry', icon: 'refresh' };
  return { ...row, id: `retry:${id}`, description: hint, tooltip: [message, hint].filter(Boolean).join('\n\n') };
}

/** The server responds, but not with a list. */
function errorRow(id: string, { message, hint }: Failure): MessageRow {
  return { ...testRow(id), id: `error:${id}`, text: [message, hint].filter(Boolean).join(' '), icon: 'error' };
}

function setKeyRow(id: string): MessageRow {
  const text = 'Set API Key';
  const command = { command: 'llmops.connection.setKey', title: text, arguments: [id] };
  return { kind: 'message', id, text, icon: 'key', command };
}

function testRow(id: string): Pick<MessageRow, 'kind' | 'command'> {
  return { kind: 'message', command: { command: 'llmops.connection.test', title: 'Test Connection', arguments: [id] } };
}

function noModels({ type }: Connection): string {
  if (type === 'vscode') return 'No models available. Extensions such as Copilot Chat provide them';
  return 'The server lists no models';
}
