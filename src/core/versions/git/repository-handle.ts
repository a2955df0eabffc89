import type { RepositoryContext, VersionPorts } from '../context.ts';
import { createObjectReader } from './object-reader.ts';
import { followHead, gitIn, inspectRepository } from './repository.ts';
import { ownPath } from './repository-path.ts';
import { explainState, type RepositoryState } from './repository-state.ts';

export type RepositoryHandle = ReturnType<typeof createRepositoryHandle>;

/** Keeps one repository open and inspects it again when it may have changed. */
export function createRepositoryHandle(ports: VersionPorts) {
  let held: RepositoryContext | undefined;

  function close(): void {
    held?.objects.dispose();
    held = undefined;
  }

  async function state(signal?: AbortSignal): Promise<RepositoryState> {
    const isSameGit = held?.git.settings.binary === ports.gitPath();
    const found = await inspectRepository(ports, signal, isSameGit ? held?.repository.gitVersion : undefined);
    if (found.kind !== 'ready' || ports.folder === undefined) {
      close();
      return found;
    }
    const { repository } = found;
    const git = gitIn(ports, repository.root);
    const isSame = held?.repository.gitDir === repository.gitDir && held.git.settings.binary === git.settings.binary;
    if (held && isSame) {
      held = { ...held, repository };
    } else {
      close();
      const objects = createObjectReader(git.settings);
      held = { ports, folder: ports.folder, git, repository, objects };
      // Started now, so that a history need not wait for it; a failure shows there.
      objects.read('HEAD').catch(() => undefined);
    }
    return found;
  }

  /** For writing: everything is current, including operations in progress. */
  async function reopen(signal?: AbortSignal): Promise<RepositoryContext> {
    const found = await state(signal);
    if (found.kind !== 'ready') throw explainState(found);
    if (held) return held;
    throw explainState({ kind: 'none' });
  }

  /** For reading: HEAD is current. Throws UserError if there is no repository. */
  async function open(signal?: AbortSignal): Promise<RepositoryContext> {
    // Without trust nothing may start, even if there was trust before.
    if (!held || !ports.trusted()) return reopen(signal);
    const { objects, repository } = held;
    const head = await objects.read('HEAD').catch(() => undefined);
    if (!head || !held) return reopen(signal);
    if (head.hash === held.repository.head) return held;
    const followed = await followHead(repository, head.hash);
    if (!followed || !held || held.objects !== objects) return reopen(signal);
    held = { ...held, repository: followed };
    return held;
  }

  /** For reading a file: its path as git names it, too. Throws UserError for a file of another repository. */
  async function openFor(file: string, signal?: AbortSignal): Promise<[RepositoryContext, string]> {
    const context = await open(signal);
    return [context, await ownPath(context, file)];
  }

  return { state, open, reopen, openFor, dispose: close };
}
