import { useRef, useState } from 'preact/hooks';
import type { EvaluationMethods } from '../../../src/protocol/evaluation.ts';
import { workedTime } from '../../../src/shared/evaluation-state.ts';
import { formatCount, formatDuration, formatUsd } from '../../../src/shared/format.ts';
import { Icon, IconButton } from '../../shared/controls/icon.tsx';
import { KeysButton } from '../../shared/controls/keys-dialog.tsx';
import { MenuButton } from '../../shared/controls/menu.tsx';
import { useMedia } from '../../shared/frame/use-media.ts';
import { useObservable } from '../../shared/observable.ts';
import { useLoaded } from '../../shared/panel-context.ts';
import { countSelected } from '../../shared/table/row-selection.ts';
import { useTickingText } from '../../shared/use-ticking-text.ts';
import { useEvaluation } from '../context.ts';
import { describeCounts, describeProgress, describeState, finishedCells, knownProgress } from '../describe-result.ts';
import { isLive } from '../state.ts';
import { areChartsShown, NARROW_PANEL } from '../view-state.ts';
import { ComparePicker } from './compare-picker.tsx';
import { RunControls } from './run-controls.tsx';

/** The name, how far it is and what it cost, and the actions on the whole result. */
export function Header({ onKeys }: { onKeys: () => void }) {
  const { view, showCharts } = useEvaluation();
  const isNarrow = useMedia(NARROW_PANEL);
  const charts = useObservable(view, (now) => areChartsShown(now, isNarrow));
  return (
    <header class="header" data-region="header">
      <Title />
      <div class="run-controls">
        <RunControls />
      </div>
      <div class="header-end">
        <Compare />
        <ExportMenu />
        <IconButton
          icon="graph-scatter"
          label="Charts"
          title="Quality and cost, distribution, tags, trend"
          pressed={charts}
          onClick={() => showCharts(!charts)}
        />
        <ResultMenu />
        <KeysButton onClick={onKeys} />
      </div>
    </header>
  );
}

const STATE_ICONS = {
  running: 'loading',
  paused: 'debug-pause',
  done: 'pass',
  stopped: 'circle-slash',
  budget: 'circle-slash',
  failed: 'error',
  interrupted: 'debug-disconnect',
} as const;

function Title() {
  const { state, call } = useEvaluation();
  const result = useLoaded(state, (now) => now.result);
  const progress = useLoaded(state, (now) => now.progress);
  const hasFile = useLoaded(state, (now) => now.hasFile);
  const live = isLive(result);
  const known = knownProgress({ result, progress });
  return (
    <h1 class="title">
      {hasFile ? (
        <button
          type="button"
          class="link-button truncated"
          title={`${result.file}\nSelect to open the file`}
          onClick={() => void call('file.open', undefined)}
        >
          {result.name}
        </button>
      ) : (
        <span class="truncated">{result.name}</span>
      )}
      {result.isPinned && (
        <span class="title-tag" title="Pinned: kept as a baseline">
          <Icon name="pinned" />
          <span class="visually-hidden">pinned</span>
        </span>
      )}
      <span class="evaluation-state dim truncated" title={describeCounts(result)}>
        <Icon name={STATE_ICONS[result.state]} spin={result.state === 'running'} /> {describeState(result)}
        {live && <> {describeProgress({ result, progress })}</>} · <Elapsed /> · <Cost />
      </span>
      {live && (
        <progress class="evaluation-progress" aria-label="Finished answers" max={known?.total} value={known?.done} />
      )}
    </h1>
  );
}

function Elapsed() {
  const { state } = useEvaluation();
  const result = useLoaded(state, (now) => now.result);
  const text = () => formatDuration(workedTime(result, Date.now()));
  return <span ref={useTickingText(text, result.workingSince !== undefined)} />;
}

function Cost() {
  const { state } = useEvaluation();
  const { totals, simulated, counts } = useLoaded(state, (now) => now.result);
  return (
    <span>
      {formatUsd(totals.costUsd)}
      {simulated && totals.costUsd !== undefined && ' (simulated)'}
      {counts.cached > 0 && `, ${formatCount(counts.cached, 'answer')} from the cache`}
    </span>
  );
}

function Compare() {
  const { state } = useEvaluation();
  const against = useLoaded(state, (now) => now.against);
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  return (
    <>
      <IconButton
        icon="git-compare"
        label={against ? `Compared with ${against.name}. Choose Another Result` : 'Compare with a Stored Result'}
        pressed={against !== undefined}
        popup="dialog"
        expanded={open}
        elementRef={anchor}
        onClick={() => setOpen(!open)}
      />
      {open && <ComparePicker anchor={anchor.current} onClose={() => setOpen(false)} />}
    </>
  );
}

const EXPORTS: readonly {
  format: EvaluationMethods['result.export']['params']['format'];
  label: string;
  separated?: boolean;
}[] = [
  { format: 'html', label: 'HTML Report…' },
  { format: 'markdown', label: 'Markdown…' },
  { format: 'csv', label: 'CSV…' },
  { format: 'json', label: 'JSON…' },
  { format: 'jsonl', label: 'JSON Lines…' },
  { format: 'junit', label: 'JUnit…' },
  { format: 'promptfoo', label: 'promptfoo Results…' },
  { format: 'failed-rows', label: 'Failed Rows as Dataset…', separated: true },
  { format: 'pairs', label: 'Chosen and Rejected Pairs…' },
];

function ExportMenu() {
  const { state, call } = useEvaluation();
  const isEmpty = useLoaded(state, ({ result }) => finishedCells(result) === 0);
  return (
    <MenuButton
      icon="export"
      label="Export"
      disabled={isEmpty}
      items={EXPORTS.map(({ format, ...item }) => ({
        ...item,
        onPick: () => void call('result.export', { format }),
      }))}
    />
  );
}

function ResultMenu() {
  const { state, call, selection } = useEvaluation();
  const isPinned = useLoaded(state, ({ result }) => result.isPinned);
  const live = useLoaded(state, ({ result }) => isLive(result));
  const selected = useObservable(selection, countSelected);
  return (
    <MenuButton
      icon="ellipsis"
      label="More Actions"
      items={[
        {
          label: isPinned ? 'Unpin' : 'Pin as Baseline',
          icon: isPinned ? 'pinned' : 'pin',
          onPick: () => void call('result.pin', { isPinned: !isPinned }),
        },
        {
          label: 'Clear Selection',
          icon: 'clear-all',
          disabled: selected === 0,
          onPick: () => selection.set([]),
        },
        {
          label: 'Delete Result…',
          icon: 'trash',
          separated: true,
          disabled: live,
          onPick: () => void call('result.delete', undefined),
        },
      ]}
    />
  );
}
