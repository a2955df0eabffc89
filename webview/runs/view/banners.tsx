import { FailureBanner } from '../../shared/controls/failure-banner.tsx';
import { Icon } from '../../shared/controls/icon.tsx';
import { useObservable } from '../../shared/observable.ts';
import { useRuns } from '../context.ts';

/** Problems with the history, and errors of the host. */
export function Banners() {
  const { failure, state, act } = useRuns();
  const notices = useObservable(state, (now) => now?.notices);
  return (
    <div class="banners">
      {notices?.map((notice) => (
        <div key={notice} class="banner warning" role="status">
          <Icon name="warning" />
          <span>{notice}</span>
        </div>
      ))}
      <FailureBanner failure={failure} run={act} />
    </div>
  );
}
