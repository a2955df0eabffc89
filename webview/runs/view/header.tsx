import { formatCount, formatNumber } from '../../../src/shared/format.ts';
import { Icon, IconButton } from '../../shared/controls/icon.tsx';
import { KeysButton } from '../../shared/controls/keys-dialog.tsx';
import { MenuButton } from '../../shared/controls/menu.tsx';
import { useObservable } from '../../shared/observable.ts';
import { countSelected } from '../../shared/table/row-selection.ts';
import { Button } from '../../ui.ts';
import { useRuns } from '../context.ts';

export function Header({ onKeys }: { onKeys: () => void }) {
  const { list, selection, view, compare, showCharts } = useRuns();
  const rows = useObservable(list, (now) => now?.count ?? 0);
  const selected = useObservable(selection, countSelected);
  const charts = useObservable(view, (now) => now.charts);
  return (
    <header class="header" data-region="header">
      <h1 class="title">
        Runs
        <span class="dim truncated">
          {selected > 0
            ? `${formatNumber(selected)} of ${formatCount(rows, 'run')} selected`
            : formatCount(rows, 'run')}
        </span>
      </h1>
      <div class="header-end">
        <Button
          appearance="secondary"
          aria-label="Compare Selected Runs"
          title={selected > 0 ? 'Compare the selected runs side by side' : 'Select runs of one prompt to compare them'}
          disabled={selected === 0}
          onClick={compare}
        >
          <Icon name="split-horizontal" slot="start" />
          <bdi class="button-text">Compare</bdi>
        </Button>
        <ExportMenu rows={rows} selected={selected} />
        <IconButton
          icon="graph-line"
          label="Charts"
          title="Cost and latency per day"
          pressed={charts}
          onClick={() => showCharts(!charts)}
        />
        <KeysButton onClick={onKeys} />
      </div>
    </header>
  );
}

function ExportMenu({ rows, selected }: { rows: number; selected: number }) {
  const { exportRuns } = useRuns();
  const what = selected > 0 ? `${formatCount(selected, 'run')} selected` : 'All listed runs';
  return (
    <MenuButton
      icon="export"
      label="Export"
      disabled={rows === 0}
      items={[
        { label: `${what} as CSV…`, onPick: () => exportRuns('csv') },
        { label: `${what} as JSON Lines…`, onPick: () => exportRuns('jsonl') },
      ]}
    />
  );
}
