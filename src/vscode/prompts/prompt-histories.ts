import type { PromptVersion } from '../../core/versions/history/prompt-version.ts';
import type { BrokenRef } from '../../core/versions/refs/broken-refs.ts';
import type { EvalNote } from '../../core/versions/results/eval-notes.ts';
import type { VersionResults } from '../../core/versions/results/read-results.ts';
import { versionName } from '../../core/versions/results/result-figures.ts';
import type { WorkingState } from '../../core/versions/save/working-state.ts';
import type { Versions } from '../../core/versions/versions.ts';
import { type Page, PagedList } from '../shell/rows/paged-list.ts';
import type { VersionRow } from './describe-version.ts';

/** The number of versions per page of the view. */
export const PAGE = 20;

/** The children of one prompt. */
export interface PromptHistory {
  working: WorkingState;
  rows: VersionRow[];
  /** More versions are available. */
  more: boolean;
  truncatedByShallowClone: boolean;
  /** Its versions and labels with a missing object. */
  broken: BrokenRef[];
}

interface Entry {
  version: PromptVersion;
  results: VersionResults | undefined;
  evaluations: readonly EvalNote[] | undefined;
}

/** Read once per prompt, however many pages are shown. */
interface Status {
  working: WorkingState;
  broken: BrokenRef[];
}

interface Opened {
  versions: Versions;
  pages: PagedList<Entry, string>;
  truncated: boolean;
  status: Promise<Status> | undefined;
  /** Versions on the pages whose text is missing, by commit. */
  missing: Map<string, BrokenRef>;
}

/** The histories of expanded prompts. A collapsed one is discarded, so that memory is only used for what is shown. */
export class PromptHistories {
  readonly #opened = new Map<string, Opened>();

  async read(versions: Versions, file: string, text?: string): Promise<PromptHistory> {
    const history = this.#open(versions, file);
    const [page, status] = await Promise.all([history.pages.load(), this.#statusOf(history, file, text)]);
    const { truncated } = history;
    return {
      ...status,
      broken: [...history.missing.values(), ...status.broken],
      rows: toRows(page, truncated),
      more: page.next !== undefined,
      truncatedByShallowClone: truncated,
    };
  }

  /** The next `read` returns one more page. */
  more(file: string): void {
    this.#opened.get(file)?.pages.more();
  }

  /** The prompt was collapsed: the next `read` starts with one page. */
  forget(file: string): void {
    this.#opened.delete(file);
  }

  /** Git or files changed: everything is read again, with as many versions as were shown. */
  invalidate(): void {
    for (const history of this.#opened.values()) {
      history.pages.invalidate();
      history.status = undefined;
      history.missing.clear();
    }
  }

  #open(versions: Versions, file: string): Opened {
    const known = this.#opened.get(file);
    if (known) return Object.assign(known, { versions });
    const pages = new PagedList<Entry, string>(PAGE, async (request) => {
      const page = await history.versions.history.list(file, request);
      const contents = page.versions.map(({ contentHash }) => contentHash);
      const [results, evaluations] = await Promise.all([
        history.versions.results.read(contents),
        history.versions.results.readEvaluations(contents),
      ]);
      history.truncated = page.truncatedByShallowClone;
      for (const broken of page.broken) history.missing.set(broken.ref, broken);
      const items = page.versions.map((version) => ({
        version,
        results: results.get(version.contentHash),
        evaluations: evaluations.get(version.contentHash),
      }));
      return { items, next: page.next };
    });
    const history: Opened = { versions, pages, truncated: false, status: undefined, missing: new Map() };
    this.#opened.set(file, history);
    return history;
  }

  #statusOf(history: Opened, file: string, text: string | undefined): Promise<Status> {
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
}

function toRows({ items, next }: Page<Entry, string>, truncated: boolean): VersionRow[] {
  return items.map(({ version, results, evaluations }, index): VersionRow => {
    const before = items[index + 1];
    return {
      version,
      results,
      evaluations,
      before: before && { name: versionName(before.version), results: before.results },
      isFirst: !before && next === undefined && !truncated,
    };
  });
}
