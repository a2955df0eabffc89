import type { PreviewEvent, PreviewMethods, PreviewSnapshot } from '../../src/protocol/preview.ts';
import { type Channel, createFollower } from '../shared/follower.ts';
import { INITIAL_FORM_STATE } from '../shared/form/form-state.ts';
import { createObservable } from '../shared/observable.ts';
import { createPanelContext, useLoaded } from '../shared/panel-context.ts';
import { type PreviewState, reduce, stateOfSnapshot } from './state.ts';

export type PreviewTab = 'messages' | 'request';

export function createPreview(channel: Channel<PreviewEvent>) {
  const form = createObservable(INITIAL_FORM_STATE);
  const follower = createFollower<PreviewState, PreviewSnapshot, PreviewEvent, PreviewMethods>(channel, {
    stateOf: stateOfSnapshot,
    reduce,
    onSnapshot: (snapshot) => form.update((state) => ({ ...state, ...snapshot.form })),
    keepsFailure: (method) => method === 'form.set',
  });
  return { ...follower, form, tab: createObservable<PreviewTab>('messages') };
}

export const [PreviewProvider, usePreview] = createPanelContext<ReturnType<typeof createPreview>>();

export function usePreviewState<S>(select: (state: PreviewState) => S): S {
  return useLoaded(usePreview().state, select);
}
