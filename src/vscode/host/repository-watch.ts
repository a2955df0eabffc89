import { watch as watchFolder } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Repository, RepositoryState } from '../../core/versions/git/repository-state.ts';

/** A commit writes several of these files within a few milliseconds. */
const PAUSE_MS = 20;

const OWN = '{HEAD,MERGE_HEAD,CHERRY_PICK_HEAD,REVERT_HEAD,rebase-merge,rebase-apply}';
const SHARED = '{HEAD,packed-refs,shallow,refs/**,reftable/**}';

/** Fires when commits, branches, tags, labels or notes change. Nothing is polled. */
export class RepositoryWatch implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #debounce: Debounce;
  /**
   * The stamps of files when a change of HEAD was reported. VS Code reports the same changes later, which are then
   * ignored.
   */
  readonly #reported = new Map<string, string>();

  constructor(log: Log) {
    this.#debounce = new Debounce((error) => log.error('Could not read a change of the repository', error));
  }

  /** Watches what the state of a folder depends on: its git directories, or the creation of one. */
  follow(folder: vscode.Uri, state: RepositoryState): void {
    const places = placesOf(folder, state);
    const key = JSON.stringify(places.map(([base, pattern]) => [base.toString(), pattern]));
    if (this.#watchers.has(`${folder} ${key}`)) return;
    for (const [known, watcher] of this.#watchers) {
      if (!known.startsWith(`${folder} `)) continue;
      watcher.dispose();
      this.#watchers.delete(known);
    }
    this.#watchers.set(
      `${folder} ${key}`,
      vscode.Disposable.from(
        ...places.map(([base, pattern]) => this.#watch(base, pattern)),
        ...this.#watchHeadOf(state),
      ),
    );
  }

  /** Fires immediately, after a change by the extension itself. */
  fire(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.#debounce.dispose();
    this.#changed.dispose();
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }

  #later(before?: () => Promise<void>): void {
    this.#debounce.schedule(async () => {
      await before?.();
      this.#changed.fire();
    }, PAUSE_MS);
  }

  async #onFile({ fsPath }: vscode.Uri): Promise<void> {
    const stamp = this.#reported.get(fsPath);
    if (stamp === undefined || stamp !== (await stampOf(fsPath))) this.#later();
  }

  #watch(base: vscode.Uri, pattern: string): vscode.Disposable {
    const onFile = (uri: vscode.Uri) => this.#onFile(uri);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(base, pattern));
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange(onFile),
      watcher.onDidCreate(onFile),
      watcher.onDidDelete(onFile),
    );
  }

  #watchHeadOf(state: RepositoryState): vscode.Disposable[] {
    if (state.kind !== 'ready') return [];
    const { repository } = state;
    const remember = async () => {
      for (const file of await headFiles(repository)) {
        const stamp = await stampOf(file);
        if (stamp !== undefined) this.#reported.set(file, stamp);
      }
    };
    return [watchHead(repository.gitDir, () => this.#later(remember))];
  }
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
