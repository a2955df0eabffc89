import type { RunRow, RunSort, RunsEvent, RunsMethods, RunsSnapshot } from '../../src/protocol/runs.ts';
import type { Follower } from '../shared/follower.ts';
import type { Observable } from '../shared/observable.ts';
import type { ColumnWidths } from '../shared/table/table-column.ts';
import { createTableList } from '../shared/table/table-list.ts';
import { type RunsFilter, toRunFilter } from './runs-filter.ts';

export type RunsFollower = Follower<RunsSnapshot, RunsEvent, RunsMethods>;

/** How the panel is shown. VS Code stores it across window reloads. */
export interface RunsViewState {
  filter: RunsFilter;
  sort: RunSort;
  widths: ColumnWidths;
  charts: boolean;
}

/** The current list of the table, with the selected rows and the active cell. */
export function createRunsList({ rpc, call }: RunsFollower, view: Observable<RunsViewState>) {
  return createTableList<RunRow>({
    async open(request) {
      const { filter, sort } = view.get();
      return (await call('list.open', { filter: toRunFilter(filter, new Date()), sort, ...request }))?.value;
    },
    read: (list, from, count) => rpc.call('rows.read', { list, from, count }),
  });
}
