import { throwIfAborted } from '../../base/abort.ts';
import type { RepositoryContext } from '../context.ts';
import { hintEntry, readFileAt } from '../git/files-at.ts';
import type { MissingText } from './broken-versions.ts';
import type { CommitOrder } from './commit-order.ts';
import { readLinks } from './commit-parents.ts';
import type { NewFile, Renames } from './find-renames.ts';
import { type PromptAt, promptAt } from './prompt-at.ts';
import type { LogEntry } from './prompt-log.ts';

/** The prompt at one commit of the graph, under its path there. */
export interface HistoryNode {
  entry: LogEntry;
  path: string;
  prompt: PromptAt;
  /** Its effective content differs from every parent's. */
  differs: boolean;
  /** Its own file differs from every parent's. */
  rewritten: boolean;
  /** Its path at every parent that has the prompt, if that is another one. */
  renamedFrom: string | undefined;
}

interface WalkRequest {
  context: RepositoryContext;
  /** The prompt's path at the start of the graph. */
  path: string;
  order: CommitOrder;
  /** Files whose changes are in the order. */
  files: ReadonlySet<string>;
  renames: Renames;
  /** Known renames of earlier walks; this one adds to them. */
  lineage: Map<string, Set<string>>;
  /** Nodes that are read at a time. */
  slice: number;
  isEnough(nodes: readonly HistoryNode[]): boolean;
  signal: AbortSignal | undefined;
}

export interface HistoryWalk {
  nodes: HistoryNode[];
  /** By commit and path: the commits from which the walk reached it. */
  followers: ReadonlyMap<string, readonly Follower[]>;
  /** Files whose changes are needed too. */
  missing: ReadonlySet<string>;
  broken: readonly MissingText[];
  /** A new fact changes the result so far: the walk starts over. */
  again: boolean;
  /** The number of commits up to the last one that was visited. */
  walked: number;
}

/** A listed commit, or a start of the walk. */
type Follower = string;
export const TIP: Follower = 'tip';

export const nodeKey = (commit: string, path: string) => `${commit}:${path}`;

/**
 * Follows a prompt from commit to parent, each parent by the prompt's path there. If a parent has none, older commits
 * may: the path is kept, since a file may have been deleted and restored.
 */
export async function walkHistory(request: WalkRequest): Promise<HistoryWalk> {
  const walk = startWalk(request);
  const { nodes, followers, missing, broken } = walk;
  const result = { nodes, followers, missing, broken };
  const { entries, tops } = request.order;
  let walked = 0;
  let enough = false;
  while (walked < entries.length && !enough) {
    throwIfAborted(request.signal);
    const slice = entries.slice(walked, walked + request.slice);
    await walk.prefetch(slice);
    for (const entry of slice) {
      walked += 1;
      if (tops.has(entry.commit)) await walk.start(entry.commit);
      await walk.visit(entry, walked - 1);
      enough = request.isEnough(walk.nodes);
      if (enough) break;
    }
    if (walk.missing.size > 0) break;
    if (walk.asked.length > 0) {
      await request.renames.ask(walk.asked, request.signal);
      return { ...result, again: true, walked };
    }
  }
  return { ...result, again: walk.learned(), walked };
}

interface ParentPlace {
  commit: string;
  path: string;
  prompt: PromptAt | undefined;
}

