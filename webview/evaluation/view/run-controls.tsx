import type { EvaluationMethods, RerunChoice } from '../../../src/protocol/evaluation.ts';
import { formatCount } from '../../../src/shared/format.ts';
import { Icon, IconButton } from '../../shared/controls/icon.tsx';
import { MenuButton } from '../../shared/controls/menu.tsx';
import { useObservable } from '../../shared/observable.ts';
import { useLoaded } from '../../shared/panel-context.ts';
import { countSelected } from '../../shared/table/row-selection.ts';
import { Button } from '../../ui.ts';
import { useEvaluation } from '../context.ts';
import { finishedCells } from '../describe-result.ts';
import { isLive } from '../state.ts';

type Action = EvaluationMethods['run.control']['params']['action'];

const RESUMABLE: readonly string[] = ['stopped', 'budget', 'failed', 'interrupted'];

/** Pause and stop while it runs in this window; else what can run again. */
export function RunControls() {
  const { state, call } = useEvaluation();
  const result = useLoaded(state, (now) => now.result);
  const control = useLoaded(state, (now) => now.control);
  const canRun = useLoaded(state, (now) => now.canRun);
  const act = (action: Action) => () => void call('run.control', { action });
  if (control === 'other-window') {
    return (
      <>
        <span class="dim">Running in another window</span>
        <IconButton icon="debug-stop" label="Stop" title="Stop. Finished answers are kept" onClick={act('stop')} />
      </>
    );
  }
  if (control === 'own') {
    return (
      <>
        {result.state === 'paused' ? (
          <IconButton icon="debug-continue" label="Continue" onClick={act('continue')} />
        ) : (
          <IconButton icon="debug-pause" label="Pause" onClick={act('pause')} />
        )}
        <IconButton icon="debug-stop" label="Stop" title="Stop. Finished answers are kept" onClick={act('stop')} />
      </>
    );
  }
  const isResumable = RESUMABLE.includes(result.state) && finishedCells(result) < result.counts.cells;
  return (
    <>
      {isResumable && (
        <Button disabled={!canRun} onClick={act('resume')}>
          <Icon name="debug-continue" slot="start" />
          Resume
        </Button>
      )}
      {!isLive(result) && <AgainMenu />}
    </>
  );
}

function AgainMenu() {
  const { state, call, selection, list } = useEvaluation();
  const canRun = useLoaded(state, (now) => now.canRun);
  const counts = useLoaded(state, (now) => now.result.counts);
  const ranges = useObservable(selection, (now) => now);
  const again = (what: RerunChoice) => () => void call('run.again', { what });
  const selected = countSelected(ranges);
  return (
    <MenuButton
      icon="debug-rerun"
      label="Run Again"
      disabled={!canRun}
      items={[
        { label: `Failed Answers (${counts.failed})`, disabled: counts.failed === 0, onPick: again('failed') },
        { label: `Errors (${counts.errors})`, disabled: counts.errors === 0, onPick: again('errors') },
        {
          label: selected > 0 ? `${formatCount(selected, 'Selected Case', 'Selected Cases')}` : 'Selected Cases',
          disabled: selected === 0,
          onPick: () => void call('run.again', { what: { list: list.get()?.list ?? 0, ranges } }),
        },
        { label: 'Changed Cases, in a New Result', onPick: again('changed') },
        { label: 'All Cases', onPick: again('all') },
        {
          label: 'Score Stored Answers Again',
          separated: true,
          onPick: () => void call('run.control', { action: 'rescore' }),
        },
      ]}
    />
  );
}
