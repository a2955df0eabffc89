import type { RepositoryState } from '../../core/versions/git/repository-state.ts';
import type { MessageRow } from '../shell/paged-tree.ts';

/** Explains why prompts have no versions, or why none can be saved. Empty if there is no problem. */
export function repositoryNotes(folder: NotedFolder, state: RepositoryState): MessageRow[] {
  const note = describeState(state, folder.root);
  if (!note) return [];
  const text = folder.name === undefined ? note.text : `${folder.name}: ${note.text}`;
  return [{ kind: 'message', id: folder.root, ...note, text }];
}

interface NotedFolder {
  root: string;
  /** Set if the window has several folders. */
  name: string | undefined;
}

type Note = Omit<MessageRow, 'kind' | 'id'>;

function describeState(state: RepositoryState, root: string): Note | undefined {
  const showLog = { command: 'llmops.log.show', title: 'Show Log' };
  switch (state.kind) {
    case 'no-folder':
      return undefined;
    case 'untrusted':
      return {
        text: 'This workspace is not trusted, so git is not started: the settings of a repository can run programs',
        icon: 'workspace-untrusted',
        command: { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' },
      };
    case 'none':
      return {
        text: 'Versions need git. This folder has no repository yet',
        icon: 'repo-create',
        command: { command: 'llmops.version.createRepository', title: 'Create Repository', arguments: [root] },
      };
    case 'bare':
      return {
        text: 'This is a bare repository without files. Open a clone of it to save versions',
        icon: 'warning',
      };
    case 'no-git':
      return {
        text: 'Git was not found. Install git 2.30 or later, or set git.path',
        icon: 'warning',
        command: { command: 'workbench.action.openSettings', title: 'Open Setting', arguments: ['git.path'] },
      };
    case 'old-git':
      return {
        text: `Git ${state.version} is too old. Versions need git 2.30 or later`,
        icon: 'warning',
        command: { command: 'workbench.action.openSettings', title: 'Open Setting', arguments: ['git.path'] },
      };
    case 'unsafe':
      return { text: state.message, icon: 'shield', command: showLog };
    case 'ready':
      return describeReady(state.repository);
  }
}

function describeReady({ operation }: { operation: string | undefined }): Note | undefined {
  if (operation === undefined || operation === 'bisect') return undefined;
  const text = `A ${operation} is in progress. Finish or abort it before you save a version`;
  return { text, icon: 'git-merge', color: 'list.warningForeground' };
}
