import { Icon } from '../../shared/controls/icon.tsx';
import { Dropdown } from '../../shared/dropdown/dropdown.tsx';
import { Button } from '../../ui.ts';
import { useCompare, useCompareState } from '../context.ts';
import { runBlockedReason } from '../run-blocked.ts';
import { startRun } from '../start-run.ts';

const REPEATS = [1, 2, 3, 5, 10, 20, 50];

/** Run, Stop, and the number of repeats. */
export function RunControls() {
  const context = useCompare();
  const running = useCompareState((state) => state.running);
  const blocked = useCompareState(runBlockedReason);
  const repeat = useCompareState((state) => state.repeat);
  const amounts = REPEATS.includes(repeat) ? REPEATS : [...REPEATS, repeat].sort((a, b) => a - b);
  return (
    <>
      <Button
        appearance="primary"
        disabled={blocked !== undefined}
        title={blocked ?? 'Run All Columns (Ctrl+Enter)'}
        onClick={() => startRun(context)}
      >
        <Icon name="play" slot="start" />
        Run
      </Button>
      <Button
        appearance="secondary"
        class="stop"
        disabled={!running}
        aria-label="Stop"
        title={running ? 'Stop all runs. The text received so far is kept' : 'Nothing is running'}
        onClick={() => context.call('run.stop', {})}
      >
        <Icon name="debug-stop" slot="start" />
        <bdi class="label">Stop</bdi>
      </Button>
      <Dropdown
        class="repeat"
        title="How many times to run each column"
        aria-label="Repeats"
        value={String(repeat)}
        options={amounts.map((amount) => ({ value: String(amount), label: `× ${amount}` }))}
        onValue={(value) => context.call('repeat.set', { repeat: Number(value) })}
      />
    </>
  );
}
