import { useCallback } from 'preact/hooks';
import type { RunRow } from '../../../src/protocol/runs.ts';
import { useObservable } from '../../shared/observable.ts';
import { Table } from '../../shared/table/table.tsx';
import type { OpenList } from '../../shared/table/table-list.ts';
import { Button } from '../../ui.ts';
import { RUN_COLUMNS, toRunSort, toTableSort } from '../columns.tsx';
import { useRuns } from '../context.ts';
import { isFiltered } from '../runs-filter.ts';

export function RunsTable() {
  const { list } = useRuns();
  const open = useObservable(list, (now) => now);
  if (!open) return null;
  return (
    <main class="runs-table" data-region="table">
      {open.count === 0 ? <NoRuns /> : <Listed open={open} />}
    </main>
  );
}

function Listed({ open }: { open: OpenList<RunRow> }) {
  const runs = useRuns();
  const sort = useObservable(runs.view, (now) => now.sort);
  const widths = useObservable(runs.view, (now) => now.widths);
  useObservable(runs.read, (pages) => pages);
  const { pages } = open;
  const onRange = useCallback((first: number, last: number) => void pages.show(first, last), [pages]);
  return (
    <Table<RunRow>
      id="run"
      label="Runs"
      columns={RUN_COLUMNS}
      rowCount={open.count}
      rowAt={(index) => pages.rowAt(index) ?? undefined}
      sort={toTableSort(sort)}
      selection={useObservable(runs.selection, (now) => now)}
      active={useObservable(runs.active, (now) => now)}
      widths={widths}
      onSort={(next) => void runs.setSort(toRunSort(next))}
      onSelection={runs.selection.set}
      onActive={runs.active.set}
      onWidth={(column, width) => runs.view.update((before) => ({ ...before, widths: { ...widths, [column]: width } }))}
      onOpen={runs.open}
      onRange={onRange}
      handle={runs.table}
    />
  );
}

function NoRuns() {
  const { view, setFilter, act } = useRuns();
  const filtered = useObservable(view, (now) => isFiltered(now.filter));
  return (
    <div class="page-state">
      <p>{filtered ? 'No runs match the filter.' : 'This workspace has no runs yet.'}</p>
      {filtered ? (
        <Button onClick={() => void setFilter({})}>Clear Filter</Button>
      ) : (
        <Button onClick={() => act({ command: 'llmops.prompt.compare', args: [] })}>Compare Models</Button>
      )}
    </div>
  );
}
