import { useCallback, useMemo, useRef } from 'preact/hooks';
import type { CaseTableRow } from '../../../src/protocol/evaluation.ts';
import { formatCount } from '../../../src/shared/format.ts';
import { useWidth } from '../../shared/frame/use-width.ts';
import { useObservable } from '../../shared/observable.ts';
import { useLoaded } from '../../shared/panel-context.ts';
import { Table } from '../../shared/table/table.tsx';
import type { TableGroups } from '../../shared/table/table-groups.ts';
import type { CellPlace } from '../../shared/table/table-key.ts';
import type { OpenList } from '../../shared/table/table-list.ts';
import { Button } from '../../ui.ts';
import { caseColumns, FIRST_COLUMN, stackedColumns, toCaseSort, toTableSort } from '../columns.tsx';
import { useEvaluation } from '../context.ts';
import { isFiltered } from '../view-state.ts';

/** Below this width, columns are lines. */
const NARROW = 560;
const LINE_HEIGHT = 20;
/** The check boxes and the scroll bar. */
const BESIDE = 28 + 16;

export function CasesTable() {
  const { list } = useEvaluation();
  const open = useObservable(list, (now) => now);
  const region = useRef<HTMLElement>(null);
  const width = useWidth(region, 20) * 20;
  if (!open) return null;
  return (
    <main ref={region} class="cases-table" data-region="table">
      {open.count === 0 ? <NoCases /> : <Listed open={open} width={width} />}
    </main>
  );
}

interface ListedProps {
  open: OpenList<CaseTableRow>;
  width: number;
}

function Listed({ open, width }: ListedProps) {
  const { view, state, read, selection, active, show, openCase, table } = useEvaluation();
  const columns = useColumns(width);
  const isStacked = width > 0 && width < NARROW;
  const lines = useLoaded(state, ({ result }) => result.columns.length) + 1;
  const sort = useObservable(view, (now) => now.sort);
  const widths = useObservable(view, (now) => now.widths);
  useObservable(read, (pages) => pages);
  const { pages } = open;
  const onRange = useCallback((first: number, last: number) => void pages.show(first, last), [pages]);
  const onActive = (cell: CellPlace) => {
    active.set(cell);
    if (view.get().open !== undefined && cell.row >= 0) openCase.openRow(cell.row);
  };
  const onOpen = (row: number) => {
    // the answer in whose cell it was opened, or else the first one that is compared
    const at = active.get().column - FIRST_COLUMN;
    if (!isStacked) view.update((before) => ({ ...before, column: at < 0 ? undefined : at }));
    openCase.openRow(row);
  };
  return (
    <Table<CaseTableRow>
      id="case"
      label="Cases"
      columns={columns}
      rowCount={open.count}
      {...(isStacked && { rowHeight: lines * LINE_HEIGHT + 8 })}
      rowAt={(index) => pages.rowAt(index) ?? undefined}
      groups={useGroups()}
      sort={toTableSort(sort)}
      selection={useObservable(selection, (now) => now)}
      active={useActive(columns.length)}
      widths={widths}
      onSort={(next) => void show({ sort: toCaseSort(next) })}
      onSelection={selection.set}
      onActive={onActive}
      onWidth={(column, next) => view.update((before) => ({ ...before, widths: { ...widths, [column]: next } }))}
      onOpen={onOpen}
      onRange={onRange}
      handle={table}
    />
  );
}

/** The same array until something changes, because a new one draws all rows again. */
function useColumns(width: number) {
  const { state } = useEvaluation();
  const columns = useLoaded(state, ({ result }) => result.columns);
  const key = JSON.stringify(
    columns.map(({ prompt, version, model, isBaseline }) => [prompt, version, model, isBaseline]),
  );
  const own = width - BESIDE;
  const isStacked = width > 0 && width < NARROW;
  return useMemo(() => (isStacked ? stackedColumns(columns, own) : caseColumns(columns, own)), [key, own, isStacked]);
}

/** The active cell is in a column that is there, whatever the layout was before. */
function useActive(columns: number): CellPlace {
  const { active } = useEvaluation();
  const cell = useObservable(active, (now) => now);
  return cell.column < columns ? cell : { ...cell, column: columns - 1 };
}

/** Undefined while nothing is grouped. */
function useGroups(): TableGroups<CaseTableRow> | undefined {
  const { view, groups } = useEvaluation();
  const isGrouped = useObservable(view, (now) => now.grouping !== 'none');
  return useMemo(() => {
    if (!isGrouped) return undefined;
    return {
      titleOf: groupTitle,
      isFolded: (row) => row.kind === 'group' && row.isFolded,
      onFold: (row, isFolded) => void groups.fold(row, isFolded),
      onTitle: (row) => void groups.toTitle(row),
    };
  }, [isGrouped, groups]);
}

function groupTitle(row: CaseTableRow) {
  if (row.kind !== 'group') return undefined;
  return (
    <>
      {row.label} <span class="dim">{formatCount(row.cases, 'case')}</span>
    </>
  );
}

function NoCases() {
  const { view, show, state } = useEvaluation();
  const filtered = useObservable(view, isFiltered);
  const live = useLoaded(state, ({ result }) => result.state === 'running');
  return (
    <div class="page-state">
      <p>
        {filtered ? 'No case matches the filter.' : live ? 'The cases are being read.' : 'This result has no cases.'}
      </p>
      {filtered && <Button onClick={() => void show({ filter: {}, search: '' })}>Clear Filter</Button>}
    </div>
  );
}
