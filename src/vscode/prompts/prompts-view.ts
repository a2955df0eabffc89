import { setTimeout as sleep } from 'node:timers/promises';
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
  /**
   * Resolves when the view shows its prompts with their git status, if it is being opened. The other views of the side
   * bar wait for it, because what they load would block the extension host for longer than the prompts take.
   */
  opened(): Promise<void>;
}

/** The longest wait for the prompts. */
const OPENING_MS = 1500;
/** VS Code requests the rows of all views at once, in any order. */
const FIRST_REQUEST_MS = 50;

/** The Prompts view. Its content is loaded when it is first shown. */
export function registerPromptsView(deps: PromptsViewDeps): PromptsView {
  let selected: readonly PromptsNode[] = [];
  let opened: Promise<void> | undefined;
  const content = lazy(async (): Promise<PromptsContent> => {
    const { promise, resolve: onShown } = Promise.withResolvers<void>();
    opened = promise;
    setTimeout(onShown, OPENING_MS);
    // the search for files runs while the rest is loaded
    const files = findPromptFiles();
    return new (await import('./prompts-content.ts')).PromptsContent({ ...deps, files, onShown }, tree);
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
    async opened() {
      if (!opened) await sleep(FIRST_REQUEST_MS);
      await opened;
    },
    dispose() {
      following.dispose();
      tree.dispose();
      void content.made()?.then((shown) => shown.dispose());
    },
  };
}
