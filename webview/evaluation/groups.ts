import type { CaseFolds, CaseTableRow } from '../../src/protocol/evaluation.ts';
import { announce } from '../shared/frame/live-region.ts';
import type { Observable } from '../shared/observable.ts';
import type { createTableList } from '../shared/table/table-list.ts';
import type { EvaluationFollower } from './follow-evaluation.ts';
import { type EvaluationViewState, foldAll, foldGroup } from './view-state.ts';

interface GroupsOptions {
  follower: Pick<EvaluationFollower, 'call'>;
  view: Observable<EvaluationViewState>;
  rows: Pick<ReturnType<typeof createTableList<CaseTableRow>>, 'list' | 'active' | 'table'>;
  openList(request: { stay: boolean }): Promise<boolean>;
}

/** The groups of the list. The host lists the cases of those that are not folded. */
export function createGroups({ follower, view, rows, openList }: GroupsOptions) {
  const { list, active, table } = rows;

  async function setFolds(folds: CaseFolds, message: string): Promise<void> {
    view.update((before) => ({ ...before, folds }));
    if (await openList({ stay: true })) announce(message);
  }

  /** Makes the title above this row the active cell. False if the list has changed. */
  async function toTitle(row: number): Promise<boolean> {
    const shown = list.get();
    const title = shown && (await follower.call('group.find', { list: shown.list, row }))?.value;
    if (title === undefined || list.get() !== shown) return false;
    active.update((cell) => ({ ...cell, row: title }));
    table.current?.revealRow(title);
    return true;
  }

  return {
    toTitle,
    async fold(row: number, isFolded: boolean): Promise<void> {
      const group = list.get()?.pages.rowAt(row);
      if (group?.kind !== 'group') return;
      const { id, label } = group;
      await setFolds(foldGroup(view.get().folds, id, isFolded), `${label} ${isFolded ? 'collapsed' : 'expanded'}`);
    },
    async foldAll(isFolded: boolean): Promise<void> {
      // the case of the active cell is not listed any more
      if (isFolded && active.get().row >= 0) await toTitle(active.get().row);
      await setFolds(foldAll(isFolded), `All groups ${isFolded ? 'collapsed' : 'expanded'}`);
    },
  };
}
