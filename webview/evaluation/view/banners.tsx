import { FailureBanner } from '../../shared/controls/failure-banner.tsx';
import { Icon } from '../../shared/controls/icon.tsx';
import { useLoaded } from '../../shared/panel-context.ts';
import { useEvaluation } from '../context.ts';
import { describeOnlyErrors, describeUnfinished } from '../describe-result.ts';

/** Why it is not complete, what should be known about it, and errors of the host. */
export function Banners() {
  const { failure, state, act } = useEvaluation();
  const notices = useLoaded(state, (now) => now.notices);
  const unfinished = useLoaded(state, describeUnfinished);
  const errors = useLoaded(state, describeOnlyErrors);
  const hasError = useLoaded(state, ({ result }) => result.error !== undefined);
  // a pause ends by itself when its provider or the database is there again, and a budget is a limit of the user's own
  const isWaiting = useLoaded(state, ({ result }) => result.state === 'paused' || result.state === 'budget');
  const kind = hasError ? (isWaiting ? 'warning' : 'error') : 'info';
  const isDeleted = useLoaded(state, (now) => now.isDeleted);
  const isTrusted = useLoaded(state, (now) => now.canRun);
  return (
    <div class="banners">
      {isDeleted && <Banner kind="warning" text="This result was deleted. What is shown here is no longer stored." />}
      {unfinished && <Banner kind={kind} text={unfinished} />}
      {errors && <Banner kind="error" text={errors} />}
      {!isTrusted && (
        <Banner
          kind="info"
          text="This workspace is not trusted. Results can be browsed, and nothing runs or is sent."
        />
      )}
      {notices.map((notice) => (
        <Banner key={notice} kind="warning" text={notice} />
      ))}
      <FailureBanner failure={failure} run={act} />
    </div>
  );
}

function Banner({ kind, text }: { kind: 'info' | 'warning' | 'error'; text: string }) {
  return (
    <div class={`banner ${kind}`} role="status">
      <Icon name={kind} />
      <span>{text}</span>
    </div>
  );
}
