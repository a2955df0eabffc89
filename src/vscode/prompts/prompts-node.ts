import type { WorkingState } from '../../core/versions/save/working-state.ts';
import type { TreeRow } from '../shell/paged-tree.ts';
import type { SortFigure, VersionRow } from './describe-version.ts';
import type { PromptFolder, PromptLeaf, PromptStatus } from './prompt-tree.ts';

export type PromptsRow =
  | PromptFolder
  | (PromptLeaf & { status: PromptStatus; figure: SortFigure | undefined; extra: string | undefined })
  | { kind: 'working'; file: string; state: WorkingState }
  | { kind: 'version'; file: string; root: string; row: VersionRow; place: number };
/** A row of the Prompts view. Its lists are histories of files. */
export type PromptsNode = TreeRow<PromptsRow>;

/** Informs a command that its row was clicked. The focus stays in the view, because the next key or click goes there. */
export const ROW_CLICK = 'click';

/** The stable ID of a row. */
export function promptsRowId(row: PromptsRow): string {
  switch (row.kind) {
    case 'folder':
      return `folder:${row.path}`;
    case 'prompt':
      return `prompt:${row.entry.file}`;
    case 'version':
      // one commit has two rows if two prompts were merged into one later
      return `version:${row.file}:${row.row.version.commit}:${row.row.version.path}`;
    case 'working':
      return `working:${row.file}`;
  }
}
