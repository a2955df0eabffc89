import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { absolutePath, ownPath, repositoryPath } from '../git/repository-path.ts';
import { readHistory } from '../history/read-history.ts';
import { evaluatedContents, noteAll } from './note-evaluations.ts';
import type { CommittedContent, NotedContents } from './read-results.ts';

/** Without a limit, drafts that were run and never committed would cause the whole history to be read each time. */
const PAGES = 2;

/** Writes the database's results for this prompt's committed versions into git notes. */
export async function noteResults(
  context: RepositoryContext,
  path: string,
  signal?: AbortSignal,
): Promise<NotedContents> {
  const { store } = context.ports;
  const evaluated = await evaluatedContents(store, 0);
  const contents = [
    ...(await store.runs.listContents(0)),
    ...[...evaluated].map(([contentHash, promptPath]) => ({ contentHash, promptPath })),
  ];
  const ran = new Set(contents.map(({ contentHash }) => contentHash));
  // For runs of this very file the search goes further back; for a moved file, only the first page.
  const file = absolutePath(context, path);
  const own = contents.filter(({ promptPath }) => promptPath === file).map(({ contentHash }) => contentHash);
  const found: CommittedContent[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES && ran.size > 0; page += 1) {
    if (page > 0 && !own.some((contentHash) => ran.has(contentHash))) break;
    const options = { ...(cursor === undefined ? {} : { cursor }), ...(signal ? { signal } : {}) };
    const { versions, next } = await readHistory(context, path, options);
    for (const version of versions) if (ran.delete(version.contentHash)) found.push(version);
    if (next === undefined) break;
    cursor = next;
  }
  return noteAll(context, found, { signal });
}

/** Which results to note: those of these prompts, or of all that ran since a time (epoch milliseconds). */
export type RunsToNote = ({ files: readonly string[] } | { since: number }) & {
  /** False for a prompt whose results the user keeps private. */
  accepts?(file: string): boolean;
};

export interface NotedRuns {
  /** Records that were written. */
  count: number;
  failures: { file: string; error: unknown }[];
}

/** Notes cost and ratings of committed prompts' runs, so that a push shares them. */
export async function noteRuns(
  context: RepositoryContext,
  { accepts = () => true, ...runs }: RunsToNote,
): Promise<NotedRuns> {
  const noted: NotedRuns = { count: 0, failures: [] };
  const files = 'files' in runs ? runs.files : await promptsRunSince(context, runs.since);
  for (const file of new Set(files)) {
    if (!accepts(file)) continue;
    try {
      const { count, notices } = await noteResults(context, await ownPath(context, file));
      noted.count += count;
      if (notices.length > 0) throw new UserError(notices.join(' '), { code: 'git' });
    } catch (error) {
      noted.failures.push({ file, error });
    }
  }
  return noted;
}

async function promptsRunSince({ ports }: RepositoryContext, since: number): Promise<string[]> {
  const contents = await ports.store.runs.listContents(since);
  const evaluated = await evaluatedContents(ports.store, since);
  return [...contents.map(({ promptPath }) => promptPath), ...evaluated.values()].flatMap((file) => file ?? []);
}

const RECENTLY_MS = 30 * 86_400_000;

/** Before a push of results: notes those of every prompt run in the last month. Returns what could not be added. */
export async function noteRecentResults(context: RepositoryContext, signal?: AbortSignal): Promise<string[]> {
  const files = await promptsRunSince(context, context.ports.now() - RECENTLY_MS);
  const notices: string[] = [];
  for (const file of new Set(files)) {
    if (!(await context.ports.files.exists(file))) continue;
    const path = pathInside(context, file);
    if (path !== undefined) notices.push(...(await noteResults(context, path, signal)).notices);
  }
  return [...new Set(notices)];
}

/** A run may be of a prompt outside the repository. */
function pathInside(context: RepositoryContext, file: string): string | undefined {
  try {
    return repositoryPath(context, file);
  } catch {
    return undefined;
  }
}
