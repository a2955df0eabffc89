import { isAbortError, toErrorInfo, UserError } from '../../base/errors.ts';
import { removeCredentials } from '../../base/secrets/remove-credentials.ts';
import type { RepositoryContext } from '../context.ts';
import { encodeName, LABEL_PREFIX, REMOTE_PREFIX, TAG_PREFIX } from '../names/ref-names.ts';

export interface Remote {
  name: string;
  /** The push URL, with credentials removed. */
  url: string;
}

/** The remote of that name; by default that of the branch, that for pushes, `origin`, or the only one. */
export async function findRemote(
  { git, repository }: RepositoryContext,
  wanted: string | undefined,
  signal?: AbortSignal,
): Promise<Remote> {
  const names = (await git.run(['remote'], { signal })).split('\n').filter(Boolean);
  const setting = async (key: string) =>
    (await git.run(['config', '--get', key], { signal, okCodes: [0, 1] })).trim() || undefined;
  const preferred =
    wanted === undefined
      ? [await setting('remote.pushDefault'), await setting(`branch.${repository.branch}.remote`), 'origin']
      : [wanted];
  const name = preferred.find((one) => one !== undefined && names.includes(one));
  const found = name ?? (wanted === undefined && names.length === 1 ? names[0] : undefined);
  if (found === undefined) throw noRemote(wanted, names);
  const url = (await git.run(['remote', 'get-url', '--push', '--', found], { signal })).trim();
  return { name: found, url: removeCredentials(url) };
}

function noRemote(wanted: string | undefined, names: readonly string[]): UserError {
  const there = names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`;
  const which = wanted === undefined ? 'no default remote' : `no remote ${removeCredentials(wanted)}`;
  return new UserError(`This repository has ${which}. ${there}`, {
    code: 'remote',
    hint: names.length === 0 ? 'Add one: git remote add origin <address>.' : 'Use one of these.',
  });
}

/** Where the last fetch's labels, tags and notes of a remote are stored: never under one's own names. */
export function mirrorOf(remote: string): { labels: string; tags: string; notes: string; notesRef: string } {
  const root = `${REMOTE_PREFIX}${encodeName(remote)}`;
  return {
    labels: `${root}/labels/`,
    tags: `${root}/tags/`,
    notes: `${root}/notes/`,
    notesRef: `${root}/notes/llmops`,
  };
}

/** The mirror's name for a ref that is pushed and fetched. */
export function mirrorRef(remote: string, ref: string): string {
  const mirror = mirrorOf(remote);
  if (ref.startsWith(LABEL_PREFIX)) return mirror.labels + ref.slice(LABEL_PREFIX.length);
  if (ref.startsWith(TAG_PREFIX)) return mirror.tags + ref.slice(TAG_PREFIX.length);
  return mirror.notesRef;
}

export function isLabelRef(ref: string): boolean {
  return ref.startsWith(LABEL_PREFIX) && /^[^/]+\/[^/]+$/.test(ref.slice(LABEL_PREFIX.length));
}

export function isTagRef(ref: string): boolean {
  return ref.startsWith(TAG_PREFIX) && /^[^/]+\/v[1-9]\d*$/.test(ref.slice(TAG_PREFIX.length));
}

/** Refs under a prefix, by the rest of their name. */
export async function refsUnder(
  { git }: RepositoryContext,
  prefix: string,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const lines = await git.run(['for-each-ref', '--format=%(objectname) %(refname)', prefix], {
    signal,
    mayPrintNothing: true,
  });
  const entries = lines
    .split('\n')
    .filter(Boolean)
    .map((line): [string, string] => {
      const space = line.indexOf(' ');
      return [line.slice(space + 1 + prefix.length), line.slice(0, space)];
    });
  return new Map(entries);
}

/** A ref that changes from one object to another; undefined: it must be new. */
export interface RefUpdate {
  ref: string;
  from: string | undefined;
  to: string;
}

/** Moves refs by compare-and-swap in one process; returns those that were moved, and reports why others were not. */
export async function updateRefs(
  { git }: RepositoryContext,
  updates: readonly RefUpdate[],
  signal?: AbortSignal,
): Promise<{ moved: Set<string>; notices: string[] }> {
  const move = (some: readonly RefUpdate[]) => {
    const lines = some.map(({ ref, from, to }) =>
      from === undefined ? `create ${ref}\0${to}\0` : `update ${ref}\0${to}\0${from}\0`,
    );
    return git.run(['update-ref', '--create-reflog', '-m', 'llmops: fetch', '--stdin', '-z'], {
      input: lines.join(''),
      signal,
    });
  };
  if (updates.length === 0) return { moved: new Set(), notices: [] };
  const moved = (some: readonly RefUpdate[]) => move(some).then(() => some.map(({ ref }) => ref));
  // Together they move all or none: if one fails, the others are moved one by one.
  const whole = await moved(updates).catch((error: unknown) => {
    if (isAbortError(error)) throw error;
    return undefined;
  });
  if (whole) return { moved: new Set(whole), notices: [] };
  const done = new Set<string>();
  const notices: string[] = [];
  for (const update of updates) {
    try {
      for (const ref of await moved([update])) done.add(ref);
    } catch (error) {
      if (isAbortError(error)) throw error;
      notices.push(`${update.ref} was not changed: ${toErrorInfo(error).message}`);
    }
  }
  return { moved: done, notices };
}

/** How two tips of a chain are related. */
export async function compareTips(
  { git }: RepositoryContext,
  mine: string,
  theirs: string,
): Promise<'same' | 'ahead' | 'behind' | 'diverged'> {
  if (mine === theirs) return 'same';
  const isAncestor = async (older: string, newer: string) =>
    (await git.runCode(['merge-base', '--is-ancestor', older, newer], { okCodes: [0, 1] })).code === 0;
  if (await isAncestor(theirs, mine)) return 'ahead';
  return (await isAncestor(mine, theirs)) ? 'behind' : 'diverged';
}
