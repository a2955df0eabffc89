import { DiffText } from '../../../shared/diff/diff-text.tsx';
import { useObservable } from '../../../shared/observable.ts';
import { useLoaded } from '../../../shared/panel-context.ts';
import { Button } from '../../../ui.ts';
import { useEvaluation } from '../../context.ts';

/** What changed in the prompt since the baseline, which is read when it is opened. */
export function PromptChanges({ column }: { column: number }) {
  const { openCase, call, state } = useEvaluation();
  const change = useObservable(openCase.promptChanges, (now) => now[column]);
  const isPrompt = useLoaded(state, ({ result }) => result.columns[column]?.sourceHash !== undefined);
  const hasBaseline = useLoaded(
    state,
    ({ result, against }) => against !== undefined || result.columns[column]?.baselineColumn !== undefined,
  );
  if (!isPrompt || !hasBaseline) return null;
  const onToggle = (event: Event) => {
    if ((event.currentTarget as HTMLDetailsElement).open && change === undefined)
      void openCase.readPromptChange(column);
  };
  return (
    <details class="prompt-changes" onToggle={onToggle}>
      <summary>Changes in the prompt</summary>
      {change === undefined && <p class="dim">Reading the prompt…</p>}
      {change === 'none' && <p class="dim">The text of the baseline's prompt is not stored.</p>}
      {change !== undefined && change !== 'none' && (
        <>
          <p class="dim">
            {change.before.label} → {change.after.label}
          </p>
          <DiffText
            key={`${column}:${change.before.label}`}
            before={change.before.text}
            after={change.after.text}
            same="The prompt is the same. Its model or parameters may differ."
          />
          <Button appearance="secondary" onClick={() => void call('prompt.diff', { column })}>
            Open in Diff Editor
          </Button>
        </>
      )}
    </details>
  );
}
