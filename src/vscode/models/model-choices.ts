import * as vscode from 'vscode';
import { isOnThisMachine } from '../../core/models/connections/origins.ts';
import type { ConnectionInfo, ModelInfo } from '../../core/models/models.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { ModelChoice, ModelChoiceCapabilities } from '../../protocol/compare.ts';
import { plainLabel } from '../host/plain-text.ts';
import { describeModelFailure, describeState } from './describe-connections.ts';
import { describeModel } from './describe-models.ts';

/** All models of all connections. Cached lists are used unless `refresh` is true. */
export async function listModelChoices(workbench: Workbench, refresh: boolean): Promise<ModelChoice[]> {
  const connections = await workbench.models.connections();
  const [{ modelCapabilities }, lists] = await Promise.all([
    import('../../core/models/catalogue/catalogue.ts'),
    Promise.all(
      connections.map((info) =>
        workbench.models.listModels(info.connection.id, { refresh, ask: refresh || isWorthAsking(info) }),
      ),
    ),
  ]);
  return connections.flatMap((info, index) =>
    (lists[index]?.models ?? []).map((model) => ({
      ...choiceOf(info, model),
      capabilities: choiceCapabilities(modelCapabilities(model.type, model.baseModel ?? model.id), model),
    })),
  );
}

/**
 * A server that just did not respond would delay the list. On this machine, a refused connection is reported
 * immediately.
 */
function isWorthAsking({ connection, state }: ConnectionInfo): boolean {
  return state.kind !== 'unreachable' || isOnThisMachine(connection);
}

function choiceOf(info: ConnectionInfo, model: ModelInfo): Omit<ModelChoice, 'capabilities'> {
  return {
    ref: model.ref,
    connection: info.connection.id,
    label: model.displayName ?? model.id,
    contextWindow: model.contextWindow,
    prices: model.prices,
    sunsetDate: model.sunsetDate,
    blocked: blockedBy(info, model),
    simulated: model.simulated ?? false,
  };
}

/** A problem of the connection applies to all of its models. A failed model only affects itself. */
function blockedBy(info: ConnectionInfo, { failure }: ModelInfo): string | undefined {
  const { kind } = info.state;
  if (kind !== 'ready' && kind !== 'unknown') return describeState(info);
  return failure && describeModelFailure(failure, Date.now());
}

type Capabilities = ReturnType<typeof import('../../core/models/catalogue/catalogue.ts').modelCapabilities>;

function choiceCapabilities(known: Capabilities, model: ModelInfo): ModelChoiceCapabilities | undefined {
  if (!known) return undefined;
  const { temperature, reasoningEfforts } = known;
  return {
    temperature: temperature === false ? 'refused' : temperature === 'without-reasoning' ? undefined : temperature,
    topK: known.topK,
    seed: known.seed,
    reasoningEfforts: reasoningEfforts && [...reasoningEfforts],
    // Only Claude needs a request for prompt caching. Other models cache automatically or not at all.
    promptCaching: /claude/.test(model.baseModel ?? model.id),
  };
}

/** Asks for one or more models. A model that is not listed can be entered as `connection/model`. */
export async function pickModels(workbench: Workbench): Promise<string[]> {
  const items = await modelItems(workbench);
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Add Models to Comparison',
    placeHolder: 'Select one or more models',
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.flatMap((item) => (item.ref ? [item.ref] : [])) ?? [];
}

/** Asks for one of the models that `fits` accepts. */
export async function pickModel(
  workbench: Workbench,
  title: string,
  fits: (ref: string) => boolean = () => true,
): Promise<string | undefined> {
  const picked = await vscode.window.showQuickPick(modelItems(workbench, fits), {
    title,
    placeHolder: 'Select a model',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.ref;
}

interface ModelItem extends vscode.QuickPickItem {
  ref?: string;
}

async function modelItems(workbench: Workbench, fits: (ref: string) => boolean = () => true): Promise<ModelItem[]> {
  const choices = await listModelChoices(workbench, false);
  const fitting = choices.filter(({ ref }) => fits(ref));
  const byConnection = Map.groupBy(fitting, (choice) => choice.connection);
  return [...byConnection].flatMap(([connection, models]) => [
    { label: connection, kind: vscode.QuickPickItemKind.Separator },
    ...models.map((model) => ({
      label: plainLabel(model.label),
      description: plainLabel([model.ref, model.blocked].filter(Boolean).join(' · ')),
      detail: describeModel(model),
      ref: model.ref,
    })),
  ]);
}
