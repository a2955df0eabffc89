import type { FileReader } from '../base/ports.ts';
import type { ContentSummary } from '../store/store.ts';

/**
 * A version of a prompt is its *effective* content: the file and the partials that it uses, at one commit. Nothing here
 * checks anything out; history is git's and results are joined to it by the hash of the effective content.
 */

/** Why there is, or is not, a history to show. */
export type RepositoryState =
  | { kind: 'ready'; repository: Repository }
  /** No git process was started: a repository's own configuration can run programs. */
  | { kind: 'untrusted' }
  | { kind: 'no-folder' }
  /** The folder is in no repository. */
  | { kind: 'none' }
  | { kind: 'bare'; gitDir: string }
  | { kind: 'no-git' }
  | { kind: 'old-git'; version: string }
  /** git refuses a folder that somebody else owns (`safe.directory`). */
  | { kind: 'unsafe'; folder: string; message: string };

export interface Repository {
  /** Absolute path of the work tree, symbolic links resolved; a worktree or a submodule has its own. */
  root: string;
  /** The workspace's folder in it: empty, or with `/` at its end. Partials are looked for up to there. */
  folderPath: string;
  /** Absolute path of this work tree's git directory, and of the one shared by all work trees. */
  gitDir: string;
  commonDir: string;
  gitVersion: string;
  /** Undefined on a detached HEAD. An unborn branch has a name and no `head`. */
  branch: string | undefined;
  head: string | undefined;
  shallow: boolean;
  sparse: boolean;
  /** An operation that is not finished: saving is refused until it is. */
  underWay: 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect' | undefined;
}

/** The prompt's file with all partials that it uses, by the name that the template calls them. */
export interface EffectiveContent {
  source: string;
  /** Sorted by name; `path` is relative to the repository, with `/`. */
  partials: { name: string; path: string; text: string; blob: string | undefined }[];
  /** See `contentHash`. */
  hash: string;
}

export interface Author {
  name: string;
  email: string;
}

/** One entry of a prompt's history: a commit that changed its effective content. */
export interface PromptVersion {
  /** Full hash of the commit, and as short as git abbreviates it. */
  commit: string;
  shortCommit: string;
  /** The prompt's path at this commit, relative to the repository, with `/`. */
  path: string;
  /** Blob of the prompt's file at this commit. Results are noted on it. */
  blob: string;
  /** Hash of the effective content; versions of equal content share their results. */
  contentHash: string;
  author: Author;
  /** Epoch milliseconds of the author's and the committer's date. */
  authoredAt: number;
  committedAt: number;
  subject: string;
  /** What changed here: the file itself, partials by their paths, the file's name. */
  changed: { prompt: boolean; partials: string[]; renamedFrom: string | undefined };
  /** Numbers of the tags that saved it, ascending; the newest names it. */
  savedAs: SavedTag[];
  /** Labels that stand on this commit's effective content of this prompt. */
  labels: string[];
}

export interface SavedTag {
  /** `prompt/<encoded name>/v<n>` */
  tag: string;
  number: number;
  commit: string;
}

export interface HistoryPage {
  versions: PromptVersion[];
  /** Hand it in for the next page; undefined at the end. */
  next: string | undefined;
  /** History ends where the clone was cut off, not where it began. */
  truncatedByShallowClone: boolean;
}

export interface HistoryOptions {
  /** Entries of a page; 50 unless told. */
  limit?: number;
  cursor?: string;
  /** `branch`: what HEAD reaches (the default). `all`: every local and remote branch and tag, never the tool's own refs. */
  scope?: 'branch' | 'all';
  signal?: AbortSignal;
}

/** A label where it stands now. */
export interface Label {
  /** The prompt's name, decoded. */
  prompt: string;
  label: string;
  ref: string;
  /** The newest move's commit (not the target). */
  tip: string;
  /** Commit that the label stands on. */
  target: string;
  /** The prompt's path at the target. */
  path: string;
  movedAt: number;
  movedBy: Author;
}

/** A label or a saved version whose object is not in this repository; everything else goes on without it. */
export interface BrokenRef {
  ref: string;
  kind: 'tag' | 'label';
  /** The prompt's name, decoded. */
  prompt: string;
  /** `v2`, `production` */
  name: string;
  /** The object that is missing. */
  object: string;
  message: string;
  /** What takes it away, or repairs it. */
  hint: string;
}

export interface LabelOptions {
  label: string;
  why: string;
  expected?: string;
  /** Used for this move where git knows no user (`no-identity` asks). */
  author?: Author;
  signal?: AbortSignal;
}

/** One move of a label; `from` is undefined where it was set anew, `to` where it was removed. */
export interface LabelMove {
  commit: string;
  by: Author;
  at: number;
  from: string | undefined;
  to: string | undefined;
  /** Why, as the user wrote it; empty where nothing was written. */
  why: string;
}

/** Where the file on disk (or in the editor) differs from HEAD. */
export interface WorkingState {
  path: string;
  /** `clean`: equal to HEAD's effective content. */
  kind: 'clean' | 'changed' | 'untracked' | 'ignored' | 'conflicted' | 'deleted';
  /** Paths, relative to the repository, of the prompt and its partials that differ from HEAD. */
  changed: string[];
  /** Paths whose staged content differs from the file's: saving would replace what was staged. */
  stagedDifferently: string[];
  contentHash: string;
  /** The version that HEAD has, where it has one. */
  head: { commit: string; blob: string; contentHash: string } | undefined;
}

