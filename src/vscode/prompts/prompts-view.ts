import type * as vscode from 'vscode';
import { lazy } from '../../core/base/lazy.ts';
import { VIEWS } from '../host/contributions.ts';
import { PagedTree } from '../shell/paged-tree.ts';
import { findPromptFiles, type PromptsViewDeps } from './prompt-files.ts';
import type { PromptsContent } from './prompts-content.ts';
import { type PromptsNode, type PromptsRow, promptsRowId } from './prompts-node.ts';

export interface PromptsView extends vscode.Disposable {
  /** The selected rows, even while VS Code is replacing them. */
  selected(): readonly PromptsNode[];
  content(): Promise<PromptsContent>;
}

/** The Prompts view. Its content is loaded when it is first shown. */
export function registerPromptsView(deps: PromptsViewDeps): PromptsView {
  let selected: readonly PromptsNode[] = [];
  const content = lazy(async (): Promise<PromptsContent> => {
    // the search for files runs while the rest is loaded
    const files = findPromptFiles();
    return new (await import('./prompts-content.ts')).PromptsContent({ ...deps, files }, tree);
  });
  // cached: an import for each of some hundred rows takes longer than creating the rows
  const items = lazy(() => import('./prompt-items.ts'));
  const tree = new PagedTree<PromptsRow>(
    VIEWS.prompts,
    {
      log: deps.log,
      failure: 'Could not read the prompts',
      idOf: promptsRowId,
      toItem: async (row) => (await items()).toPromptsItem(row),
      rows: async (parent) => (await content()).rows(parent),
      more: {
        command: 'llmops.prompts.showMore',
        read: (file) => void content().then((shown) => shown.more(file)),
      },
      onFold: (row) => void content().then((shown) => shown.fold(row)),
    },
    { canSelectMany: true },
  );
  const following = tree.view.onDidChangeSelection(({ selection }) => {
    selected = selection;
  });
  return {
    selected: () => selected,
    content,
    dispose() {
      following.dispose();
      tree.dispose();
      void content.made()?.then((shown) => shown.dispose());
    },
  };
}
