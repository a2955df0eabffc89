import type { ErrorInfo } from '../../../src/protocol/compare.ts';
import { formatDate } from '../../../src/shared/format.ts';
import { ErrorAction as ErrorButton } from '../../shared/controls/error-action.tsx';
import { FailureBanner } from '../../shared/controls/failure-banner.tsx';
import { Icon, IconButton } from '../../shared/controls/icon.tsx';
import { Button } from '../../ui.ts';
import { useCompare, useCompareState, useUi } from '../context.ts';

/** Banners for the whole panel: the history, errors in the file, and errors of the host. */
export function Banners() {
  const { session, call } = useCompare();
  return (
    <div class="banners">
      <History />
      <FileProblems />
      <Notices />
      <FailureBanner failure={session.failure} run={(action) => call('action.run', action)} />
    </div>
  );
}

function History() {
  const { call } = useCompare();
  const history = useCompareState((state) => state.history);
  if (!history) return null;
  return (
    <div class="banner info">
      <Icon name="history" />
      <span>
        From the run history, {formatDate(history.startedAt)}.
        {history.sourceChanged
          ? ' The prompt has changed since then. Run uses the current prompt.'
          : ' The prompt has not changed since then.'}
      </span>
      <Button appearance="secondary" onClick={() => call('prompt.open', {})}>
        Open Prompt
      </Button>
    </div>
  );
}

function FileProblems() {
  const { call } = useCompare();
  const problems = useCompareState((state) => state.prompt.problems);
  const first = problems[0];
  if (!first) return null;
  return (
    <div class="banner error" role="alert">
      <Icon name="error" />
      <span>
        The prompt cannot run: line {first.line}, {first.message}
        {problems.length > 1 && ` (and ${problems.length - 1} more)`}
      </span>
      <Button appearance="secondary" onClick={() => call('prompt.open', { line: first.line, column: first.column })}>
        Go to Line {first.line}
      </Button>
    </div>
  );
}

function Notices() {
  const { ui } = useCompare();
  const notices = useCompareState((state) => state.notices);
  const dismissed = useUi((state) => state.dismissedNotices);
  const dismiss = (notice: string) =>
    ui.update((state) => ({ ...state, dismissedNotices: [...state.dismissedNotices, notice] }));
  const shown = [...new Set(notices)].filter((notice) => !dismissed.includes(notice));
  return (
    <>
      {shown.map((notice) => (
        <div key={notice} class="banner warning" role="status">
          <Icon name="warning" />
          <span>{notice}</span>
          <IconButton icon="close" label="Dismiss" onClick={() => dismiss(notice)} />
        </div>
      ))}
    </>
  );
}

/** The button for the action of an error, which the host of this panel runs. */
export function ErrorAction({ error }: { error: ErrorInfo }) {
  const { call } = useCompare();
  return <ErrorButton error={error} run={(action) => call('action.run', action)} />;
}
