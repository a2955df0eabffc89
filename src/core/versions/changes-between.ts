import type { RepositoryContext } from './context.ts';
import { contentAt, type FoundContent } from './effective-content.ts';
import { commitOf } from './files-at.ts';
import { listFilesAt } from './list-files.ts';
import { isPartialFile, listPromptNames, promptNameOf } from './prompt-names.ts';
import type { PromptChange } from './versions.ts';
import { readWorkingContent } from './working-state.ts';

/** Prompts that differ in their effective content, sorted by path; without `head` the work tree is compared. */
export async function changesBetween(
  context: RepositoryContext,
  { base, head, signal }: { base: string; head: string | undefined; signal?: AbortSignal | undefined },
): Promise<PromptChange[]> {
  const sides = {
    base: await commitOf(context, base),
    head: head === undefined ? undefined : await commitOf(context, head),
  };
  const files = await changedFiles(context, sides, signal);
  if (files.length === 0) return [];
  const before = await listFilesAt(context, sides.base, signal);
  const pairs = files.filter(({ path, oldPath }) => !isPartialFile(path ?? oldPath ?? ''));
  const touched = new Set(files.flatMap(({ path, oldPath }) => [path, oldPath]));
  if (files.some(({ path, oldPath }) => isPartialFile(path ?? oldPath ?? ''))) {
    // A partial says nothing of who uses it: every other prompt is looked at.
    const after =
      sides.head === undefined ? await workingPaths(context, signal) : await listFilesAt(context, sides.head, signal);
    pairs.push(
      ...after.filter((path) => !touched.has(path) && before.includes(path)).map((path) => ({ path, oldPath: path })),
    );
  }
  const changes = await Promise.all(pairs.map((pair) => describeChange(context, { ...sides, ...pair, signal })));
  return changes.filter((change) => change !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Sides {
  base: string;
  head: string | undefined;
}

/** `path` is undefined where the file was removed, `oldPath` where it was added. */
interface FilePair {
  path: string | undefined;
  oldPath: string | undefined;
}

async function workingPaths(context: RepositoryContext, signal: AbortSignal | undefined): Promise<string[]> {
  return (await listPromptNames(context, signal)).map(({ path }) => path);
}

/** Prompts and partials whose own file differs. */
async function changedFiles(
  { git }: RepositoryContext,
  { base, head }: Sides,
  signal: AbortSignal | undefined,
): Promise<FilePair[]> {
  const pattern = ['--', '*.prompt'];
  const options = ['--no-literal-pathspecs', 'diff', '--name-status', '-z', '--find-renames', '--no-ext-diff'];
  const output = await git.run([...options, base, ...(head === undefined ? [] : [head]), ...pattern], {
    signal,
    maySayNothing: true,
  });
  const pairs = parseNameStatus(output);
  if (head !== undefined) return pairs;
  const args = ['--no-literal-pathspecs', 'ls-files', '-z', '--others', '--exclude-standard', ...pattern];
  const untracked = (await git.run(args, { signal, maySayNothing: true })).split('\0').filter(Boolean);
  return [...pairs, ...untracked.map((path) => ({ path, oldPath: undefined }))];
}

export function parseNameStatus(output: string): FilePair[] {
  const tokens = output.split('\0');
  const pairs: FilePair[] = [];
  for (let at = 0; at + 1 < tokens.length; ) {
    const status = tokens[at] ?? '';
    const [first, second] = [tokens[at + 1], tokens[at + 2]];
    const isPair = /^[RC]/.test(status);
    if (isPair) pairs.push({ path: second, oldPath: status.startsWith('R') ? first : undefined });
    else pairs.push({ path: status === 'D' ? undefined : first, oldPath: status === 'A' ? undefined : first });
    at += isPair ? 3 : 2;
  }
  return pairs;
}

async function describeChange(
  context: RepositoryContext,
  { base, head, path, oldPath, signal }: Sides & FilePair & { signal: AbortSignal | undefined },
): Promise<PromptChange | undefined> {
  const before = oldPath === undefined ? undefined : await contentAt(context, base, oldPath);
  const after = path === undefined ? undefined : await contentOfHead(context, { head, path, signal });
  const shown = after ?? before;
  const place = (after ? path : oldPath) ?? path ?? oldPath;
  if (!shown || place === undefined || (before?.hash === after?.hash && path === oldPath)) return undefined;
  return {
    kind: kindOf({ before, after, isRenamed: path !== oldPath }),
    path: place,
    oldPath: before && after && path !== oldPath ? oldPath : undefined,
    name: promptNameOf(shown.source, place),
    base: before && { commit: base, blob: before.blob, contentHash: before.hash },
    head: after && { commit: head, blob: after.blob, contentHash: after.hash },
    partials: before && after ? differingPartials(before, after) : [],
  };
}

async function contentOfHead(
  context: RepositoryContext,
  { head, path, signal }: { head: string | undefined; path: string; signal: AbortSignal | undefined },
): Promise<(FoundContent & { blob: string | undefined }) | undefined> {
  if (head !== undefined) return contentAt(context, head, path);
  const content = await readWorkingContent(context, path, { signal });
  return content && { ...content, blob: undefined };
}

function kindOf(change: { before: unknown; after: unknown; isRenamed: boolean }): PromptChange['kind'] {
  if (!change.before) return 'added';
  if (!change.after) return 'removed';
  return change.isRenamed ? 'renamed' : 'changed';
}

function differingPartials(before: FoundContent, after: FoundContent): string[] {
  const [old, now] = [before, after].map(({ partials }) => new Map(partials.map(({ path, text }) => [path, text])));
  const paths = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])];
  const withLf = (text: string | undefined) => text?.replaceAll('\r\n', '\n');
  return paths.filter((path) => withLf(old?.get(path)) !== withLf(now?.get(path))).sort();
}
