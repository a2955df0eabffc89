import type { ErrorInfo } from '../../../src/protocol/preview.ts';
import { ErrorAction as ErrorButton } from '../../shared/controls/error-action.tsx';
import { FailureBanner } from '../../shared/controls/failure-banner.tsx';
import { Icon } from '../../shared/controls/icon.tsx';
import { Button } from '../../ui.ts';
import { usePreview, usePreviewState } from '../context.ts';

/** Shows why the current text cannot be rendered, and errors of the host. */
export function Banners() {
  const { failure, call } = usePreview();
  return (
    <div class="banners">
      <NotRendered />
      <FailureBanner failure={failure} run={(action) => call('action.run', action)} />
    </div>
  );
}

/** Shown while the user is typing, so announced politely: the next key may fix it. */
function NotRendered() {
  const { call } = usePreview();
  const error = usePreviewState((state) => state.error);
  const problem = usePreviewState((state) => state.prompt.problems[0]);
  if (problem) {
    const { line, column, message } = problem;
    return (
      <div class="banner warning" role="status">
        <Icon name="warning" />
        <span>
          Line {line}: {message}
        </span>
        <Button appearance="secondary" onClick={() => call('prompt.open', { line, column })}>
          Go to Line {line}
        </Button>
      </div>
    );
  }
  if (!error) return <Missing />;
  return (
    <div class="banner warning" role="status">
      <Icon name="warning" />
      <span>
        {error.message} {error.hint}
      </span>
      <ErrorAction error={error} />
    </div>
  );
}

/** Missing values are not an error: the prompt may just have been opened. */
function Missing() {
  const rendered = usePreviewState((state) => state.rendered);
  if (!rendered || rendered.missing.length === 0 || rendered.request.ok) return null;
  return (
    <div class="banner info" role="status">
      <Icon name="info" />
      <span>{rendered.request.error.message} Until then, names are shown in place of the values.</span>
    </div>
  );
}

/** The button for the action of an error, which the host of this panel runs. */
export function ErrorAction({ error }: { error: ErrorInfo }) {
  const { call } = usePreview();
  return <ErrorButton error={error} run={(action) => call('action.run', action)} />;
}