export interface SaveOptions {
  message: string;
  /** A label to set on the saved version, with the reason of the move. */
  label?: { label: string; why: string };
  /** Commit although other content of these paths is staged (`staged-differs` asks). */
  replaceStaged?: boolean;
  /** Used for this commit where git knows no user (`no-identity` asks); never written to any configuration. */
  author?: Author;
  signal?: AbortSignal;
}

export interface SavedVersion {
  /** Undefined where only a tag was missing. */
  committed: string[];
  commit: string;
  tag: SavedTag;
  contentHash: string;
  /** The commit's message: that of an earlier save where nothing had changed since. */
  message: string;
  label: string | undefined;
  /** Output of hooks, empty where there was none. */
  output: string;
  /** Sentences that the user should see: an earlier save that was completed, results that could not be noted. */
  notices: string[];
}

/** Which version a user means: `churn-analysis@production`, `@v3`, `@a1b2c3d`, `@HEAD~2`. */
export interface VersionSpec {
  /** Name or path as written; a path wins over a name. */
  prompt: string;
  /** Undefined means the working file. */
  ref: string | undefined;
}

/** A version as resolved and read. */
export interface ResolvedVersion {
  /** As a person names it: `v3`, `production`, `a1b2c3d`. */
  label: string;
  commit: string;
  path: string;
  /** Absolute path that the file has in the work tree, whether it is there now or not. */
  absolutePath: string;
  blob: string;
  content: EffectiveContent;
  savedAs: SavedTag[];
  /** True where the text is what Git LFS left in git: it stands for the prompt, and is not the prompt. */
  lfsPointer: boolean;
  /** The prompt or a partial that is a symbolic link in that commit: its text is the name of the target. */
  link: { path: string; target: string } | undefined;
}

/** What is known of one effective content's quality, from this workspace's runs and from colleagues' notes. */
export interface VersionResults {
  contentHash: string;
  /** Sum over all who recorded; see `ContentSummary` for the fields. */
  summary: ContentSummary;
  /** How many recorders' numbers are in it, and whether some of them are not noted in git yet. */
  recorders: number;
  pending: boolean;
}

/** What pushing would send, shown before anything leaves. */
export interface PushPlan {
  remote: string;
  /** With credentials removed. */
  url: string;
  items: PushItem[];
  /** Labels that moved on both sides, results that must be fetched first. */
  conflicts: SyncConflict[];
  /** What is not sent although it is here, and why; sentences for the user. */
  notices: string[];
}

export interface PushItem {
  kind: 'label' | 'tag' | 'results';
  ref: string;
  /** `churn-analysis: production → v4`, `3 results`. */
  description: string;
  /** What the remote has now as far as the last fetch knows; undefined where nothing. */
  expected: string | undefined;
  commit: string;
}

export interface SyncConflict {
  ref: string;
  description: string;
  mine: string;
  theirs: string;
}

export interface PushResult {
  sent: PushItem[];
  rejected: { item: PushItem; reason: string }[];
}

export interface FetchResult {
  remote: string;
  labelsMoved: { prompt: string; label: string; from: string | undefined; to: string | undefined; by: Author }[];
  tagsAdded: string[];
  /** Tags of that name which somebody else made on another commit; ours stays. */
  tagsClashing: string[];
  resultsAdded: number;
  conflicts: SyncConflict[];
  /** What came and could not be taken in, and why; sentences for the user. */
  notices: string[];
}

/** How refs travel: through the Git extension's sign-in, or git with prompts off. */
export interface RefTransport {
  fetch(remote: string, refspecs: string[], signal?: AbortSignal): Promise<void>;
  /** Each ref on its own: one that is refused must not hold back the others. `expected` is the lease. */
  push(
    remote: string,
    updates: { ref: string; commit: string; expected: string | undefined }[],
    signal?: AbortSignal,
  ): Promise<{ ref: string; rejected: string | undefined }[]>;
}

/** A prompt that differs between two revisions. */
export interface PromptChange {
  kind: 'added' | 'removed' | 'changed' | 'renamed';
  /** Path at head, or at base where it was removed. */
  path: string;
  oldPath: string | undefined;
  name: string;
  base: { commit: string; blob: string; contentHash: string } | undefined;
  head: { commit: string | undefined; blob: string | undefined; contentHash: string } | undefined;
  /** Partials whose change is the change, by path. */
  partials: string[];
}

/** Both sides of a change; undefined where there is none. */
export interface ChangedContent {
  change: PromptChange;
  base: EffectiveContent | undefined;
  head: EffectiveContent | undefined;
}

export interface BlameLine {
  /** 1-based. */
  line: number;
  commit: string;
  /** All zeros in git: not committed yet. */
  uncommitted: boolean;
  author: Author;
  at: number;
  subject: string;
  path: string;
  originalLine: number;
}

export interface PromptName {
  name: string;
  path: string;
}

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