function startWalk({ context, path: newest, files, renames, lineage }: WalkRequest) {
  const nodes: HistoryNode[] = [];
  const missing = new Set<string>();
  const broken: MissingText[] = [];
  const asked: NewFile[] = [];
  const pathsOf = new Map<string, Set<string>>();
  const followers = new Map<string, Follower[]>();
  let current = new Set([newest]);
  let grew = false;
  let lacked = false;

  function place({ commit, path }: { commit: string; path: string }, follower: Follower): void {
    const key = nodeKey(commit, path);
    const known = followers.get(key);
    if (known) known.push(follower);
    else followers.set(key, [follower]);
    const paths = pathsOf.get(commit);
    if (paths) paths.add(path);
    else pathsOf.set(commit, new Set([path]));
  }

  function need(wanted: Iterable<string>): void {
    for (const file of wanted) if (!files.has(file)) missing.add(file);
  }

  function learn(path: string, before: string): void {
    const known = lineage.get(path) ?? new Set();
    if (!known.has(before)) grew = true;
    lineage.set(path, known.add(before));
  }

  /** A path that the prompt had before this one, at a commit without other evidence. */
  async function formerPath(commit: string, path: string): Promise<string | undefined> {
    lacked = true;
    const seen = new Set([path]);
    for (const one of seen) {
      for (const before of lineage.get(one) ?? []) {
        if (!seen.has(before) && (await readFileAt(context, commit, before))) return before;
        seen.add(before);
      }
    }
    return undefined;
  }

  /** By parent, the path that git considers the file's origin if that parent does not have it. */
  async function pathsBefore(commit: string, path: string, parents: readonly string[]) {
    const found: (string | undefined)[] = [];
    for (const parent of parents) {
      const file = { commit, parent, path };
      const isThere = (await readFileAt(context, parent, path)) !== undefined;
      found.push(isThere ? undefined : renames.pathBefore(file));
      if (!isThere && !renames.isKnown(file)) asked.push(file);
    }
    return found;
  }

  async function findParents(entry: LogEntry, path: string): Promise<ParentPlace[]> {
    const { commit, parents } = entry;
    const here = await Promise.all(parents.map((parent) => promptAt(context, parent, path)));
    const places = parents.map((parent, at): ParentPlace => ({ commit: parent, path, prompt: here[at] }));
    const isComplete = places.length > 0 && places.every(({ prompt }) => prompt);
    // Nothing differs from its one parent, so what was joined there does not matter. Nor if git found no difference.
    const compared = entry.changes[0]?.parents ?? 1;
    if (isComplete && parents.length === 1 && compared === 1) return places;
    const real = (await readLinks(context, commit))?.parents ?? [];
    if (isComplete && real.length === parents.length) return places;
    const before = await pathsBefore(commit, path, real);
    const known = before.filter((one) => one !== undefined);
    need(known);
    for (const one of known) learn(path, one);
    for (const [at, one] of places.entries()) {
      if (one.prompt) continue;
      // If a parent leads to no listed commit, or two to the same one, the content there decides.
      const olds = real.length === parents.length ? [before[at]] : known;
      for (const old of olds) if (old !== undefined) one.prompt ??= await placeAt(one, old);
    }
    return places;
  }

  async function placeAt(place: ParentPlace, path: string): Promise<PromptAt | undefined> {
    const prompt = await promptAt(context, place.commit, path);
    if (prompt) place.path = path;
    return prompt;
  }

  async function visitAs(entry: LogEntry, path: string, at: number): Promise<void> {
    const prompt = await promptAt(context, entry.commit, path);
    if (!prompt) {
      if (entry.changes.some((change) => change.path === path && !change.removed))
        broken.push({ entry, path, place: at });
      for (const commit of entry.parents) place({ commit, path }, entry.commit);
      return;
    }
    need(prompt.candidates);
    need([path]);
    const parents = await findParents(entry, path);
    for (const parent of parents) place(parent, entry.commit);
    const known = parents.filter((parent) => parent.prompt);
    const isRenamed = known.length > 0 && known.every((parent) => parent.path !== path);
    nodes.push({
      entry,
      path,
      prompt,
      differs: parents.every((parent) => parent.prompt?.hash !== prompt.hash),
      rewritten: parents.every((parent) => parent.prompt?.blob !== prompt.blob),
      renamedFrom: isRenamed ? known[0]?.path : undefined,
    });
  }

  return {
    nodes,
    followers,
    missing,
    broken,
    asked,
    learned: () => grew && lacked,
    async start(commit: string) {
      const here = await readFileAt(context, commit, newest);
      const path = here ? newest : ((await formerPath(commit, newest)) ?? newest);
      place({ commit, path }, TIP);
    },
    async visit(entry: LogEntry, at: number) {
      const paths = pathsOf.get(entry.commit) ?? new Set<string>();
      for (const path of paths) await visitAs(entry, path, at);
      if (paths.size > 0) current = paths;
    },
    /** One after the other they would each wait for git. */
    async prefetch(entries: readonly LogEntry[]) {
      for (const { commit, changes } of entries) {
        for (const { path, removed, blob, isLink } of changes) {
          if (!removed) hintEntry(context, { commit, path }, { blob, isLink });
        }
      }
      const wanted = entries.flatMap(({ commit }) => {
        return [...(pathsOf.get(commit) ?? current)].map((path) => ({ commit, path }));
      });
      await Promise.all(wanted.map(({ commit, path }) => promptAt(context, commit, path)));
    },
  };
}
