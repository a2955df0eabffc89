import type { CompareEvent, CompareMethods, CompareSnapshot } from '../../src/protocol/compare.ts';
import type { ErrorInfo } from '../../src/protocol/rpc.ts';
import { CallError, createRpcClient, type RpcClient, type RpcOptions } from '../shared/frame/rpc-client.ts';
import { createObservable, type Observable } from '../shared/observable.ts';
import { createTextStore, type TextStore } from '../shared/text/text-store.ts';
import { applyBatch, type CompareState, reduce, stateOfSnapshot } from './state.ts';

/** Undefined state: the snapshot has not come yet. A failure is a call the host refused, or no snapshot at all. */
export interface CompareSession {
  state: Observable<CompareState | undefined>;
  failure: Observable<ErrorInfo | undefined>;
  texts: TextStore;
  rpc: RpcClient<CompareMethods>;
  /** Asks for the snapshot; events are applied from then on. */
  start(): Promise<void>;
  /** A change that the user just made and the host has confirmed. */
  applyLocally(event: CompareEvent): void;
}

type Channel = Pick<RpcOptions<CompareEvent>, 'post' | 'listen'>;

/** Follows the host's truth: a snapshot, then numbered batches; a gap asks for a new snapshot. */
export function createSession(channel: Channel): CompareSession {
  const state = createObservable<CompareState | undefined>(undefined);
  const failure = createObservable<ErrorInfo | undefined>(undefined);
  const texts = createTextStore();
  let asking = false;

  async function start() {
    // Batches that arrive meanwhile are older than the snapshot on its way, or come after it and are applied then.
    asking = true;
    try {
      takeSnapshot(await rpc.call('snapshot', undefined));
    } catch (error) {
      failure.set(errorOf(error));
    } finally {
      asking = false;
    }
  }

  function takeSnapshot(snapshot: CompareSnapshot) {
    const runs = snapshot.columns.flatMap((column) => column.runs);
    texts.keep(new Set(runs.map((run) => run.runId)));
    for (const run of runs) setTexts(run.runId, run);
    state.set(stateOfSnapshot(snapshot));
  }

  function onEvents(seq: number, events: CompareEvent[]) {
    const before = state.get();
    if (asking || before === undefined) return;
    const result = applyBatch(before, seq, events);
    if (result.kind === 'gap') void start();
    if (result.kind !== 'applied') return;
    for (const event of events) applyTexts(event);
    state.set(result.state);
  }

  function setTexts(runId: string, run: { text?: string; reasoning?: string }) {
    if (run.text !== undefined) texts.set(runId, 'text', run.text);
    if (run.reasoning !== undefined) texts.set(runId, 'reasoning', run.reasoning);
  }

  function applyTexts(event: CompareEvent) {
    if (event.type === 'run-start') setTexts(event.run.runId, event.run);
    if (event.type === 'run-patch') setTexts(event.runId, event.patch);
    if (event.type !== 'run-delta') return;
    if (event.text !== undefined) texts.append(event.runId, 'text', event.text);
    if (event.reasoning !== undefined) texts.append(event.runId, 'reasoning', event.reasoning);
  }

  const rpc: CompareSession['rpc'] = createRpcClient({ ...channel, onEvents });
  const applyLocally = (event: CompareEvent) => state.update((now) => now && reduce(now, event));
  return { state, failure, texts, rpc, start, applyLocally };
}

export function errorOf(error: unknown): ErrorInfo {
  if (error instanceof CallError) return error.info;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
