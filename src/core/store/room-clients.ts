import type { JobProgress } from './jobs/job-entry.ts';
import type { RoomContext } from './room.ts';
import type { RoomName, Rooms } from './rooms.ts';

type ClientMethod<Method> = Method extends (context: RoomContext, ...args: infer Args) => infer Result
  ? (...args: Args) => Promise<Awaited<Result>>
  : never;

/** The methods of the rooms for the rest of the product: the same, without the database parameter, and asynchronous. */
export type RoomClients = {
  readonly [Name in RoomName]: {
    readonly [Method in keyof Rooms[Name]['methods']]: ClientMethod<Rooms[Name]['methods'][Method]>;
  };
};

/** Options of a long method: how to end it early with a partial result, and a listener for its progress. */
export interface LongCall {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** Calls a method by its full name, such as `runs.list`. */
export type CallMethod = (method: string, args: unknown[], call?: LongCall) => Promise<unknown>;

const NAMES: Record<RoomName, true> = { runs: true, state: true, jobs: true, ledger: true, evals: true };

/** The methods are those of the worker's code, which this thread does not load: it uses only their types. */
export function createRoomClients(call: CallMethod): RoomClients {
  const clients = Object.keys(NAMES).map((name) => [name, createRoomClient(name, call)]);
  return Object.fromEntries(clients) as RoomClients;
}

function createRoomClient(room: string, call: CallMethod): object {
  return new Proxy(Object.create(null) as object, {
    get: (_target, method) =>
      // an awaited client is not a promise
      typeof method !== 'string' || method === 'then'
        ? undefined
        : (...args: unknown[]) => call(`${room}.${method}`, args),
  });
}
