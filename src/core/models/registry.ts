import { setImmediate as nextTurn } from 'node:timers/promises';
import { abortError } from '../base/abort.ts';
import { toErrorInfo } from '../base/errors.ts';
import { nearestNames } from '../base/nearest-name.ts';
import type { FileReader } from '../base/ports.ts';
import { describeModel } from './catalogue/describe-models.ts';
import { createModelLists, type FetchedModels, type ModelCache, type ModelLists } from './catalogue/model-lists.ts';
import type { ConnectionType, ListedModel } from './chat-model.ts';
import { type Connection, type ModelRef, parseModelRef } from './connection.ts';
import { resolveAccess } from './connections/access.ts';
import { type Environment, isKeyRequired } from './connections/connection-defaults.ts';
import { createConnectionStates } from './connections/connection-states.ts';
import { createDirectory } from './connections/directory.ts';
import { createKeyActions } from './connections/key-actions.ts';
import type { KeyStore } from './connections/keys.ts';
import { createConnectionLoader } from './connections/load-connections.ts';
import { resolveServerHeaders } from './connections/server-headers.ts';
import { type ConnectionUse, grantConnection, requireTrust, withConnection } from './connections/with-connection.ts';
import { createLazyChat } from './lazy-chat.ts';
import type { ConnectionInfo, ListOptions, ModelInfo, ModelList, Models } from './models.ts';
import { createPrices, type Prices } from './prices/prices.ts';
import { createProviders, type ProvidersPorts } from './providers.ts';
import { type CleanList, cleanList } from './transport/structured/clean-list.ts';

/** What the registry needs from its host. Nothing is read and no SDK is loaded before the first call. */
export interface ModelsPorts extends ProvidersPorts {
  /** Absolute path of the workspace folder; undefined if none is open. */
  folder: string | undefined;
  trusted(): boolean;
  files: FileReader;
  now(): number;
  keys: KeyStore;
  /** For GOOGLE_CLOUD_PROJECT, GOOGLE_CLOUD_LOCATION and OLLAMA_HOST; keys belong to the key store. */
  env?: Environment | undefined;
  /** Where "Update Prices" stores the list that it fetches. */
  priceListFile?: string | undefined;
  /** Keeps model lists for a day. */
  cache?: ModelCache | undefined;
}

/** State shared by the functions below. */
interface Registry extends ConnectionUse {
  lists: ModelLists;
  prices: Prices;
}

/** How long a model list may take; a caller that gives up earlier does not end it for the others. */
const LIST_TIMEOUT_MS = 30_000;
const COUNTS_TOKENS: ReadonlySet<ConnectionType> = new Set(['anthropic', 'vertexai', 'vscode']);

export function createModels(ports: ModelsPorts): Models {
  const loader = createConnectionLoader({
    ...ports,
    env: ports.env ?? {},
    hasHostModels: ports.hostModels !== undefined,
    fetch: async () => (await ports.network()).fetch,
  });
  const directory = createDirectory(loader, ports.trusted);
  const registry: Registry = {
    trusted: ports.trusted,
    keys: ports.keys,
    directory,
    states: createConnectionStates(ports.now),
    lists: createModelLists({ cache: ports.cache, now: ports.now }),
    providers: createProviders(ports),
    prices: createPrices(ports),
  };
  const forget = (connectionId: string) => {
    registry.providers.forget(connectionId);
    registry.states.forget(connectionId);
  };
  return {
    ...createKeyActions({ keys: ports.keys, find: directory.find, forget }),
    async reload() {
      loader.reset();
      await Promise.all([directory.load(), registry.prices.reload()]);
    },
    async connections() {
      const [all] = await Promise.all([directory.all(), registry.prices.load()]);
      return Promise.all(all.map((connection) => infoOf(registry, connection)));
    },
    problems: () => [...directory.problems(), ...registry.prices.problems(), ...(ports.keys.problems?.() ?? [])],
    connection: async (id) => infoOf(registry, await directory.find(id)),
    declared: (id) => directory.find(id),
    listModels: (id, options) => listModels(registry, id, options),
    offlineModels: (id) => offlineModels(registry, id),
    modelInfo: (ref) => modelInfo(registry, ref),
    chat: (ref) => chat(registry, ref),
    async serverHeaders(server) {
      requireTrust(registry);
      return resolveServerHeaders(server, ports.keys);
    },
    test: (id, signal) => test(registry, id, signal),
    suggestModels: (ref) => suggestModels(registry, ref),
  };
}

async function infoOf({ keys, states, lists }: Registry, connection: Connection): Promise<ConnectionInfo> {
  const [access, list] = await Promise.all([resolveAccess(connection, keys), lists.cached(connection)]);
  const hasKey = access.kind === 'key-origin' || (access.kind === 'granted' && access.secrets.length > 0);
  const state = states.of(connection, access);
  const { fetchedAt } = list ?? {};
  const listed = list && fetchedAt !== undefined && { models: list.models.length + (list.omitted ?? 0), at: fetchedAt };
  return { connection, state, keyRequired: isKeyRequired(connection), hasKey, ...(listed && { listed }) };
}

async function chat(registry: Registry, ref: ModelRef) {
  // Anyone who is about to pay should see the problems with the prices.
  const [granted] = await Promise.all([grantConnection(registry, ref.connection), registry.prices.load()]);
  return createLazyChat({
    open: granted.provider,
    countsTokens: COUNTS_TOKENS.has(granted.connection.type),
    secrets: granted.secrets,
    suggest: () => suggestModels(registry, `${ref.connection}/${ref.model}`),
    succeeded: () => granted.succeeded(ref.model),
    failed: (error) => granted.failed(error, ref.model),
  });
}

