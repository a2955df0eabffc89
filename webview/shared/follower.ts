import type { ErrorInfo, Methods } from '../../src/protocol/rpc.ts';
import { createRpcClient, errorOf, type RpcClient, type RpcOptions } from './frame/rpc-client.ts';
import { createObservable, type Observable } from './observable.ts';

/** A panel as its webview sees it. Undefined state: the snapshot has not come yet. */
export interface Follower<State, Event, M extends Methods<M>> {
  state: Observable<State | undefined>;
  /** What the host refused last, the snapshot included. */
  failure: Observable<ErrorInfo | undefined>;
  rpc: RpcClient<M>;
  /** Asks for the snapshot; events are applied from then on. */
  start(): Promise<void>;
  /** A change that the user just made and the host has confirmed. */
  applyLocally(event: Event): void;
}

export type Channel<Event> = Pick<RpcOptions<Event>, 'post' | 'listen'>;

interface Following<State, Snapshot, Event> {
  stateOf(snapshot: Snapshot): State;
  /** Pure: what an event does not touch stays the same object. */
  reduce(state: State, event: Event): State;
  /** Called before the state changes. */
  onSnapshot?(snapshot: Snapshot): void;
  onEvent?(event: Event): void;
}

interface WithSnapshot<Snapshot> {
  snapshot: { params: undefined; result: Snapshot };
}

/** Follows the host's truth: a snapshot, then numbered batches of events; a gap asks for a new snapshot. */
export function createFollower<
  State extends { seq: number },
  Snapshot,
  Event,
  M extends Methods<M> & WithSnapshot<Snapshot>,
>(
  channel: Channel<Event>,
  { stateOf, reduce, onSnapshot, onEvent }: Following<State, Snapshot, Event>,
): Follower<State, Event, M> {
  const state = createObservable<State | undefined>(undefined);
  const failure = createObservable<ErrorInfo | undefined>(undefined);
  let isAsking = false;
  let lastSeq = 0;
  const rpc = createRpcClient<M, Event>({ ...channel, onEvents });

  async function start() {
    // Batches that arrive meanwhile are older than the snapshot on its way, or come after it and are applied then.
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
  }

  function onEvents(seq: number, events: Event[]) {
    const before = state.get();
    if (isAsking || before === undefined) return;
    const result = applyBatch(before, { seq, events, lastSeq }, reduce);
    if (result.kind === 'gap') void start();
    if (result.kind !== 'applied') return;
    lastSeq = seq;
    if (onEvent) for (const event of events) onEvent(event);
    state.set(result.state);
  }

  const applyLocally = (event: Event) => state.update((now) => now && reduce(now, event));
  return { state, failure, rpc, start, applyLocally };
}

type Applied<State> = { kind: 'applied'; state: State } | { kind: 'gap' | 'old' };

/**
 * One numbered batch applied. `gap` means that a batch was lost and a new snapshot is needed; `old` that the batch was
 * part of the snapshot already. Events that change nothing leave the same state, so that no view is updated: most are text,
 * which is drawn past the state. The state's own `seq` is then behind `lastSeq`.
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
