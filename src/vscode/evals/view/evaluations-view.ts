import type * as vscode from 'vscode';
import { lazy } from '../../../core/base/lazy.ts';
import { VIEWS } from '../../host/contributions.ts';
import { PagedTree } from '../../shell/paged-tree.ts';
import { focusedRow } from '../../shell/rows/focused-row.ts';
import type { EvaluationsContent } from './evaluations-content.ts';
import {
  type EvaluationsNode,
  type EvaluationsRow,
  type EvaluationsViewDeps,
  evaluationsRowId,
} from './evaluations-node.ts';

export interface EvaluationsView extends vscode.Disposable {
  /** The selected rows, even while VS Code is replacing them. */
  selected(): readonly EvaluationsNode[];
  /** The row with the keyboard focus, for keybindings that are limited to the focus of this view. */
  focused(): Promise<EvaluationsNode | undefined>;
  refresh(): void;
}

/** The Evaluations view: files, their results, and the cases that did not pass. Its content is loaded when it is first shown. */
export function registerEvaluationsView(deps: EvaluationsViewDeps): EvaluationsView {
  let selected: readonly EvaluationsNode[] = [];
  const content = lazy(async (): Promise<EvaluationsContent> => {
    return new (await import('./evaluations-content.ts')).EvaluationsContent(deps, tree);
  });
  const items = lazy(() => import('./evaluation-items.ts'));
  const tree = new PagedTree<EvaluationsRow>(
    VIEWS.evaluations,
    {
      log: deps.log,
      failure: 'Could not read the evaluations',
      after: deps.after,
      idOf: evaluationsRowId,
      toItem: async (row) => (await items()).toEvaluationsItem(row),
      rows: async (parent) => (await content()).rows(parent),
      more: {
        command: 'llmops.evaluations.showMore',
        read: (list) => void content().then((shown) => shown.more(list)),
      },
    },
    { canSelectMany: true },
  );
  const following = tree.view.onDidChangeSelection(({ selection }) => {
    selected = selection;
  });
  return {
    selected: () => selected,
    focused: () => focusedRow(tree.view),
    refresh: () => void content().then((shown) => shown.refresh()),
    dispose() {
      following.dispose();
      tree.dispose();
      void content.made()?.then((shown) => shown.dispose());
    },
  };
}
