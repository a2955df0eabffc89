import type { CaseHistoryRow, CaseTableRow, CaseView, PromptChange } from '../../src/protocol/evaluation.ts';
import { createObservable, type Observable } from '../shared/observable.ts';
import type { createTableList } from '../shared/table/table-list.ts';
import type { EvaluationFollower } from './follow-evaluation.ts';
import type { EvaluationViewState } from './view-state.ts';

type Rows = Omit<ReturnType<typeof createTableList<CaseTableRow>>, 'openList'>;

/** The case that is shown with the table. It follows the active row. */
export function createOpenCase(follower: EvaluationFollower, view: Observable<EvaluationViewState>, rows: Rows) {
  const { shown, history, promptChanges, read, readPromptChange } = createCaseReader(follower, view);

  function open(place: number): void {
    if (view.get().open === place && shown.get()?.place === place) return;
    view.update((before) => ({ ...before, open: place }));
    void read(place);
  }

  /** Leaves the focus where it is. */
  function hide(): void {
    view.update((before) => ({ ...before, open: undefined }));
    shown.set(undefined);
  }

  /** The place of the case in a row; undefined for the title of a group. */
  function placeAt(row: number): number | undefined {
    const found = rows.list.get()?.pages.rowAt(row);
    return found?.kind === 'case' ? found.place : undefined;
  }

  return {
    ...{ shown, history, promptChanges, readPromptChange, open },
    openRow(row: number) {
      const place = placeAt(row);
      if (place !== undefined) open(place);
    },
    /** Opens the next case, past the titles of groups. */
    async step(by: 1 | -1): Promise<void> {
      const list = rows.list.get();
      for (let row = rows.active.get().row + by; list && row >= 0 && row < list.count; row += by) {
        await list.pages.show(row, row);
        const place = placeAt(row);
        if (place === undefined) continue;
        rows.active.update((cell) => ({ ...cell, row }));
        rows.table.current?.revealRow(row);
        return open(place);
      }
    },
    hide,
    close() {
      hide();
      rows.table.current?.focus();
    },
    /** After a change of the result, and when a panel is restored. */
    async refresh(): Promise<void> {
      const { open: place } = view.get();
      if (place !== undefined) await read(place);
    },
  };
}

/** What is known of the open case, and of the changes in the prompts. */
function createCaseReader({ call }: EvaluationFollower, view: Observable<EvaluationViewState>) {
  /** Undefined while nothing is open, and until the first one was read. */
  const shown = createObservable<CaseView | undefined>(undefined);
  const history = createObservable<CaseHistoryRow[] | undefined>(undefined);
  /** By column; undefined until it was asked for. */
  const promptChanges = createObservable<Readonly<Record<number, PromptChange | 'none'>>>({});
  let wanted: number | undefined;
  let isReading = false;

  async function readCase(place: number): Promise<void> {
    const answer = await call('case.read', { place });
    // another case may have been opened meanwhile
    if (!answer || view.get().open !== place) return;
    if (shown.get()?.place !== place) history.set(undefined);
    shown.set(answer.value);
    const past = wanted === undefined && (await call('case.history', { place }));
    if (past && view.get().open === place) history.set(past.value);
  }

  return {
    ...{ shown, history, promptChanges },
    /** While one case is read, only the last of the others is kept: a held arrow key passes many. */
    async read(place: number): Promise<void> {
      wanted = place;
      if (isReading) return;
      isReading = true;
      while (wanted !== undefined) {
        const next = wanted;
        wanted = undefined;
        await readCase(next);
      }
      isReading = false;
    },
    async readPromptChange(column: number): Promise<void> {
      const answer = await call('prompt.change', { column });
      if (answer) promptChanges.update((before) => ({ ...before, [column]: answer.value ?? 'none' }));
    },
  };
}
