import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PreviewEvent, PreviewMethods, PreviewSnapshot } from '../../src/protocol/preview.ts';
import type { ErrorInfo } from '../../src/protocol/rpc.ts';
import { FIRST_LOOK, type FormLook } from '../shared/form/form-look.ts';
import { CallError, createRpcClient, type RpcOptions } from '../shared/frame/rpc-client.ts';
import { createObservable, type Observable, useObservable } from '../shared/observable.ts';
import { applyBatch, type PreviewState, stateOfSnapshot } from './state.ts';

export type PreviewTab = 'messages' | 'request';

export interface PreviewContext {
  /** Undefined until the snapshot has come. */
  state: Observable<PreviewState | undefined>;
  /** What the host refused last. */
  failure: Observable<ErrorInfo | undefined>;
  tab: Observable<PreviewTab>;
  form: Observable<FormLook>;
  start(): Promise<void>;
  call<K extends keyof PreviewMethods & string>(method: K, params: PreviewMethods[K]['params']): Promise<void>;
}

/** Follows the host's truth: a snapshot, then numbered batches; a gap asks for a new snapshot. */
export function createPreview(channel: Pick<RpcOptions<PreviewEvent>, 'post' | 'listen'>): PreviewContext {
  const state = createObservable<PreviewState | undefined>(undefined);
  const failure = createObservable<ErrorInfo | undefined>(undefined);
  const form = createObservable(FIRST_LOOK);
  let asking = false;
  const rpc = createRpcClient<PreviewMethods, PreviewEvent>({ ...channel, onEvents });

  function onEvents(seq: number, events: PreviewEvent[]) {
    const before = state.get();
    if (asking || before === undefined) return;
    const result = applyBatch(before, seq, events);
    if (result.kind === 'gap') void start();
    else if (result.kind === 'applied') state.set(result.state);
  }

  async function start() {
    asking = true;
    try {
      const snapshot: PreviewSnapshot = await rpc.call('snapshot', undefined);
      form.update((look) => ({ ...look, ...snapshot.form }));
      state.set(stateOfSnapshot(snapshot));
    } catch (error) {
      failure.set(errorOf(error));
    } finally {
      asking = false;
    }
  }

  return {
    state,
    failure,
    tab: createObservable<PreviewTab>('messages'),
    form,
    start,
    async call(method, params) {
      if (method !== 'form.set') failure.set(undefined);
      try {
        await rpc.call(method, params);
      } catch (error) {
        const info = errorOf(error);
        if (info.code !== 'cancelled') failure.set(info);
      }
    },
  };
}

function errorOf(error: unknown): ErrorInfo {
  if (error instanceof CallError) return error.info;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

export const Preview = createContext<PreviewContext | undefined>(undefined);

export function usePreview(): PreviewContext {
  const context = useContext(Preview);
  if (!context) throw new Error('This view stands outside the panel.');
  return context;
}

/** The part of the host's state that a view shows. Only rendered once the snapshot has come. */
export function usePreviewState<S>(select: (state: PreviewState) => S): S {
  return useObservable(usePreview().state, (state) => {
    if (!state) throw new Error('The snapshot has not come yet.');
    return select(state);
  });
}
