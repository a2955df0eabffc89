import type { CaseSort, CaseTableRow, CellRow, CellState, EvalColumn } from '../../src/protocol/evaluation.ts';
import { columnTitle } from '../../src/shared/column-title.ts';
import { formatCount, formatScore, UNKNOWN } from '../../src/shared/format.ts';
import { NamedIcon } from '../shared/controls/icon.tsx';
import type { TableColumn, TableSort } from '../shared/table/table-column.ts';
import { showControls } from '../shared/text/show-controls.ts';
import { columnHeads, columnLabels } from './column-heads.ts';

type CaseRow = Extract<CaseTableRow, { kind: 'case' }>;
type Column = TableColumn<CaseTableRow>;

export const STATE_ICONS: Record<CellState, { icon: string; color: string }> = {
  passed: { icon: 'pass', color: 'passed' },
  failed: { icon: 'error', color: 'failed' },
  error: { icon: 'warning', color: 'warned' },
};

const CHANGE_ICONS = { regressed: 'arrow-down', improved: 'arrow-up', changed: 'diff-modified' } as const;

const CHANGES = {
  regressed: 'worse than the baseline',
  improved: 'better than the baseline',
  changed: 'another text than the baseline, with the same score',
} as const;

const CELL = /^column-(\d+)$/;

function ofCase<T>(row: CaseTableRow, read: (row: CaseRow) => T): T | undefined {
  return row.kind === 'case' ? read(row) : undefined;
}

/** The place of the first column of the result. */
export const FIRST_COLUMN = 2;

const NUMBER_WIDTH = 56;
const CASE_WIDTH = 236;
const MIN_COLUMN = 240;

/** A number, the case, and one column for each column of the result. They fill a table of this width. */
export function caseColumns(columns: readonly EvalColumn[], width: number): readonly Column[] {
  const heads = columnHeads(columns);
  const own = Math.max(MIN_COLUMN, Math.floor((width - NUMBER_WIDTH - CASE_WIDTH) / columns.length));
  return [
    {
      id: 'number',
      title: '#',
      width: NUMBER_WIDTH,
      isPinned: true,
      align: 'end',
      firstSort: 'ascending',
      cell: (row) => ofCase(row, ({ number }) => number),
    },
    {
      id: 'id',
      title: 'Case',
      width: CASE_WIDTH,
      isPinned: true,
      firstSort: 'ascending',
      cell: (row) => ofCase(row, (found) => <CaseTitle row={found} />),
      hint: (row) => ofCase(row, ({ title, writtenId }) => [writtenId, title].filter(Boolean).join('\n')),
    },
    ...columns.map(
      (column, index): Column => ({
        id: `column-${index}`,
        title: column.isBaseline ? `${columnTitle(column)} (baseline)` : columnTitle(column),
        ...(heads[index] && { head: heads[index] }),
        width: own,
        firstSort: 'ascending',
        cell: (row) => ofCase(row, ({ cells }) => <Cell cell={cells[index]} />),
        hint: (row) => ofCase(row, ({ cells }) => describeCell(cells[index])),
      }),
    ),
  ];
}

/** In a narrow panel, the columns are lines of one cell. */
export function stackedColumns(columns: readonly EvalColumn[], width: number): readonly Column[] {
  const labels = columnLabels(columns);
  return [
    {
      id: 'stack',
      title: 'Cases',
      width,
      hint: (row) =>
        ofCase(row, ({ cells }) => labels.map((label, at) => `${label}: ${describeFigures(cells[at])}`).join('\n')),
      cell: (row) =>
        ofCase(row, (found) => (
          <div class="case-stack">
            <div class="truncated">
              <span class="dim">{found.number}</span> <CaseTitle row={found} />
            </div>
            {columns.map((column, index) => (
              <div key={index} class="case-line">
                <span class="dim truncated case-line-name" title={columnTitle(column)}>
                  {labels[index]}
                </span>
                <Cell cell={found.cells[index]} />
              </div>
            ))}
          </div>
        )),
    },
  ];
}

function CaseTitle({ row: { title, tags, writtenId } }: { row: CaseRow }) {
  return (
    <>
      {writtenId !== undefined && `${showControls(writtenId)} `}
      <span class={writtenId === undefined ? '' : 'dim'}>{showControls(title)}</span>
      {tags.map((tag) => (
        <span key={tag} class="tag case-tag">
          {tag}
        </span>
      ))}
    </>
  );
}

/** Two decimals, so that scores below each other line up. */
function formatCellScore(score: number | undefined): string {
  return score === undefined ? UNKNOWN : score.toFixed(2);
}

/** One answer, or all repeats of one: state, score with spread, change, and the beginning of the text. */
function Cell({ cell }: { cell: CellRow | undefined }) {
  if (!cell) return <span class="dim">{UNKNOWN}</span>;
  const { icon, color } = STATE_ICONS[cell.state];
  return (
    <span class={`case-cell ${color}`}>
      <NamedIcon name={icon} label={cell.state} />
      <span class="case-score">{formatCellScore(cell.score)}</span>
      {cell.repeats > 1 && <Repeats cell={cell} />}
      {cell.change !== undefined && cell.change !== 'same' && (
        <NamedIcon name={CHANGE_ICONS[cell.change]} label={CHANGES[cell.change]} class={cell.change} />
      )}
      <span class={`case-text truncated${cell.error === undefined ? '' : ' case-error'}`}>
        {showControls(cell.error ?? cell.text)}
      </span>
    </span>
  );
}

function Repeats({ cell: { repeats, passed, spread, distinct } }: { cell: CellRow }) {
  return (
    <span class="case-repeats dim">
      {passed}/{repeats}
      {spread && spread[1] > spread[0] && ` ±${formatScore((spread[1] - spread[0]) / 2)}`}
      {distinct > 1 && (
        <span>
          {' '}
          ≠{distinct}
          <span class="visually-hidden"> different answers</span>
        </span>
      )}
    </span>
  );
}

/** What the symbols of a cell mean, then its answer. */
function describeCell(cell: CellRow | undefined): string {
  return [describeFigures(cell), cell?.error ?? cell?.text].filter(Boolean).join('\n');
}

function describeFigures(cell: CellRow | undefined): string {
  if (!cell) return 'not finished';
  const { state, score, repeats, passed, spread, distinct, change, isCached } = cell;
  const parts = [
    score === undefined ? state : `${state} with score ${formatScore(score)}`,
    repeats > 1 && `${passed} of ${formatCount(repeats, 'repeat')} passed`,
    spread && `scores ${formatScore(spread[0])} to ${formatScore(spread[1])}`,
    repeats > 1 && formatCount(distinct, 'different answer'),
    change !== undefined && change !== 'same' && CHANGES[change],
    isCached && 'answers from the cache',
  ];
  return parts.filter((part) => typeof part === 'string').join(', ');
}

/** How the header shows an order. Orders that no header has are in the menu of orders only. */
export function toTableSort({ by, column, descending }: CaseSort): TableSort | undefined {
  const direction = descending ? 'descending' : 'ascending';
  if (by === 'number' || by === 'id') return { column: by, direction };
  return by === 'score' && column !== undefined ? { column: `column-${column}`, direction } : undefined;
}

/** A click on a column sorts by its score, the worst first. */
export function toCaseSort({ column, direction }: TableSort): CaseSort {
  const descending = direction === 'descending';
  const index = CELL.exec(column)?.[1];
  if (index !== undefined) return { by: 'score', column: Number(index), descending };
  return { by: column === 'id' ? 'id' : 'number', descending };
}
