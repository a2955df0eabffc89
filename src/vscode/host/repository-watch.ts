import { watch as watchFolder } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Repository, RepositoryState } from '../../core/versions/git/repository-state.ts';

/** Fires when commits, branches, tags, labels or notes change. Nothing is polled. */
export interface RepositoryWatch extends vscode.Disposable {
  onDidChange: vscode.Event<void>;
  /** Watches what the state of a folder depends on: its git directories, or the creation of one. */
  follow(folder: vscode.Uri, state: RepositoryState): void;
  /** Fires immediately, after a change by the extension itself. */
  fire(): void;
}

/** A commit writes several of these files within a few milliseconds. */
const PAUSE_MS = 20;

const OWN = '{HEAD,MERGE_HEAD,CHERRY_PICK_HEAD,REVERT_HEAD,rebase-merge,rebase-apply}';
const SHARED = '{HEAD,packed-refs,shallow,refs/**,reftable/**}';

export function createRepositoryWatch(log: Log): RepositoryWatch {
  const changed = new vscode.EventEmitter<void>();
  const watchers = new Map<string, vscode.Disposable>();
  const debounce = new Debounce((error) => log.error('Could not read a change of the repository', error));

  /**
   * The stamps of files when a change of HEAD was reported. VS Code reports the same changes later, which are then
   * ignored.
   */
  const reported = new Map<string, string>();

  const later = (before?: () => Promise<void>) => {
    debounce.schedule(async () => {
      await before?.();
      changed.fire();
    }, PAUSE_MS);
  };
  const onFile = async ({ fsPath }: vscode.Uri) => {
    const stamp = reported.get(fsPath);
    if (stamp === undefined || stamp !== (await stampOf(fsPath))) later();
  };

  const watch = (base: vscode.Uri, pattern: string) => {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(base, pattern));
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange(onFile),
      watcher.onDidCreate(onFile),
      watcher.onDidDelete(onFile),
    );
  };
  const watchHeadOf = (state: RepositoryState) => {
    if (state.kind !== 'ready') return [];
    const { repository } = state;
    const remember = async () => {
      for (const file of await headFiles(repository)) {
        const stamp = await stampOf(file);
        if (stamp !== undefined) reported.set(file, stamp);
      }
    };
    return [watchHead(repository.gitDir, () => later(remember))];
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
        vscode.Disposable.from(...places.map(([base, pattern]) => watch(base, pattern)), ...watchHeadOf(state)),
      );
    },
    fire: () => changed.fire(),
    dispose() {
      debounce.dispose();
      changed.dispose();
      for (const watcher of watchers.values()) watcher.dispose();
    },
  };
}

/** A linked work tree has its own HEAD and shares the refs. */
function placesOf(folder: vscode.Uri, state: RepositoryState): [base: vscode.Uri, pattern: string][] {
  if (state.kind !== 'ready') return state.kind === 'untrusted' ? [] : [[folder, '{.git,.git/HEAD}']];
  const { gitDir, commonDir } = state.repository;
  const shared: [vscode.Uri, string] = [vscode.Uri.file(commonDir), SHARED];
  return gitDir === commonDir
    ? [[vscode.Uri.file(commonDir), `{${OWN.slice(1, -1)},${SHARED.slice(1, -1)}}`]]
    : [[vscode.Uri.file(gitDir), OWN], shared];
}

/**
 * The operating system reports immediately when git locks or unlocks HEAD, as every commit and checkout does. VS Code
 * collects file events and reports them about 100 ms later.
 */
function watchHead(gitDir: string, onMove: () => void): vscode.Disposable {
  try {
    const watcher = watchFolder(gitDir, { persistent: false }, (_event, name) => {
      if (name === 'HEAD' || name === 'HEAD.lock') onMove();
    });
    // VS Code's watcher reports the same changes, only later
    watcher.on('error', () => watcher.close());
    return { dispose: () => watcher.close() };
  } catch {
    return { dispose() {} };
  }
}

/** Files that a commit changes: HEAD, and the ref of the current branch. */
async function headFiles({ gitDir, commonDir }: Repository): Promise<string[]> {
  const head = path.join(gitDir, 'HEAD');
  const ref = /^ref: (\S+)/.exec(await readFile(head, 'utf8').catch(() => ''))?.[1];
  return ref === undefined ? [head] : [head, path.join(commonDir, ref)];
}

/** Differs after each change, even if the file was replaced by one of the same length. */
async function stampOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.ctimeMs}`;
}
