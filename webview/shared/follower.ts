import type { ErrorInfo, Methods } from '../../src/protocol/rpc.ts';
import { createRpcClient, errorOf, type RpcClient, type RpcOptions } from './frame/rpc-client.ts';
import { createObservable, type Observable } from './observable.ts';

/** The state of a panel in its webview. Undefined until the snapshot is received. */
export interface Follower<State, Event, M extends Methods<M>> {
  state: Observable<State | undefined>;
  /** The last error of the host, including that of the snapshot. */
  failure: Observable<ErrorInfo | undefined>;
  rpc: RpcClient<M>;
  /** Calls the host. An error is stored in `failure`, and the result is undefined. */
  call<K extends keyof M & string>(method: K, params: M[K]['params']): Promise<{ value: M[K]['result'] } | undefined>;
  /** Requests the snapshot. Events are applied from then on. */
  start(): Promise<void>;
  /** Applies a change by the user that the host has confirmed. */
  applyLocally(event: Event): void;
}

export type Channel<Event> = Pick<RpcOptions<Event>, 'post' | 'listen'>;

interface Following<State, Snapshot, Event> {
  stateOf(snapshot: Snapshot): State;
  /** Pure. Objects that an event does not change stay the same. */
  reduce(state: State, event: Event): State;
  /** Called before the state changes. */
  onSnapshot?(snapshot: Snapshot): void;
  onEvent?(event: Event): void;
  /**
   * Called after a snapshot that replaces batches: their events were for nobody. What was read beside the snapshot may be
   * older than it.
   */
  onMissed?(): void;
  /** True if a request does not clear the error of the one before. */
  keepsFailure?(method: string, failure: ErrorInfo): boolean;
}

interface WithSnapshot<Snapshot> {
  snapshot: { params: undefined; result: Snapshot };
}

/** Follows the state of the host: a snapshot, then numbered batches of events. A gap requests a new snapshot. */
export function createFollower<
  State extends { seq: number },
  Snapshot,
  Event,
  M extends Methods<M> & WithSnapshot<Snapshot>,
>(
  channel: Channel<Event>,
  { stateOf, reduce, onSnapshot, onEvent, onMissed, keepsFailure }: Following<State, Snapshot, Event>,
): Follower<State, Event, M> {
  const state = createObservable<State | undefined>(undefined);
  const failure = createObservable<ErrorInfo | undefined>(undefined);
  let isAsking = false;
  let hasMissed = false;
  let lastSeq = 0;
  const rpc = createRpcClient<M, Event>({ ...channel, onEvents });

  async function start() {
    // Batches that arrive in the meantime are older than the snapshot, or follow it and are applied then.
    isAsking = true;
    try {
      const snapshot = await rpc.call('snapshot', undefined);
      onSnapshot?.(snapshot);
      const first = stateOf(snapshot);
      lastSeq = first.seq;
      state.set(first);
    } catch (error) {
      failure.set(errorOf(error));
    } finally {
      isAsking = false;
    }
    if (hasMissed) onMissed?.();
    hasMissed = false;
  }

  function onEvents(seq: number, events: Event[]) {
    const before = state.get();
    hasMissed ||= isAsking;
    if (isAsking || before === undefined) return;
    const result = applyBatch(before, { seq, events, lastSeq }, reduce);
    hasMissed = result.kind === 'gap';
    if (result.kind === 'gap') void start();
    if (result.kind !== 'applied') return;
    lastSeq = seq;
    if (onEvent) for (const event of events) onEvent(event);
    state.set(result.state);
  }

  const call = createCall(rpc, failure, keepsFailure);
  const applyLocally = (event: Event) => state.update((now) => now && reduce(now, event));
  return { state, failure, rpc, call, start, applyLocally };
}

function createCall<M extends Methods<M>>(
  rpc: RpcClient<M>,
  failure: Observable<ErrorInfo | undefined>,
  keepsFailure: Following<unknown, unknown, unknown>['keepsFailure'],
): Follower<unknown, unknown, M>['call'] {
  return async (method, params) => {
    const before = failure.get();
    if (before && !keepsFailure?.(method, before)) failure.set(undefined);
    try {
      return { value: await rpc.call(method, params) };
    } catch (error) {
      const info = errorOf(error);
      if (info.code !== 'cancelled') failure.set(info);
      return undefined;
    }
  };
}

type Applied<State> = { kind: 'applied'; state: State } | { kind: 'gap' | 'old' };

/**
 * Applies one numbered batch. `gap` means that a batch was lost and a new snapshot is needed; `old` that the batch was
 * already part of the snapshot. Events without changes return the same state, so that no view is updated: most are
 * text, which is drawn without a state change. The `seq` of the state is then behind `lastSeq`.
 */
export function applyBatch<State extends { seq: number }, Event>(
  state: State,
  { seq, events, lastSeq = state.seq }: { seq: number; events: readonly Event[]; lastSeq?: number },
  reduce: (state: State, event: Event) => State,
): Applied<State> {
  if (seq <= lastSeq) return { kind: 'old' };
  if (seq !== lastSeq + 1) return { kind: 'gap' };
  const next = events.reduce(reduce, state);
  return { kind: 'applied', state: next === state ? state : { ...next, seq } };
}
