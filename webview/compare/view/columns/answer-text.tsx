import { TextView } from '../../../shared/text/text-view.tsx';
import { useCompare } from '../../context.ts';
import { isLive } from '../../derived.ts';
import type { Run } from '../../state.ts';

/** The text of the answer while it streams, plain or as Markdown. */
export function AnswerText({
  run,
  as,
  label,
  onDrawn,
}: {
  run: Run;
  as: 'text' | 'markdown';
  label: string;
  onDrawn: () => void;
}) {
  const { session, call } = useCompare();
  return (
    <TextView
      key={`${run.runId}:${as}`}
      texts={session.texts}
      runId={run.runId}
      kind="text"
      as={as}
      live={isLive(run)}
      label={label}
      onDrawn={onDrawn}
      onLink={(url) => call('link.open', { url })}
    />
  );
}
