import type { LanguageModelInfo } from '../../../core/language/syntax/tree.ts';
import type { ConnectionInfo, ModelInfo } from '../../../core/models/models.ts';
import type { Workbench } from '../../../core/workbench.ts';

/** The models for completion and checks, from connections that can be queried without asking the user. */
export async function listLanguageModels({ models }: Workbench): Promise<{
  models: LanguageModelInfo[];
  connections: { id: string; type: string }[];
}> {
  const all = await models.connections();
  const lists = await Promise.all(
    all.filter(isAvailable).map(async ({ connection }) => {
      const list = await models.listModels(connection.id);
      return list.models.map((model) => toLanguageModel(model, connection.type));
    }),
  );
  return { models: lists.flat(), connections: all.map(({ connection: { id, type } }) => ({ id, type })) };
}

/**
 * Models that a file may name although they cannot be used now, because their connection has no key or was not reached.
 * Each has a reason.
 */
export async function listUnreadyModels({ models }: Workbench): Promise<LanguageModelInfo[]> {
  const all = await models.connections();
  const lists = await Promise.all(
    all.map(async (info) => {
      const { connection } = info;
      if (isAvailable(info) && (await models.listModels(connection.id)).models.length > 0) return [];
      const named = await models.offlineModels(connection.id);
      return named.map((model) => ({ ...toLanguageModel(model, connection.type), unready: describeUnready(info) }));
    }),
  );
  return lists.flat();
}

function describeUnready({ state, hasKey, keyRequired }: ConnectionInfo): string {
  switch (state.kind) {
    case 'no-key':
      return 'no key';
    case 'key-origin':
      return 'key is for another address';
    case 'unreachable':
      return 'unreachable';
    case 'ready':
    case 'unknown':
      return keyRequired && !hasKey ? 'no key' : 'not tested';
  }
}

/** Vertex AI needs a sign-in that takes seconds, and a server that was never reached may not exist. */
function isAvailable({ connection, state, hasKey }: ConnectionInfo): boolean {
  if (connection.type === 'demo' || connection.type === 'vscode') return true;
  return state.kind === 'ready' || (hasKey && state.kind === 'unknown');
}

function toLanguageModel({ ref, displayName, simulated, ...model }: ModelInfo, type: string): LanguageModelInfo {
  const { contextWindow, maxOutputTokens, sunsetDate, prices } = model;
  return {
    ref,
    label: displayName ?? ref,
    type,
    simulated,
    contextWindow,
    maxOutputTokens,
    inputUsdPerMillion: prices?.inputUsd,
    outputUsdPerMillion: prices?.outputUsd,
    priceSource: prices?.source,
    sunsetDate,
  };
}
