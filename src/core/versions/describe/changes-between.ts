import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../../base/abort.ts';
import type { FileReader } from '../../base/ports.ts';
import { isPartialFile } from '../../prompts/template/partial-files.ts';
import type { RepositoryContext } from '../context.ts';
import { commitOf } from '../git/files-at.ts';
import { loadTree } from '../git/loaded-trees.ts';
import { cacheFiles } from '../history/cache-files.ts';
import { listPromptNames, promptNameOf } from '../names/prompt-names.ts';
import { contentAt, type EffectiveContent, type FoundContent } from '../results/effective-content.ts';
import { readWorkingContent, workingFiles } from '../save/working-state.ts';

/** A prompt that differs between two revisions. */
export interface PromptChange {
  kind: 'added' | 'removed' | 'changed' | 'renamed';
  /** Path at head, or at base if it was removed. */
  path: string;
  oldPath: string | undefined;
  name: string;
  base: { commit: string; blob: string; contentHash: string } | undefined;
  head: { commit: string | undefined; blob: string | undefined; contentHash: string } | undefined;
  /** Paths of the partials that caused the change. */
  partials: string[];
}

/** Both sides of a change; undefined on the side where the prompt does not exist. */
export interface ChangedContent {
  change: PromptChange;
  base: EffectiveContent | undefined;
  head: EffectiveContent | undefined;
}

/** The number compared at a time: in between, the host handles other requests, and progress is reported. */
const BATCH = 25;

/** Called with the number of compared prompts and the total: a partial may be in thousands. */
export type Progress = (done: number, total: number) => void;

interface ChangesQuery {
  base: string;
  head: string | undefined;
  signal?: AbortSignal | undefined;
  progress?: Progress | undefined;
}

/** Prompts that differ in their effective content, sorted by path; without `head` the work tree is compared. */
export async function changesBetween(context: RepositoryContext, query: ChangesQuery): Promise<PromptChange[]> {
  const changes: PromptChange[] = [];
  for await (const found of findChanges(context, query)) changes.push(...found.map(({ change }) => change));
  return changes.sort(byPath);
}

/** The same with both sides of each change, which were read to find it. */
export async function readChanges(context: RepositoryContext, query: ChangesQuery): Promise<ChangedContent[]> {
  const changes: ChangedContent[] = [];
  for await (const found of findChanges(context, query)) changes.push(...found);
  return changes.sort((a, b) => byPath(a.change, b.change));
}

function byPath(a: PromptChange, b: PromptChange): number {
  return a.path < b.path ? -1 : 1;
}

async function* findChanges(
  context: RepositoryContext,
  { base, head, signal, progress }: ChangesQuery,
): AsyncGenerator<ChangedContent[]> {
  const sides = {
    base: await commitOf(context, base),
    head: head === undefined ? undefined : await commitOf(context, head),
  };
  const pairs = await pairsToCompare(context, sides, signal);
  const working = cacheFiles(await workingFiles(context, signal));
  for (let at = 0; at < pairs.length; at += BATCH) {
    throwIfAborted(signal);
    progress?.(at, pairs.length);
    const batch = pairs.slice(at, at + BATCH);
    const found = await Promise.all(
      batch.map((pair) => describeChange(context, { ...sides, ...pair, files: working, signal })),
    );
    yield found.filter((change) => change !== undefined);
    // results from a cache resolve at once, so other work would never get its turn
    await setImmediate();
  }
  progress?.(pairs.length, pairs.length);
}

async function pairsToCompare(
  context: RepositoryContext,
  sides: Sides,
  signal: AbortSignal | undefined,
): Promise<FilePair[]> {
  const files = await changedFiles(context, sides, signal);
  if (files.length === 0) return [];
  const [before] = await Promise.all([
    loadTree(context, sides.base, signal),
    sides.head === undefined ? undefined : loadTree(context, sides.head, signal),
  ]);
  const pairs = files.filter(({ path, oldPath }) => !isPartialFile(path ?? oldPath ?? ''));
  const touched = new Set(files.flatMap(({ path, oldPath }) => [path, oldPath]));
  if (!files.some(({ path, oldPath }) => isPartialFile(path ?? oldPath ?? ''))) return pairs;
  // A partial does not list its users: every other prompt has to be checked.
  const after =
    sides.head === undefined
      ? (await listPromptNames(context, signal)).map(({ path }) => path)
      : [...(await loadTree(context, sides.head)).keys()].filter((path) => !isPartialFile(path));
  const others = after.filter((path) => !touched.has(path) && before.has(path));
  return [...pairs, ...others.map((path) => ({ path, oldPath: path }))];
}

function plainContent({ source, partials, hash }: EffectiveContent): EffectiveContent {
  return { source, partials, hash };
}

interface Sides {
  base: string;
  head: string | undefined;
}

/** `path` is undefined if the file was removed, `oldPath` if it was added. */
interface FilePair {
  path: string | undefined;
  oldPath: string | undefined;
}

interface WorkTreeRead {
  files: FileReader;
  signal: AbortSignal | undefined;
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
    mayPrintNothing: true,
  });
  const pairs = parseNameStatus(output);
  if (head !== undefined) return pairs;
  const args = ['--no-literal-pathspecs', 'ls-files', '-z', '--others', '--exclude-standard', ...pattern];
  const untracked = (await git.run(args, { signal, mayPrintNothing: true })).split('\0').filter(Boolean);
  return [...pairs, ...untracked.map((path) => ({ path, oldPath: undefined }))];
}

function parseNameStatus(output: string): FilePair[] {
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
  { base, head, path, oldPath, ...read }: Sides & FilePair & WorkTreeRead,
): Promise<ChangedContent | undefined> {
  const before = oldPath === undefined ? undefined : await contentAt(context, base, oldPath);
  const after = path === undefined ? undefined : await contentOfHead(context, { head, path, ...read });
  const shown = after ?? before;
  const place = (after ? path : oldPath) ?? path ?? oldPath;
  if (!shown || place === undefined || (before?.hash === after?.hash && path === oldPath)) return undefined;
  const change: PromptChange = {
    kind: kindOf({ before, after, isRenamed: path !== oldPath }),
    path: place,
    oldPath: before && after && path !== oldPath ? oldPath : undefined,
    name: promptNameOf(shown.source, place),
    base: before && { commit: base, blob: before.blob, contentHash: before.hash },
    head: after && { commit: head, blob: after.blob, contentHash: after.hash },
    partials: before && after ? differingPartials(before, after) : [],
  };
  return { change, base: before && plainContent(before), head: after && plainContent(after) };
}

async function contentOfHead(
  context: RepositoryContext,
  { head, path, ...read }: { head: string | undefined; path: string } & WorkTreeRead,
): Promise<(FoundContent & { blob: string | undefined }) | undefined> {
  if (head !== undefined) return contentAt(context, head, path);
  const content = await readWorkingContent(context, path, read);
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
