import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { ConnectionInfo } from '../../core/models/models.ts';
import type { Workbench } from '../../core/workbench.ts';
import { VIEWS } from '../host/contributions.ts';
import type { ChannelLog } from '../host/log.ts';
import { plainLabel } from '../host/plain-text.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { type RunningJob, showJobProgress, USUALLY_SHORT } from '../shell/job-progress.ts';
import { requireTrust } from '../shell/prompt-targets.ts';
import { showError } from '../shell/run-command.ts';
import type { WalkthroughSteps } from '../shell/walkthrough-steps.ts';
import { acceptsKey, connectionIdOf } from './models-node.ts';

export interface ConnectionCommandDeps {
  workbenches: Workbenches;
  steps: WalkthroughSteps;
  log: ChannelLog;
}

export function createConnectionCommands(deps: ConnectionCommandDeps) {
  const on =
    (pick: Pick, action: (context: Context, detail?: unknown) => Promise<void>) =>
    async (target: unknown, detail?: unknown) => {
      const workbench = await deps.workbenches.for();
      const info = await findConnection(workbench, target, pick);
      if (!info) return;
      try {
        await action({ workbench, info, deps }, detail);
      } finally {
        // an attempt updates the state of the connection, even if it failed
        deps.workbenches.modelsChanged();
      }
    };
  return {
    'llmops.connection.setKey': async (target: unknown, detail?: unknown) => {
      if (typeof target === 'string' && URL.canParse(target)) return setServerSecret(deps, target, detail);
      await on({ title: 'Set API Key', only: ({ connection }) => acceptsKey(connection) }, setKey)(target, detail);
    },
    'llmops.connection.removeKey': on({ title: 'Remove API Key', only: hasKey }, removeKey),
    'llmops.connection.allowOrigin': on({ title: 'Allow API Key for New Address', only: hasForeignKey }, allowOrigin),
    'llmops.connection.test': on({ title: 'Test Connection' }, testConnection),
    'llmops.connection.refresh': on({ title: 'Refresh Models' }, refreshConnection),
    'llmops.connection.add': async () => {
      const { addServer } = await import('./add-server.ts');
      if (await addServer(deps)) deps.steps.done('connect');
    },
    'llmops.connection.openFile': async () =>
      (await import('./add-server.ts')).openConnectionsFile(deps.workbenches.folderOf()),
    'llmops.models.refresh': () => refreshAll(deps),
  };
}

interface Context {
  workbench: Workbench;
  info: ConnectionInfo;
  deps: ConnectionCommandDeps;
}

interface Pick {
  title: string;
  only?: (info: ConnectionInfo) => boolean;
}

const hasKey = (info: ConnectionInfo) => info.hasKey;
const hasForeignKey = ({ state }: ConnectionInfo) => state.kind === 'key-origin';

