import type { ErrorInfo } from '../../../src/protocol/rpc.ts';
import { type Observable, useObservable } from '../observable.ts';
import { ErrorAction, type RunAction } from './error-action.tsx';
import { Icon, IconButton } from './icon.tsx';

/** An error of the host, with the button for its action. */
export function FailureBanner({ failure, run }: { failure: Observable<ErrorInfo | undefined>; run: RunAction }) {
  const error = useObservable(failure, (info) => info);
  if (!error) return null;
  return (
    <div class="banner error" role="alert">
      <Icon name="error" />
      <span>
        {error.message} {error.hint}
      </span>
      <ErrorAction error={error} run={run} />
      <IconButton icon="close" label="Dismiss" onClick={() => failure.set(undefined)} />
    </div>
  );
}
