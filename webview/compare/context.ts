import type { ModelChoice } from '../../src/protocol/compare.ts';
import type { FormState } from '../shared/form/form-state.ts';
import { createObservable, type Observable, useObservable } from '../shared/observable.ts';
import { createPanelContext, useLoaded } from '../shared/panel-context.ts';
import type { CompareSession } from './session.ts';
import type { CompareState } from './state.ts';
import type { UiState } from './ui-state.ts';

export function createCompareContext(session: CompareSession, ui: Observable<UiState>, form: Observable<FormState>) {
  const { call } = session;
  /** Undefined until requested. */
  const models = createObservable<ModelChoice[] | undefined>(undefined);
  async function loadModels(refresh: boolean) {
    const answer = await call('models.list', { refresh });
    if (answer) models.set(answer.value);
  }
  return { session, ui, form, models, call, loadModels };
}

export type CompareContext = ReturnType<typeof createCompareContext>;

export const [CompareProvider, useCompare] = createPanelContext<CompareContext>();

export function useCompareState<S>(select: (state: CompareState) => S): S {
  return useLoaded(useCompare().session.state, select);
}

export function useUi<S>(select: (ui: UiState) => S): S {
  return useObservable(useCompare().ui, select);
}

/** The details of one model from the provider lists, if they were requested. */
export function useModelChoice(ref: string): ModelChoice | undefined {
  return useObservable(useCompare().models, (models) => models?.find((choice) => choice.ref === ref));
}
