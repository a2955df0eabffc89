import type { RepositoryContext } from '../context.ts';
import { absolutePath, repositoryPath } from '../git/repository-path.ts';
import { readHistory } from '../history/read-history.ts';
import { type CommittedContent, type NotedContents, noteContents } from './read-results.ts';

/** Drafts that were run and never committed would else have the whole of a long history read each time. */
const PAGES = 2;

/** Notes what the database counted of this prompt's committed versions. */
export async function noteResults(
  context: RepositoryContext,
  path: string,
  signal?: AbortSignal,
): Promise<NotedContents> {
  const store = await context.ports.store();
  const contents = await store.listContents(0);
  const ran = new Set(contents.map(({ contentHash }) => contentHash));
  // What was run of this very file is looked for further back; of one that was moved, on the first page.
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
  return noteContents(context, found, { signal });
}

const RECENTLY_MS = 30 * 86_400_000;

/** Before results are sent: notes those of every prompt that was run in the last month. Returns what could not be added. */
export async function noteRecentResults(context: RepositoryContext, signal?: AbortSignal): Promise<string[]> {
  const store = await context.ports.store();
  const recent = await store.listContents(context.ports.now() - RECENTLY_MS);
  const paths = new Set(recent.flatMap(({ promptPath }) => promptPath ?? []));
  const notices: string[] = [];
  for (const file of paths) {
    if (!(await context.ports.files.exists(file))) continue;
    const path = pathInside(context, file);
    if (path !== undefined) notices.push(...(await noteResults(context, path, signal)).notices);
  }
  return [...new Set(notices)];
}

/** A run may be of a prompt that lies outside of the repository. */
function pathInside(context: RepositoryContext, file: string): string | undefined {
  try {
    return repositoryPath(context, file);
  } catch {
    return undefined;
  }
}
