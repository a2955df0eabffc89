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
  const walk = new Walk(request);
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

/** One walk over the commits, and all that it has found so far. */
class Walk {
  private readonly context: RepositoryContext;
  private readonly newest: string;
  private readonly files: ReadonlySet<string>;
  private readonly renames: Renames;
  private readonly lineage: Map<string, Set<string>>;
  readonly nodes: HistoryNode[] = [];
  readonly followers = new Map<string, Follower[]>();
  readonly missing = new Set<string>();
  readonly broken: MissingText[] = [];
  /** Files without a known origin; git has to be asked for it. */
  readonly asked: NewFile[] = [];
  private readonly pathsOf = new Map<string, Set<string>>();
  private current: ReadonlySet<string>;
  private grew = false;
  private lacked = false;

  constructor({ context, path: newest, files, renames, lineage }: WalkRequest) {
    this.context = context;
    this.newest = newest;
    this.files = files;
    this.renames = renames;
    this.lineage = lineage;
    this.current = new Set([newest]);
  }

  /** True if a path was searched for before all that is known now was known. */
  learned(): boolean {
    return this.grew && this.lacked;
  }

  async start(commit: string): Promise<void> {
    const here = await readFileAt(this.context, commit, this.newest);
    const path = here ? this.newest : ((await this.formerPath(commit, this.newest)) ?? this.newest);
    this.place({ commit, path }, TIP);
  }

  async visit(entry: LogEntry, at: number): Promise<void> {
    const paths = this.pathsOf.get(entry.commit) ?? new Set<string>();
    for (const path of paths) await this.visitAs(entry, path, at);
    if (paths.size > 0) this.current = paths;
  }

  /** One after the other they would each wait for git. */
  async prefetch(entries: readonly LogEntry[]): Promise<void> {
    for (const { commit, changes } of entries) {
      for (const { path, removed, blob, isLink } of changes) {
        if (!removed) hintEntry(this.context, { commit, path }, { blob, isLink });
      }
    }
    const places = entries.flatMap(({ commit }) => {
      return [...(this.pathsOf.get(commit) ?? this.current)].map((path) => ({ commit, path }));
    });
    await Promise.all(places.map(({ commit, path }) => promptAt(this.context, commit, path)));
  }

  private place({ commit, path }: { commit: string; path: string }, follower: Follower): void {
    const key = nodeKey(commit, path);
    const known = this.followers.get(key);
    if (known) known.push(follower);
    else this.followers.set(key, [follower]);
    const paths = this.pathsOf.get(commit);
    if (paths) paths.add(path);
    else this.pathsOf.set(commit, new Set([path]));
  }

  private need(paths: Iterable<string>): void {
    for (const file of paths) if (!this.files.has(file)) this.missing.add(file);
  }

  private learn(path: string, before: string): void {
    const known = this.lineage.get(path) ?? new Set();
    if (!known.has(before)) this.grew = true;
    this.lineage.set(path, known.add(before));
  }

  /** A path that the prompt had before this one, at a commit without other evidence. */
  private async formerPath(commit: string, path: string): Promise<string | undefined> {
    this.lacked = true;
    const seen = new Set([path]);
    for (const one of seen) {
      for (const before of this.lineage.get(one) ?? []) {
        if (!seen.has(before) && (await readFileAt(this.context, commit, before))) return before;
        seen.add(before);
      }
    }
    return undefined;
  }

  /** By parent, the path that git considers the file's origin if that parent does not have it. */
  private async pathsBefore(commit: string, path: string, parents: readonly string[]) {
    const found: (string | undefined)[] = [];
    for (const parent of parents) {
      const file = { commit, parent, path };
      const isThere = (await readFileAt(this.context, parent, path)) !== undefined;
      found.push(isThere ? undefined : this.renames.pathBefore(file));
      if (!isThere && !this.renames.isKnown(file)) this.asked.push(file);
    }
    return found;
  }

  private async findParents(entry: LogEntry, path: string): Promise<ParentPlace[]> {
    const { commit, parents } = entry;
    const here = await Promise.all(parents.map((parent) => promptAt(this.context, parent, path)));
    const places = parents.map((parent, at): ParentPlace => ({ commit: parent, path, prompt: here[at] }));
    const isComplete = places.length > 0 && places.every(({ prompt }) => prompt);
    // Nothing differs from its one parent, so what was joined there does not matter. Nor if git found no difference.
    const compared = entry.changes[0]?.parents ?? 1;
    if (isComplete && parents.length === 1 && compared === 1) return places;
    const real = (await readLinks(this.context, commit))?.parents ?? [];
    if (isComplete && real.length === parents.length) return places;
    const before = await this.pathsBefore(commit, path, real);
    const known = before.filter((one) => one !== undefined);
    this.need(known);
    for (const one of known) this.learn(path, one);
    for (const [at, one] of places.entries()) {
      if (one.prompt) continue;
      // If a parent leads to no listed commit, or two to the same one, the content there decides.
      const olds = real.length === parents.length ? [before[at]] : known;
      for (const old of olds) if (old !== undefined) one.prompt ??= await this.placeAt(one, old);
    }
    return places;
  }

  private async placeAt(place: ParentPlace, path: string): Promise<PromptAt | undefined> {
    const prompt = await promptAt(this.context, place.commit, path);
    if (prompt) place.path = path;
    return prompt;
  }

  private async visitAs(entry: LogEntry, path: string, at: number): Promise<void> {
    const prompt = await promptAt(this.context, entry.commit, path);
    if (!prompt) {
      if (entry.changes.some((change) => change.path === path && !change.removed))
        this.broken.push({ entry, path, place: at });
      for (const commit of entry.parents) this.place({ commit, path }, entry.commit);
      return;
    }
    this.need(prompt.candidates);
    this.need([path]);
    const parents = await this.findParents(entry, path);
    for (const parent of parents) this.place(parent, entry.commit);
    const known = parents.filter((parent) => parent.prompt);
    const isRenamed = known.length > 0 && known.every((parent) => parent.path !== path);
    this.nodes.push({
      entry,
      path,
      prompt,
      differs: parents.every((parent) => parent.prompt?.hash !== prompt.hash),
      rewritten: parents.every((parent) => parent.prompt?.blob !== prompt.blob),
      renamedFrom: isRenamed ? known[0]?.path : undefined,
    });
  }
}