/** The connection from a menu or the action of an error, or else the one that the user picks. */
async function findConnection(workbench: Workbench, target: unknown, pick: Pick): Promise<ConnectionInfo | undefined> {
  const id = connectionIdOf(target);
  if (id !== undefined) return workbench.models.connection(id);
  const connections = (await workbench.models.connections()).filter(pick.only ?? (() => true));
  if (!connections.length) {
    throw new UserError(`“${pick.title}” does not apply to any connection.`, {
      code: 'unknown-connection',
      hint: 'The Models view shows the connections and their keys.',
      action: { command: 'llmops.models.focus', title: 'Show Models' },
    });
  }
  const { describeState } = await import('./describe-connections.ts');
  const items = connections.map((info) => ({
    label: info.connection.id,
    description: plainLabel(describeState(info)),
    ...(info.connection.baseUrl ? { detail: info.connection.baseUrl } : {}),
    info,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: pick.title, placeHolder: 'Select a connection' });
  return picked?.info;
}

/** By the action of an error: the secret in a header of a server that is no connection, such as a target. */
async function setServerSecret({ workbenches }: ConnectionCommandDeps, origin: string, name: unknown): Promise<void> {
  requireTrust();
  if (typeof name !== 'string') return;
  const secret = await askForKey(`Secret “${name}” for ${origin}`, origin);
  if (secret === undefined) return;
  await (await workbenches.for()).models.setSecret(origin, name, secret);
  vscode.window.showInformationMessage(`The secret “${name}” for ${origin} was stored.`);
}

async function askForKey(title: string, receiver: string): Promise<string | undefined> {
  const key = await vscode.window.showInputBox({
    title,
    prompt: `Stored in VS Code’s secret storage and sent only to ${receiver}.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: checkKey,
  });
  return key?.trim();
}

/** `secretName`: set by the action of an error if the `${secret:name}` of a header is missing instead of the key. */
async function setKey({ workbench, info, deps }: Context, secretName?: unknown): Promise<void> {
  requireTrust();
  const { id, baseUrl, type } = info.connection;
  const host = baseUrl ? new URL(baseUrl).host : id;
  const secret = typeof secretName === 'string' ? secretName : undefined;
  const what = type === 'vertexai' ? 'Access Token' : 'API Key';
  const title = secret === undefined ? `${what} for ${id}` : `Secret “${secret}” for ${id}`;
  const key = await askForKey(title, host);
  if (key === undefined) return;
  if (secret === undefined) await workbench.models.setKey(id, key);
  else await workbench.models.setSecret(id, secret, key);
  deps.steps.done('connect');
  const stored = secret === undefined ? `The key for ${id}` : `The secret “${secret}” for ${id}`;
  const choice = await vscode.window.showInformationMessage(`${stored} was stored.`, 'Test Connection');
  if (choice) await testConnection({ workbench, info, deps });
}

function checkKey(value: string): string | undefined {
  const key = value.trim();
  if (!key) return 'Enter the key.';
  if (/\s/.test(key)) return 'A key cannot contain spaces or line breaks.';
  return undefined;
}

async function removeKey({ workbench, info }: Context): Promise<void> {
  const { id } = info.connection;
  const answer = await vscode.window.showWarningMessage(`Remove the key for ${id}?`, { modal: true }, 'Remove');
  if (answer) await workbench.models.removeKey(id);
}

async function allowOrigin({ workbench, info }: Context): Promise<void> {
  const { connection, state } = info;
  if (state.kind !== 'key-origin') return;
  const answer = await vscode.window.showWarningMessage(
    `Send the key for ${connection.id} to ${state.origin}?`,
    {
      modal: true,
      detail: `The key was stored for ${state.keyOrigin}. The connection now points to ${state.origin}, whose operator will see the key.`,
    },
    'Allow',
  );
  if (answer) await workbench.models.allowOrigin(connection.id);
}

async function testConnection(context: Context): Promise<void> {
  requireTrust();
  const { workbench, info } = context;
  const { id } = info.connection;
  await orShowFailure(context, testConnection, async () => {
    const { models, elapsedMs } = await showJobProgress(`Listing the models of ${id}…`, ({ signal }) =>
      workbench.models.test(id, signal),
    );
    const count = models === 1 ? '1 model' : `${models} models`;
    void vscode.window.showInformationMessage(`${id} responded in ${Math.round(elapsedMs)} ms: ${count}.`);
  });
}

async function refreshConnection(context: Context): Promise<void> {
  requireTrust();
  const { workbench, info } = context;
  await orShowFailure(context, refreshConnection, async () => {
    const { error } = await workbench.models.listModels(info.connection.id, { refresh: true });
    if (error) throw new UserError(error.message, error);
  });
}

/** Does not wait for the notification: the row shows the new state immediately. */
async function orShowFailure(
  context: Context,
  again: (context: Context) => Promise<void>,
  work: () => Promise<void>,
): Promise<void> {
  const { deps, info } = context;
  const retry = async () => {
    await again(context);
    deps.workbenches.modelsChanged();
  };
  try {
    await work();
  } catch (error) {
    const { log } = deps;
    const { showConnectionFailure } = await import('./connection-failures.ts');
    showConnectionFailure(error, { connection: info.connection, log, retry }).catch((failed) => showError(failed, log));
  }
}

async function refreshAll({ workbenches }: ConnectionCommandDeps): Promise<void> {
  const workbench = await workbenches.for();
  await workbench.models.reload();
  const connections = await workbench.models.connections();
  const ready = connections.filter(({ state }) => state.kind !== 'no-key' && state.kind !== 'key-origin');
  const ask = async ({ signal, report }: RunningJob) => {
    let done = 0;
    const refreshing = ready.map(async ({ connection }) => {
      await workbench.models.listModels(connection.id, { refresh: true, signal });
      done += 1;
      report({ done, total: ready.length });
    });
    await Promise.all(refreshing);
  };
  try {
    await vscode.window.withProgress({ location: { viewId: VIEWS.models } }, () =>
      showJobProgress('Listing models of all connections', ask, USUALLY_SHORT),
    );
  } finally {
    workbenches.modelsChanged();
  }
}
