import type { RepositoryContext, VersionPorts } from '../context.ts';
import { ObjectReader } from './object-reader.ts';
import { followHead, gitIn, inspectRepository } from './repository.ts';
import { ownPath } from './repository-path.ts';
import { explainState, type RepositoryState } from './repository-state.ts';

export type RepositoryHandle = ReturnType<typeof createRepositoryHandle>;

/** Keeps one repository open and inspects it again when it may have changed. */
export function createRepositoryHandle(ports: VersionPorts) {
  let current: RepositoryContext | undefined;

  function close(): void {
    current?.objects.dispose();
    current = undefined;
  }

  async function state(signal?: AbortSignal): Promise<RepositoryState> {
    const isSameGit = current?.git.settings.binary === ports.gitPath();
    const found = await inspectRepository(ports, signal, isSameGit ? current?.repository.gitVersion : undefined);
    if (found.kind !== 'ready' || ports.folder === undefined) {
      close();
      return found;
    }
    current = contextOf({ ports, folder: ports.folder, repository: found.repository }, current);
    return found;
  }

  /** For writing: everything is current, including operations in progress. */
  async function reopen(signal?: AbortSignal): Promise<RepositoryContext> {
    const found = await state(signal);
    if (found.kind !== 'ready') throw explainState(found);
    if (current) return current;
    throw explainState({ kind: 'none' });
  }

  /** For reading: HEAD is current. Throws UserError if there is no repository. */
  async function open(signal?: AbortSignal): Promise<RepositoryContext> {
    // Without trust nothing may start, even if there was trust before.
    if (!current || !ports.trusted()) return reopen(signal);
    const { objects, repository } = current;
    const head = await objects.read('HEAD').catch(() => undefined);
    if (!head || !current) return reopen(signal);
    if (head.hash === current.repository.head) return current;
    const followed = await followHead(repository, head.hash);
    if (!followed || !current || current.objects !== objects) return reopen(signal);
    current = { ...current, repository: followed };
    return current;
  }

  /** For reading a file: its path as git names it, too. Throws UserError for a file of another repository. */
  async function openFor(file: string, signal?: AbortSignal): Promise<[RepositoryContext, string]> {
    const context = await open(signal);
    return [context, await ownPath(context, file)];
  }

  return { state, open, reopen, openFor, dispose: close };
}

/** Keeps the open context of the same repository, if git is the same program. */
function contextOf(
  { ports, folder, repository }: Pick<RepositoryContext, 'ports' | 'folder' | 'repository'>,
  current: RepositoryContext | undefined,
): RepositoryContext {
  const git = gitIn(ports, repository.root);
  const isSame =
    current?.repository.gitDir === repository.gitDir && current.git.settings.binary === git.settings.binary;
  if (current && isSame) return { ...current, repository };
  current?.objects.dispose();
  const objects = new ObjectReader(git.settings);
  // Started now, so that a history need not wait for it; a failure shows there.
  objects.read('HEAD').catch(() => undefined);
  return { ports, folder, git, repository, objects };
}
