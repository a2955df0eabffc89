import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CompareMethods, ModelChoice } from '../../src/protocol/compare.ts';
import type { FormState } from '../shared/form/form-state.ts';
import { errorOf } from '../shared/frame/rpc-client.ts';
import { createObservable, type Observable, useObservable } from '../shared/observable.ts';
import type { CompareSession } from './session.ts';
import type { CompareState } from './state.ts';
import type { UiState } from './ui-state.ts';

/** The context of all views of the panel. */
export interface CompareContext {
  session: CompareSession;
  ui: Observable<UiState>;
  form: Observable<FormState>;
  /** Undefined until requested. */
  models: Observable<ModelChoice[] | undefined>;
  loadModels(refresh: boolean): Promise<void>;
  /** Calls the host. An error is shown above the columns, and the result is undefined. */
  call<K extends keyof CompareMethods & string>(
    method: K,
    params: CompareMethods[K]['params'],
  ): Promise<{ value: CompareMethods[K]['result'] } | undefined>;
}

export function createCompareContext(
  session: CompareSession,
  ui: Observable<UiState>,
  form: Observable<FormState>,
): CompareContext {
  const models = createObservable<ModelChoice[] | undefined>(undefined);
  const call: CompareContext['call'] = async (method, params) => {
    // A new request clears the previous error. Typing only clears errors of invalid inputs.
    const answered = method === 'input.set' ? session.failure.get()?.code === 'invalid-input' : method !== 'form.set';
    if (answered) session.failure.set(undefined);
    try {
      const value = await session.rpc.call(method, params);
      return { value };
    } catch (error) {
      const info = errorOf(error);
      if (info.code !== 'cancelled') session.failure.set(info);
      return undefined;
    }
  };
  return {
    session,
    ui,
    form,
    models,
    call,
    async loadModels(refresh) {
      const answer = await call('models.list', { refresh });
      if (answer) models.set(answer.value);
    },
  };
}

export const Compare = createContext<CompareContext | undefined>(undefined);

export function useCompare(): CompareContext {
  const context = useContext(Compare);
  if (!context) throw new Error('This view is used outside the panel.');
  return context;
}

/** The part of the host's state that a view shows. Only used after the snapshot was received. */
export function useCompareState<S>(select: (state: CompareState) => S): S {
  const { session } = useCompare();
  return useObservable(session.state, (state) => {
    if (!state) throw new Error('The snapshot is not available yet.');
    return select(state);
  });
}

export function useUi<S>(select: (ui: UiState) => S): S {
  return useObservable(useCompare().ui, select);
}

/** The details of one model from the provider lists, if they were requested. */
export function useModelChoice(ref: string): ModelChoice | undefined {
  return useObservable(useCompare().models, (models) => models?.find((choice) => choice.ref === ref));
}
