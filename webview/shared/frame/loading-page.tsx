import type { ErrorInfo } from '../../../src/protocol/rpc.ts';
import { Button } from '../../ui.ts';
import { Icon } from '../controls/icon.tsx';
import { type Observable, useObservable } from '../observable.ts';

interface LoadingPageProps {
  /** `the preview`, as in "Loading the preview…". */
  what: string;
  failure: Observable<ErrorInfo | undefined>;
  start(): unknown;
}

/** The content of a panel until it is loaded, or why it cannot be. */
export function LoadingPage({ what, failure, start }: LoadingPageProps) {
  const error = useObservable(failure, (info) => info);
  const again = () => {
    failure.set(undefined);
    void start();
  };
  return (
    <main class="loading-page">
      <h1 class="visually-hidden">{document.title}</h1>
      {error ? (
        <div class="page-state" role="alert">
          <p>
            <Icon name="error" /> Could not load {what}: {error.message}
          </p>
          {error.hint && <p>{error.hint}</p>}
          <Button onClick={again}>Try Again</Button>
        </div>
      ) : (
        <div class="page-state" role="status">
          <Icon name="loading" spin /> Loading {what}…
        </div>
      )}
    </main>
  );
}
