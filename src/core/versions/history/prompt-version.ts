import type { Author } from '../git/identity.ts';
import type { SavedTag } from '../refs/saved-tags.ts';

/** One entry of a prompt's history: a commit that changed its effective content. */
export interface PromptVersion {
  /** Full hash of the commit, and git's abbreviation. */
  commit: string;
  shortCommit: string;
  /** The prompt's path at this commit, relative to the repository, with `/`. */
  path: string;
  /** Blob of the prompt's file at this commit. Results are noted on it. */
  blob: string;
  /** Hash of the effective content; versions with equal content share their results. */
  contentHash: string;
  author: Author;
  /** Epoch milliseconds of the author's and the committer's date. */
  authoredAt: number;
  committedAt: number;
  subject: string;
  /** What changed here: the file itself, partials by their paths, the file's name. */
  changed: { prompt: boolean; partials: string[]; renamedFrom: string | undefined };
  /** Numbers of the tags that saved it, ascending; the newest is its name. */
  savedAs: SavedTag[];
  /** Labels on this commit's effective content of this prompt. */
  labels: string[];
}
