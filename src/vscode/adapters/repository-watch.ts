import * as vscode from 'vscode';
import type { RepositoryState } from '../../core/versions/versions.ts';

/** Tells when commits, branches, tags, labels or notes changed; nothing is polled. */
export interface RepositoryWatch extends vscode.Disposable {
  onDidChange: vscode.Event<void>;
  /** Watches what a folder's state depends on: its git directories, or that there comes to be one. */
  follow(folder: vscode.Uri, state: RepositoryState): void;
  /** The extension itself changed something: no need to wait for the disk. */
  fire(): void;
}

/** A commit writes several of these files within a few milliseconds. */
const PAUSE_MS = 20;

const OWN = '{HEAD,MERGE_HEAD,CHERRY_PICK_HEAD,REVERT_HEAD,rebase-merge,rebase-apply}';
const SHARED = '{HEAD,packed-refs,shallow,refs/**,reftable/**}';

export function createRepositoryWatch(): RepositoryWatch {
  const changed = new vscode.EventEmitter<void>();
  const watchers = new Map<string, vscode.Disposable>();
  let timer: NodeJS.Timeout | undefined;

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => changed.fire(), PAUSE_MS);
  };

  const watch = (base: vscode.Uri, pattern: string) => {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(base, pattern));
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange(later),
      watcher.onDidCreate(later),
      watcher.onDidDelete(later),
    );
  };

  return {
    onDidChange: changed.event,
    follow(folder, state) {
      const places = placesOf(folder, state);
      const key = JSON.stringify(places.map(([base, pattern]) => [base.toString(), pattern]));
      if (watchers.has(`${folder} ${key}`)) return;
      for (const [known, watcher] of watchers) {
        if (!known.startsWith(`${folder} `)) continue;
        watcher.dispose();
        watchers.delete(known);
      }
      watchers.set(
        `${folder} ${key}`,
        vscode.Disposable.from(...places.map(([base, pattern]) => watch(base, pattern))),
      );
    },
    fire: () => changed.fire(),
    dispose() {
      clearTimeout(timer);
      changed.dispose();
      for (const watcher of watchers.values()) watcher.dispose();
    },
  };
}

/** A linked work tree has a HEAD of its own and shares the refs. */
function placesOf(folder: vscode.Uri, state: RepositoryState): [base: vscode.Uri, pattern: string][] {
  if (state.kind !== 'ready') return state.kind === 'untrusted' ? [] : [[folder, '{.git,.git/HEAD}']];
  const { gitDir, commonDir } = state.repository;
  const shared: [vscode.Uri, string] = [vscode.Uri.file(commonDir), SHARED];
  return gitDir === commonDir
    ? [[vscode.Uri.file(commonDir), `{${OWN.slice(1, -1)},${SHARED.slice(1, -1)}}`]]
    : [[vscode.Uri.file(gitDir), OWN], shared];
}
