import type { FileReader } from '../base/ports.ts';
import type { ChangedContent, PromptChange } from './describe/changes-between.ts';
import type { Author } from './git/identity.ts';
import type { RepositoryState } from './git/repository-state.ts';
import type { BlameLine } from './history/blame.ts';
import type { HistoryOptions, HistoryPage } from './history/read-history.ts';
import type { LabelMove } from './labels/label-history.ts';
import type { LabelOptions } from './labels/move-label.ts';
import type { Label } from './labels/read-labels.ts';
import type { PromptName } from './names/prompt-names.ts';
import type { ResolvedVersion } from './names/resolve-version.ts';
import type { BrokenRef } from './refs/broken-refs.ts';
import type { SavedTag } from './refs/saved-tags.ts';
import type { EffectiveContent } from './results/effective-content.ts';
import type { VersionResults } from './results/read-results.ts';
import type { SavedVersion, SaveOptions } from './save/save-version.ts';
import type { WorkingState } from './save/working-state.ts';
import type { SyncConflict } from './sync/conflicts.ts';
import type { FetchResult } from './sync/fetch-versions.ts';
import type { PushPlan } from './sync/plan-push.ts';
import type { PushResult } from './sync/push-versions.ts';

/**
 * A version of a prompt is its *effective* content: the file and the partials that it uses, at one commit. Nothing here
 * checks anything out; history is git's and results are joined to it by the hash of the effective content.
 */

/** Everything about versions; paths are absolute unless told otherwise. Every method may throw UserError. */
export interface Versions {
  state(signal?: AbortSignal): Promise<RepositoryState>;
  /** `git init` with an unborn branch; nothing is committed. */
  createRepository(signal?: AbortSignal): Promise<void>;

  /** The name by which a prompt's versions and labels go: its `name`, else its path without extension. */
  nameOf(file: string, text?: string): Promise<string>;
  /** Every prompt of the repository that git tracks or could track. */
  promptNames(signal?: AbortSignal): Promise<PromptName[]>;
  history(file: string, options?: HistoryOptions): Promise<HistoryPage>;
  workingState(file: string, text?: string, signal?: AbortSignal): Promise<WorkingState>;
  /** The file as it is now, or the text given, with the work tree's partials: what a version is compared with. */
  workingContent(file: string, text?: string, signal?: AbortSignal): Promise<EffectiveContent>;
  /** For many files at once, by one `git status`: absolute paths of prompts and partials that differ from HEAD. */
  changedFiles(signal?: AbortSignal): Promise<Map<string, 'changed' | 'untracked' | 'conflicted' | 'deleted'>>;

  resolve(spec: string, signal?: AbortSignal): Promise<ResolvedVersion>;
  /** The file that `NAME` or `NAME@REF` means, absolute, and the ref as written; undefined means the working file. */
  locate(spec: string, signal?: AbortSignal): Promise<{ file: string; ref: string | undefined }>;
  read(commit: string, file: string, signal?: AbortSignal): Promise<ResolvedVersion>;
  /** Files as they were at a commit; paths are absolute ones of the work tree. Never leaves the repository. */
  filesAt(commit: string): FileReader;

  save(file: string, options: SaveOptions): Promise<SavedVersion>;
  /** A first line for the commit, from what changed ("Lower the temperature of churn-analysis to 0.2"). */
  proposeMessage(file: string, signal?: AbortSignal): Promise<string>;
  /** Writes the version's text to nowhere: the caller puts it into the editor. */
  restoredText(commit: string, file: string, signal?: AbortSignal): Promise<string>;

  labels(signal?: AbortSignal): Promise<Label[]>;
  savedTags(signal?: AbortSignal): Promise<Map<string, SavedTag[]>>;
  /** Of a prompt: labels and saved versions on objects that are missing; everything else is without them. */
  brokenRefs(file: string, signal?: AbortSignal): Promise<BrokenRef[]>;
  /** `expected` is the label's tip as the user saw it: a move by somebody else since is told (`label-moved`). */
  moveLabel(file: string, options: LabelOptions & { commit: string }): Promise<Label>;
  removeLabel(file: string, options: LabelOptions): Promise<void>;
  labelHistory(file: string, label: string, signal?: AbortSignal): Promise<LabelMove[]>;

  results(contentHashes: readonly string[], signal?: AbortSignal): Promise<Map<string, VersionResults>>;
  /** Notes what the database knows about committed contents of this prompt; returns how many records were written. */
  noteResults(file: string, signal?: AbortSignal): Promise<number>;

  /** `progress` is told how many prompts were looked at, of how many: a partial may be in thousands. */
  changesBetween(
    base: string,
    head: string | undefined,
    signal?: AbortSignal,
    progress?: (done: number, total: number) => void,
  ): Promise<PromptChange[]>;
  /** The same with both sides of each change. */
  readChanges(
    base: string,
    head: string | undefined,
    signal?: AbortSignal,
    progress?: (done: number, total: number) => void,
  ): Promise<ChangedContent[]>;
  mergeBase(signal?: AbortSignal): Promise<{ base: string; upstream: string } | undefined>;
  blame(file: string, text?: string, signal?: AbortSignal): Promise<BlameLine[]>;

  planPush(remote?: string, signal?: AbortSignal): Promise<PushPlan>;
  push(plan: PushPlan, signal?: AbortSignal): Promise<PushResult>;
  fetch(remote?: string, signal?: AbortSignal): Promise<FetchResult>;
  /** Ends a conflict by a move that keeps both sides' history. */
  settleConflict(conflict: SyncConflict, keep: 'mine' | 'theirs', author?: Author): Promise<void>;

  dispose(): Promise<void>;
}
