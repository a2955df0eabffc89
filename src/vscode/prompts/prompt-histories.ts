import type { PromptVersion } from '../../core/versions/history/prompt-version.ts';
import type { BrokenRef } from '../../core/versions/refs/broken-refs.ts';
import type { VersionResults } from '../../core/versions/results/read-results.ts';
import { versionName } from '../../core/versions/results/result-figures.ts';
import type { WorkingState } from '../../core/versions/save/working-state.ts';
import type { Versions } from '../../core/versions/versions.ts';
import { type Page, PagedList } from '../shell/rows/paged-list.ts';
import type { VersionRow } from './version-texts.ts';

/** How many versions one page of the view has. */
export const PAGE = 20;

/** What is shown under one prompt. */
export interface PromptHistory {
  working: WorkingState;
  rows: VersionRow[];
  /** More can be asked for. */
  more: boolean;
  truncatedByShallowClone: boolean;
  /** Its versions and labels of which an object is missing. */
  broken: BrokenRef[];
}

/** Histories of the prompts that are unfolded; a folded one is forgotten, so that memory stays with what is seen. */
export interface PromptHistories {
  read(versions: Versions, file: string, text?: string): Promise<PromptHistory>;
  /** The next `read` has a page more. */
  more(file: string): void;
  /** Folded: the next `read` begins with one page. */
  forget(file: string): void;
  /** Something changed in git or in the files: everything is asked for again, as many versions as were shown. */
  invalidate(): void;
}

interface Entry {
  version: PromptVersion;
  results: VersionResults | undefined;
}

/** What is asked once for a prompt, however many pages of it are shown. */
interface Status {
  working: WorkingState;
  broken: BrokenRef[];
}

interface Opened {
  versions: Versions;
  pages: PagedList<Entry, string>;
  truncated: boolean;
  status: Promise<Status> | undefined;
  /** Versions of the pages whose text is missing, by commit. */
  missing: Map<string, BrokenRef>;
}

export function createPromptHistories(): PromptHistories {
  const opened = new Map<string, Opened>();

  function open(versions: Versions, file: string): Opened {
    const known = opened.get(file);
    if (known) return Object.assign(known, { versions });
    const pages = new PagedList<Entry, string>(PAGE, async (request) => {
      const page = await history.versions.history.list(file, request);
      const results = await history.versions.results.read(page.versions.map(({ contentHash }) => contentHash));
      history.truncated = page.truncatedByShallowClone;
      for (const broken of page.broken) history.missing.set(broken.ref, broken);
      const items = page.versions.map((version) => ({ version, results: results.get(version.contentHash) }));
      return { items, next: page.next };
    });
    const history: Opened = { versions, pages, truncated: false, status: undefined, missing: new Map() };
    opened.set(file, history);
    return history;
  }

  function statusOf(history: Opened, file: string, text: string | undefined): Promise<Status> {
    if (history.status) return history.status;
    const { versions } = history;
    const status = Promise.all([versions.saves.workingState(file, text), versions.history.brokenRefs(file)]).then(
      ([working, broken]) => ({ working, broken }),
    );
    history.status = status;
    status.catch(() => {
      if (history.status === status) history.status = undefined;
    });
    return status;
  }

  return {
    async read(versions, file, text) {
      const history = open(versions, file);
      const [page, status] = await Promise.all([history.pages.load(), statusOf(history, file, text)]);
      const { truncated } = history;
      return {
        ...status,
        broken: [...history.missing.values(), ...status.broken],
        rows: toRows(page, truncated),
        more: page.next !== undefined,
        truncatedByShallowClone: truncated,
      };
    },
    more: (file) => opened.get(file)?.pages.more(),
    forget: (file) => void opened.delete(file),
    invalidate() {
      for (const history of opened.values()) {
        history.pages.invalidate();
        history.status = undefined;
        history.missing.clear();
      }
    },
  };
}

function toRows({ items, next }: Page<Entry, string>, truncated: boolean): VersionRow[] {
  return items.map(({ version, results }, index): VersionRow => {
    const before = items[index + 1];
    return {
      version,
      results,
      before: before && { name: versionName(before.version), results: before.results },
      isFirst: !before && next === undefined && !truncated,
    };
  });
}
