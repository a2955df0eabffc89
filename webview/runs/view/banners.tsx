import { ErrorAction } from '../../shared/controls/error-action.tsx';
import { Icon, IconButton } from '../../shared/controls/icon.tsx';
import { useObservable } from '../../shared/observable.ts';
import { useRuns } from '../context.ts';

/** Problems with the history, and errors of the host. */
export function Banners() {
  const { failure, state, act } = useRuns();
  const refused = useObservable(failure, (info) => info);
  const notices = useObservable(state, (now) => now?.notices);
  return (
    <div class="banners">
      {notices?.map((notice) => (
        <div key={notice} class="banner warning" role="status">
          <Icon name="warning" />
          <span>{notice}</span>
        </div>
      ))}
      {refused && (
        <div class="banner error" role="alert">
          <Icon name="error" />
          <span>
            {refused.message} {refused.hint}
          </span>
          <ErrorAction error={refused} run={act} />
          <IconButton icon="close" label="Dismiss" onClick={() => failure.set(undefined)} />
        </div>
      )}
    </div>
  );
}
