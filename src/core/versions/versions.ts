import type { RepositoryState } from './git/repository-state.ts';
import type { History } from './history/history.ts';
import type { Labels } from './labels/labels.ts';
import type { Names } from './names/names.ts';
import type { Results } from './results/results.ts';
import type { Saves } from './save/saves.ts';
import type { Sync } from './sync/sync.ts';

/**
 * A version of a prompt is its *effective* content: the file and the partials that it uses, at one commit. Nothing here
 * checks anything out; history is git's and results are joined to it by the hash of the effective content. Paths are
 * absolute unless stated otherwise, and every method may throw UserError.
 */
export interface Versions {
  state(signal?: AbortSignal): Promise<RepositoryState>;
  /** `git init` with an unborn branch; nothing is committed. */
  createRepository(signal?: AbortSignal): Promise<void>;
  names: Names;
  history: History;
  saves: Saves;
  labels: Labels;
  results: Results;
  sync: Sync;
  dispose(): Promise<void>;
}
