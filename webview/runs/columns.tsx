import type { RunRow, RunSort } from '../../src/protocol/runs.ts';
import {
  formatDate,
  formatDuration,
  formatTokenPair,
  formatTokensExactly,
  formatUsd,
  formatUsdExactly,
  UNKNOWN,
} from '../../src/shared/format.ts';
import { Icon } from '../shared/controls/icon.tsx';
import type { TableColumn, TableSort } from '../shared/table/table-column.ts';

const STATES: Record<RunRow['state'], { icon: string; color?: string }> = {
  streaming: { icon: 'loading' },
  done: { icon: 'pass', color: 'passed' },
  failed: { icon: 'error', color: 'failed' },
  stopped: { icon: 'circle-slash' },
  interrupted: { icon: 'debug-disconnect', color: 'warned' },
};

type RunColumn = TableColumn<RunRow> & { id: RunSort['by'] };

export const RUN_COLUMNS: readonly RunColumn[] = [
  {
    id: 'started',
    title: 'Started',
    width: 128,
    isPinned: true,
    firstSort: 'descending',
    cell: ({ startedAt }) => formatDate(startedAt),
  },
  {
    id: 'prompt',
    title: 'Prompt',
    width: 164,
    isPinned: true,
    firstSort: 'ascending',
    cell: ({ promptName }) => promptName,
    hint: ({ promptPath }) => promptPath ?? 'This prompt was never saved.',
  },
  {
    id: 'version',
    title: 'Version',
    width: 96,
    firstSort: 'ascending',
    cell: ({ version }) => version ?? <span class="dim">working copy</span>,
  },
  {
    id: 'model',
    title: 'Model',
    width: 172,
    firstSort: 'ascending',
    cell: ({ model }) => model,
    hint: ({ model }) => model,
  },
  {
    id: 'state',
    title: 'State',
    width: 104,
    firstSort: 'ascending',
    cell: (run) => <State run={run} />,
    hint: ({ error, schemaValid }) =>
      error ?? (schemaValid === false ? 'The answer does not match the output schema.' : undefined),
  },
  {
    id: 'latency',
    title: 'Latency',
    width: 80,
    align: 'end',
    firstSort: 'descending',
    cell: ({ elapsedMs }) => formatDuration(elapsedMs),
  },
  {
    id: 'tokens',
    title: 'Tokens',
    width: 104,
    align: 'end',
    firstSort: 'descending',
    cell: (run) => formatTokenPair(tokensOf(run), { estimated: run.estimated, ended: true }) ?? UNKNOWN,
    hint: ({ inputTokens, outputTokens }) =>
      `${formatTokensExactly(inputTokens)} tokens in, ${formatTokensExactly(outputTokens)} out`,
  },
  {
    id: 'cost',
    title: 'Cost',
    width: 116,
    align: 'end',
    firstSort: 'descending',
    cell: (run) => <Cost run={run} />,
    hint: ({ costUsd, simulated }) =>
      `${formatUsdExactly(costUsd)}${simulated && costUsd !== undefined ? ' (simulated)' : ''}`,
  },
  {
    id: 'rating',
    title: 'Rating',
    width: 72,
    firstSort: 'descending',
    cell: (run) => <Rating run={run} />,
    hint: ({ note }) => note,
  },
];

function tokensOf({ inputTokens, outputTokens }: RunRow) {
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

function State({ run: { state, schemaValid } }: { run: RunRow }) {
  const misfit = state === 'done' && schemaValid === false;
  const { icon, color } = misfit ? { icon: 'warning', color: 'warned' } : STATES[state];
  return (
    <span class={`run-state ${color ?? ''}`}>
      <Icon name={icon} /> {state}
      {misfit && <span class="visually-hidden">, does not match the output schema</span>}
    </span>
  );
}

function Cost({ run: { costUsd, estimated, simulated } }: { run: RunRow }) {
  return (
    <>
      {formatUsd(costUsd, estimated)}
      {simulated && costUsd !== undefined && <span class="dim"> sim.</span>}
    </>
  );
}

function Rating({ run: { rating, note } }: { run: RunRow }) {
  return (
    <>
      {rating && (
        <>
          <Icon name={rating === 'up' ? 'thumbsup' : 'thumbsdown'} />
          <span class="visually-hidden">{rating}</span>
        </>
      )}
      {note && (
        <>
          <Icon name="note" />
          <span class="visually-hidden">{note}</span>
        </>
      )}
    </>
  );
}

export function toTableSort({ by, descending }: RunSort): TableSort {
  return { column: by, direction: descending ? 'descending' : 'ascending' };
}

export function toRunSort({ column, direction }: TableSort): RunSort {
  const by = RUN_COLUMNS.find(({ id }) => id === column)?.id ?? 'started';
  return { by, descending: direction === 'descending' };
}
