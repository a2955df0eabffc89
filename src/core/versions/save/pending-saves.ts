import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { RepositoryContext } from '../context.ts';

/** The plan of a save, written before it starts: the next save completes what a killed one left unfinished. */
export interface PendingSave {
  v: 1;
  id: string;
  pid: number;
  host: string;
  startedAt: number;
  /** The prompt's name, and its former ones. */
  names: string[];
  path: string;
  head: string | undefined;
  contentHash: string;
  /** Paths that this save announced to git. */
  announced: string[];
  /** Possible index entries of each path after the commit, before the index is updated. */
  entries: [path: string, entries: (string | null)[]][];
  /** Undefined until the commit exists. */
  commit: string | undefined;
  /** `tip`: the label's tip before; null if there was no label. */
  label: { label: string; why: string; tip: string | null } | undefined;
}

/** Running saves of this very process: they are not leftovers. */
const running = new Set<string>();

/** Process ids are reused over time. */
const LONGEST_SAVE_MS = 3_600_000;

export async function writePending({ repository }: RepositoryContext, pending: PendingSave): Promise<void> {
  const folder = folderOf(repository.gitDir);
  running.add(pending.id);
  await mkdir(folder, { recursive: true });
  const draft = path.join(folder, `draft-${pending.id}${OWN_SUFFIX}`);
  await writeFile(draft, JSON.stringify(pending));
  await rename(draft, fileOf(repository.gitDir, pending.id));
}

export async function removePending({ repository }: RepositoryContext, { id }: PendingSave): Promise<void> {
  running.delete(id);
  const folder = folderOf(repository.gitDir);
  for (const left of [`draft-${id}${OWN_SUFFIX}`, `message-${id}`]) await rm(path.join(folder, left), { force: true });
  await rm(fileOf(repository.gitDir, id), { force: true });
}

/** The save has ended, and its unfinished parts are left for the next one. */
export function abandonPending({ id }: PendingSave): void {
  running.delete(id);
}

/** Saves whose process is gone, oldest first. */
export async function readPending({ repository }: RepositoryContext): Promise<PendingSave[]> {
  const folder = folderOf(repository.gitDir);
  const names = await readdir(folder).catch(() => []);
  await dropLitter(folder, names);
  const found: PendingSave[] = [];
  for (const name of names.filter((one) => /^save-[\w-]+\.json$/.test(one))) {
    const pending = await readFile(path.join(folder, name), 'utf8').then(parse, () => undefined);
    if (pending && !(await isRunning(pending))) found.push(pending);
  }
  return found.sort((a, b) => a.startedAt - b.startedAt);
}

/** A temporary file of this product next to git's, for one step of work. */
export async function scratchFile({ repository }: RepositoryContext, kind: string): Promise<string> {
  const folder = folderOf(repository.gitDir);
  await mkdir(folder, { recursive: true });
  return path.join(folder, `${kind}-${randomUUID()}${OWN_SUFFIX}`);
}

/** Deletes the files of killed processes. A scratch index may have a lock next to it. */
async function dropLitter(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter((one) => !one.startsWith('save-'))) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (!found) continue;
    const owner = ownerIn(name.replace(/\.lock$/, ''));
    const isOld = Date.now() - found.mtimeMs > LONGEST_SAVE_MS;
    if (isOld || (owner && !(await mayBeRunning(owner, found.mtimeMs)))) await rm(file, { force: true });
  }
}

function parse(text: string): PendingSave | undefined {
  try {
    const data = JSON.parse(text) as PendingSave;
    return data.v === 1 ? data : undefined;
  } catch {
    return undefined;
  }
}

async function isRunning({ id, pid, host, startedAt }: PendingSave): Promise<boolean> {
  if (pid === process.pid && host === hostname()) return running.has(id);
  if (Date.now() - startedAt > LONGEST_SAVE_MS) return false;
  return mayBeRunning({ pid, host }, startedAt);
}

function folderOf(gitDir: string): string {
  return path.join(gitDir, 'llmops');
}

function fileOf(gitDir: string, id: string): string {
  return path.join(folderOf(gitDir), `save-${id}.json`);
}

/** A process of some machine, as recorded in a file that it left behind. */
interface ProcessOwner {
  pid: number;
  host: string;
}

const thisProcess: ProcessOwner = { pid: process.pid, host: hostname() };

/** The suffix of a file name that identifies the owner. */
const OWN_SUFFIX = `.${thisProcess.pid}.${encodeURIComponent(thisProcess.host)}`;

function ownerIn(name: string): ProcessOwner | undefined {
  const [, pid, host] = /\.(\d+)\.([\w.%!~*'()-]+)$/.exec(name) ?? [];
  return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host: decodeURIComponent(host) };
}

/**
 * False if the process is known to have ended: on this machine no process has its id, or one that started after
 * `since`, because ids are reused. For another machine nothing is known.
 */
async function mayBeRunning({ pid, host }: ProcessOwner, since: number): Promise<boolean> {
  if (host !== thisProcess.host) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const began = await startOf(pid);
  return began === undefined || began <= since + CLOCK_MS;
}

/** Linux counts in hundredths of a second, and writing a file takes time too. */
const CLOCK_MS = 1000;

/** Start time of a process, epoch milliseconds; undefined if the system does not report it. */
async function startOf(pid: number): Promise<number | undefined> {
  try {
    const [stat, uptime] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile('/proc/uptime', 'utf8')]);
    // the name in parentheses may contain spaces and parentheses
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const began = Date.now() - Number(uptime.split(' ')[0]) * 1000 + ticks * 10;
    return Number.isFinite(began) ? began : undefined;
  } catch {
    return undefined;
  }
}
