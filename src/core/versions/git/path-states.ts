import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RepositoryContext } from '../context.ts';
import type { Git } from './git.ts';

/** The state of one path in HEAD, the index and on disk. */
export interface PathState {
  path: string;
  /** `<mode> <blob>`; undefined if there is no such entry. */
  head: string | undefined;
  index: string | undefined;
  /** What git would record for the file; undefined if there is none. A new one is assumed to have the usual mode. */
  disk: string | undefined;
  /** Staged, and different from the file: a commit of the file would replace the staged content. */
  stagedDifferently: boolean;
  conflicted: boolean;
  /** Added with `git add -N`: no content is staged. */
  intentToAdd: boolean;
  onDisk: boolean;
}

/** States of these paths, relative to the repository, in the order given. */
export async function readPathStates(
  { git, repository }: RepositoryContext,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<PathState[]> {
  if (paths.length === 0) return [];
  const status = ['status', '--porcelain=v2', '-z', '--untracked-files=all', '--no-renames', '--', ...paths];
  const [changes, entries] = await Promise.all([
    git.run(status, { signal }),
    git.run(['ls-files', '--stage', '-z', '--', ...paths], { signal }),
  ]);
  const index = readIndex(entries);
  const states = paths.map((one) => {
    const lines = changes.split('\0').filter((line) => line.endsWith(` ${one}`) && pathOf(line) === one);
    return stateOf(one, { lines, index: index.get(one), onDisk: existsSync(path.join(repository.root, one)) });
  });
  return addBlobs(git, states, signal);
}

/** Hashes files that differ from the index, with git's filters. */
async function addBlobs(git: Git, states: PathState[], signal: AbortSignal | undefined): Promise<PathState[]> {
  const unknown = states.filter(({ disk }) => disk?.endsWith(' '));
  if (unknown.length === 0) return states;
  const blobs = (await git.run(['hash-object', '--', ...unknown.map((state) => state.path)], { signal })).split('\n');
  const disks = new Map(unknown.map(({ path: one, disk }, at) => [one, `${disk}${blobs[at]}`]));
  return states.map((state) => ({ ...state, disk: disks.get(state.path) ?? state.disk }));
}

/** `100644 <blob> 0\t<path>` each. */
export function readIndex(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.split('\0')) {
    const match = /^(\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(line);
    if (match && match[3] === '0') entries.set(match[4] ?? '', `${match[1]} ${match[2]}`);
  }
  return entries;
}

/** `100644 blob <blob>\t<path>` each, of the tree at HEAD; nothing on an unborn branch. */
export async function readTree(
  { git }: RepositoryContext,
  commit: string | undefined,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  if (commit === undefined || paths.length === 0) return entries;
  for (const line of (await git.run(['ls-tree', '-z', commit, '--', ...paths])).split('\0')) {
    const match = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line);
    if (match) entries.set(match[3] ?? '', `${match[1]} ${match[2]}`);
  }
  return entries;
}

/** Fields before the path: 8 of an ordinary entry, 10 of an unmerged one, 1 of an untracked one. */
function pathOf(line: string): string | undefined {
  const fields = { '1': 8, u: 10, '?': 1 }[line[0] ?? ''];
  return fields === undefined ? undefined : line.split(' ').slice(fields).join(' ');
}

function stateOf(
  one: string,
  { lines, index, onDisk }: { lines: string[]; index: string | undefined; onDisk: boolean },
): PathState {
  const ordinary = lines.find((line) => line.startsWith('1 '))?.split(' ');
  const [staged = '.', worked = '.'] = ordinary?.[1] ?? '';
  const untracked = lines.some((line) => line.startsWith('? '));
  const head = ordinary ? entryOf(ordinary[3], ordinary[6]) : untracked ? undefined : index;
  const intentToAdd = ordinary?.[1] === '.A';
  const isNew = untracked || intentToAdd;
  const mode = intentToAdd || !ordinary ? '100644' : ordinary[5];
  const disk = !onDisk ? undefined : worked === '.' && !isNew ? index : `${mode} `;
  return {
    path: one,
    head,
    index: intentToAdd ? undefined : index,
    disk,
    stagedDifferently: staged !== '.' && (worked !== '.' || untracked),
    conflicted: lines.some((line) => line.startsWith('u ')),
    intentToAdd,
    onDisk,
  };
}

function entryOf(mode: string | undefined, blob: string | undefined): string | undefined {
  return mode === undefined || blob === undefined || /^0+$/.test(mode) ? undefined : `${mode} ${blob}`;
}
