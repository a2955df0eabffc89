import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PreviewEvent, PreviewMethods, PreviewSnapshot } from '../../src/protocol/preview.ts';
import type { ErrorInfo } from '../../src/protocol/rpc.ts';
import { type Channel, createFollower } from '../shared/follower.ts';
import { type FormState, INITIAL_FORM_STATE } from '../shared/form/form-state.ts';
import { errorOf } from '../shared/frame/rpc-client.ts';
import { createObservable, type Observable, useObservable } from '../shared/observable.ts';
import { type PreviewState, reduce, stateOfSnapshot } from './state.ts';

export type PreviewTab = 'messages' | 'request';

export interface PreviewContext {
  /** Undefined until the snapshot is received. */
  state: Observable<PreviewState | undefined>;
  /** The last error of the host. */
  failure: Observable<ErrorInfo | undefined>;
  tab: Observable<PreviewTab>;
  form: Observable<FormState>;
  start(): Promise<void>;
  call<K extends keyof PreviewMethods & string>(method: K, params: PreviewMethods[K]['params']): Promise<void>;
}

export function createPreview(channel: Channel<PreviewEvent>): PreviewContext {
  const form = createObservable(INITIAL_FORM_STATE);
  const { state, failure, rpc, start } = createFollower<PreviewState, PreviewSnapshot, PreviewEvent, PreviewMethods>(
    channel,
    {
      stateOf: stateOfSnapshot,
      reduce,
      onSnapshot: (snapshot) => form.update((state) => ({ ...state, ...snapshot.form })),
    },
  );
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

export const Preview = createContext<PreviewContext | undefined>(undefined);

export function usePreview(): PreviewContext {
  const context = useContext(Preview);
  if (!context) throw new Error('This view is used outside the panel.');
  return context;
}

/** The part of the host's state that a view shows. Only used after the snapshot was received. */
export function usePreviewState<S>(select: (state: PreviewState) => S): S {
  return useObservable(usePreview().state, (state) => {
    if (!state) throw new Error('The snapshot is not available yet.');
    return select(state);
  });
}
