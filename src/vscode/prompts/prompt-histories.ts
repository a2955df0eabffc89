import type { PromptVersion } from '../../core/versions/history/prompt-version.ts';
import type { BrokenRef } from '../../core/versions/refs/broken-refs.ts';
import type { VersionResults } from '../../core/versions/results/read-results.ts';
import { versionName } from '../../core/versions/results/result-figures.ts';
import type { WorkingState } from '../../core/versions/save/working-state.ts';
import type { Versions } from '../../core/versions/versions.ts';
import type { VersionRow } from './version-texts.ts';

/** How many versions one page of the view has. */
export const PAGE = 20;

/** What is shown under one prompt. */
export interface PromptHistory {
  working: WorkingState | undefined;
  rows: VersionRow[];
  /** More can be asked for. */
  more: boolean;
  truncatedByShallowClone: boolean;
  /** Its labels and saved versions on objects that are missing. */
  broken: BrokenRef[];
}

interface Loaded {
  versions: PromptVersion[];
  results: Map<string, VersionResults>;
  working: WorkingState | undefined;
  next: string | undefined;
  truncated: boolean;
  broken: BrokenRef[];
}

/** Histories of the prompts that are unfolded; a folded one is forgotten, so that memory stays with what is seen. */
export interface PromptHistories {
  read(versions: Versions, file: string, text?: string): Promise<PromptHistory>;
  /** The next `read` has a page more. */
  more(file: string): void;
  /** Folded: the next `read` begins with one page. */
  forget(file: string): void;
  /** Prompts whose history is shown. */
  shown(): string[];
  /** Something changed in git or in the files: everything is asked for again, as many versions as were shown. */
  invalidate(): void;
}

export function createPromptHistories(): PromptHistories {
  const loaded = new Map<string, Loaded>();
  /** How many versions a prompt shows. */
  const wanted = new Map<string, number>();
  const shown = new Set<string>();
  /** What is being read now, by file: who asks for it meanwhile waits for the same answer. */
  const reading = new Map<string, Promise<Loaded>>();
  let generation = 0;

  async function load(versions: Versions, file: string, text: string | undefined): Promise<Loaded> {
    const limit = wanted.get(file) ?? PAGE;
    const began = generation;
    const known = loaded.get(file);
    if (known && (known.versions.length >= limit || known.next === undefined)) return known;
    const isFirst = known === undefined;
    const [page, working, broken] = await Promise.all([
      versions.history.list(file, isFirst ? { limit } : { limit: PAGE, ...(known.next ? { cursor: known.next } : {}) }),
      isFirst ? versions.saves.workingState(file, text) : known.working,
      isFirst ? versions.history.brokenRefs(file) : known.broken,
    ]);
    const results = await versions.results.read(page.versions.map(({ contentHash }) => contentHash));
    const whole: Loaded = {
      versions: [...(known?.versions ?? []), ...page.versions],
      results: new Map([...(known?.results ?? []), ...results]),
      working,
      next: page.next,
      truncated: page.truncatedByShallowClone,
      broken,
    };
    // what was read while something changed is shown, but not kept
    if (began === generation) loaded.set(file, whole);
    return whole;
  }

  return {
    async read(versions, file, text) {
      shown.add(file);
      const key = JSON.stringify([generation, wanted.get(file), file, text]);
      const mine = reading.get(key) ?? load(versions, file, text).finally(() => reading.delete(key));
      reading.set(key, mine);
      return toHistory(await mine);
    },
    more(file) {
      wanted.set(file, (wanted.get(file) ?? PAGE) + PAGE);
    },
    forget(file) {
      loaded.delete(file);
      shown.delete(file);
      wanted.delete(file);
    },
    shown: () => [...shown],
    invalidate() {
      generation += 1;
      loaded.clear();
    },
  };
}

function toHistory({ versions, results, working, next, truncated, broken }: Loaded): PromptHistory {
  const rows = versions.map((version, index): VersionRow => {
    const before = versions[index + 1];
    return {
      version,
      results: results.get(version.contentHash),
      before: before && { name: versionName(before), results: results.get(before.contentHash) },
      isFirst: !before && next === undefined && !truncated,
    };
  });
  return { working, rows, more: next !== undefined, truncatedByShallowClone: truncated, broken };
}
