import { isRecord } from '../../../shared/is-record.ts';
import { type ErrorInfo, toErrorInfo } from '../../base/errors.ts';
import type { ListedModel } from '../chat-model.ts';
import type { Connection } from '../connection.ts';
import { originOf } from '../connections/origins.ts';
import type { CleanList } from '../transport/structured/clean-list.ts';

/** Stores lists beyond the life of the window; values are plain JSON without secrets. */
export interface ModelCache {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

/** The last list of a connection's models. */
export interface FetchedModels {
  models: ListedModel[];
  fetchedAt: number | undefined;
  error?: ErrorInfo;
  /** How many more the server lists. */
  omitted?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export type ModelLists = ReturnType<typeof createModelLists>;

export function createModelLists(options: { cache: ModelCache | undefined; now(): number }) {
  const { now } = options;
  /** The demo models are part of this program: a stored list of them could only be that of another version. */
  const cacheOf = ({ type }: Connection) => (type === 'demo' ? undefined : options.cache);
  const known = new Map<string, FetchedModels>();
  const pending = new Map<string, Promise<FetchedModels>>();

  const cached = async (connection: Connection): Promise<FetchedModels | undefined> => {
    const key = cacheKey(connection);
    const inMemory = known.get(key);
    if (inMemory !== undefined) return inMemory;
    // A cache that cannot be read costs a request, not the list.
    const stored = readStored(
      await cacheOf(connection)
        ?.get(key)
        .catch(() => undefined),
    );
    if (stored !== undefined && !known.has(key)) known.set(key, stored);
    return known.get(key);
  };
  const put = async (connection: Connection, { models, omitted }: CleanList): Promise<FetchedModels> => {
    const key = cacheKey(connection);
    const fetched = { models, fetchedAt: now(), ...(omitted > 0 && { omitted }) };
    known.set(key, fetched);
    await cacheOf(connection)
      ?.set(key, fetched)
      .catch(() => undefined);
    return fetched;
  };
  const refetch = async (connection: Connection, fetchList: () => Promise<CleanList>): Promise<FetchedModels> => {
    try {
      return await put(connection, await fetchList());
    } catch (error) {
      const before = await cached(connection);
      return { models: [], fetchedAt: undefined, ...before, error: toErrorInfo(error) };
    }
  };
  return {
    /** What is known without a request to the provider. */
    cached,
    put,
    /** At most a day old, otherwise fetched again. A failure is part of the list, together with the last known models. */
    async list(connection: Connection, fetchList: () => Promise<CleanList>, refresh: boolean): Promise<FetchedModels> {
      const before = await cached(connection);
      if (!refresh && before?.fetchedAt !== undefined && now() - before.fetchedAt < DAY_MS) return before;
      const key = cacheKey(connection);
      // Views request at the same moment; one request answers them all.
      const running = pending.get(key) ?? refetch(connection, fetchList).finally(() => pending.delete(key));
      pending.set(key, running);
      return running;
    },
  };
}

/** Another server, project or API version has other models. */
function cacheKey(connection: Connection): string {
  const { id, type, project = '', location = '', apiVersion = '' } = connection;
  return `models:${id}:${type}:${originOf(connection) ?? ''}:${project}:${location}:${apiVersion}`;
}

function readStored(value: unknown): FetchedModels | undefined {
  if (!isRecord(value) || !Array.isArray(value.models) || typeof value.fetchedAt !== 'number') return undefined;
  const models = value.models.filter((model): model is ListedModel => isRecord(model) && typeof model.id === 'string');
  const { fetchedAt, omitted } = value;
  return { models, fetchedAt, ...(typeof omitted === 'number' && omitted > 0 && { omitted }) };
}
