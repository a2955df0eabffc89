import { createContext, type Provider } from 'preact';
import { useContext } from 'preact/hooks';
import { type Observable, useObservable } from './observable.ts';

/** The context of all views of a panel, and the hook that reads it. */
export function createPanelContext<Context>(): [provider: Provider<Context | undefined>, use: () => Context] {
  const context = createContext<Context | undefined>(undefined);
  const use = () => {
    const value = useContext(context);
    if (value === undefined) throw new Error('This view is used outside the panel.');
    return value;
  };
  return [context.Provider, use];
}

/** The part of the host's state that a view shows. Only used after the snapshot was received. */
export function useLoaded<State, S>(state: Observable<State | undefined>, select: (state: State) => S): S {
  return useObservable(state, (now) => {
    if (now === undefined) throw new Error('The snapshot is not available yet.');
    return select(now);
  });
}