/** Requests the list from the provider. The result, error or list, contains no secret. */
function fetchList(registry: Registry, { id, type, models: declared }: Connection, signal: AbortSignal) {
  return withConnection(
    registry,
    id,
    async ({ provider, removeSecrets }): Promise<CleanList> => {
      const { models, omitted } = cleanList(await (await provider()).listModels(signal), removeSecrets);
      return { models: withDeclared(models, declared), omitted };
    },
    { needsTrust: type !== 'demo' },
  );
}

async function listModels(
  registry: Registry,
  id: string,
  { refresh = false, ask = true, signal }: ListOptions = {},
): Promise<ModelList> {
  try {
    const connection = await registry.directory.find(id);
    if (!ask) {
      const known = await registry.lists.cached(connection);
      return await describeAll(registry, connection, known ?? { models: [], fetchedAt: undefined });
    }
    const fetch = () => fetchList(registry, connection, AbortSignal.timeout(LIST_TIMEOUT_MS));
    // VS Code's models need no request, and may have changed a moment ago
    const isFree = connection.type === 'vscode';
    const fetched = await untilAborted(registry.lists.list(connection, fetch, refresh || isFree), signal);
    return await describeAll(registry, connection, fetched);
  } catch (error) {
    return { models: [], fetchedAt: undefined, error: toErrorInfo(error) };
  }
}

async function describeAll(registry: Registry, connection: Connection, fetched: FetchedModels): Promise<ModelList> {
  const listed = withDeclared(fetched.models, connection.models);
  const models: ModelInfo[] = [];
  for (const model of listed) {
    // A gateway lists many hundreds, so the loop yields now and then.
    if (models.length % 50 === 49) await nextTurn();
    models.push(await describeOne(registry, connection, model));
  }
  const { fetchedAt, error, omitted } = fetched;
  return { models, fetchedAt, ...(error && { error }), ...(omitted ? { omitted } : {}) };
}

async function describeOne(
  { prices, states }: Registry,
  connection: Connection,
  listed: ListedModel,
): Promise<ModelInfo> {
  const info = await describeModel(connection, listed, prices);
  const failure = states.failureOf(connection, listed.id);
  return failure ? { ...info, failure } : info;
}

async function offlineModels(registry: Registry, id: string): Promise<ModelInfo[]> {
  const connection = await registry.directory.find(id);
  const { models: known } = await listModels(registry, id, { ask: false });
  if (known.length > 0) return known;
  const { catalogueModels } = await import('./catalogue/catalogue-models.ts');
  const models = (await catalogueModels(connection.type)).map((model) => ({ id: model }));
  return (await describeAll(registry, connection, { models, fetchedAt: undefined })).models;
}

async function modelInfo(registry: Registry, text: string): Promise<ModelInfo | undefined> {
  const ref = parseModelRef(text);
  if (ref === undefined) return undefined;
  const connection = await registry.directory.find(ref.connection).catch(() => undefined);
  if (connection === undefined) return undefined;
  const known = await knownModels(registry, connection);
  const listed = known.find(({ id }) => id === ref.model) ?? { id: ref.model };
  return describeOne(registry, connection, listed);
}

/** Cached lists only; the demo models need no request. */
async function knownModels(registry: Registry, connection: Connection): Promise<ListedModel[]> {
  const cached = await registry.lists.cached(connection);
  if (cached !== undefined || connection.type !== 'demo') return withDeclared(cached?.models ?? [], connection.models);
  return (await fetchList(registry, connection, AbortSignal.timeout(LIST_TIMEOUT_MS))).models;
}

async function test(registry: Registry, id: string, signal: AbortSignal) {
  requireTrust(registry);
  const connection = await registry.directory.find(id);
  const started = performance.now();
  const list = await fetchList(registry, connection, signal);
  await registry.lists.put(connection, list);
  return { models: list.models.length + list.omitted, elapsedMs: Math.round(performance.now() - started) };
}

async function suggestModels(registry: Registry, ref: string): Promise<string[]> {
  const connections = await registry.directory.all();
  const slash = ref.indexOf('/');
  const id = slash < 0 ? '' : ref.slice(0, slash);
  const model = ref.slice(slash + 1);
  const own: string[] = [];
  const others: string[] = [];
  for (const connection of connections) {
    for (const listed of await knownModels(registry, connection)) {
      if (connection.id === id && listed.id !== model) own.push(listed.id);
      else if (connection.id !== id) others.push(`${connection.id}/${listed.id}`);
    }
  }
  const nearest = nearestNames(model, own).map((name) => `${id}/${name}`);
  if (nearest.length > 0) return nearest;
  const elsewhere = others.filter((other) => other.endsWith(`/${model}`));
  return elsewhere.length > 0 ? elsewhere.slice(0, 3) : nearestNames(ref, others);
}

/** A server without a list endpoint, or with an incomplete list, offers the models in its declaration. */
function withDeclared(listed: ListedModel[], declared: readonly string[] = []): ListedModel[] {
  const missing = declared.filter((id) => !listed.some((model) => model.id === id));
  return [...listed, ...missing.map((id) => ({ id }))];
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortError());
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
