import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process of some machine, as recorded in a file that it left behind. */
interface ProcessOwner {
  pid: number;
  host: string;
}

const thisProcess: ProcessOwner = { pid: process.pid, host: hostname() };

/** The suffix of a file name that identifies the owner. */
export const OWN_SUFFIX = `.${thisProcess.pid}.${encodeURIComponent(thisProcess.host)}`;

export function ownerIn(name: string): ProcessOwner | undefined {
  const [, pid, host] = /\.(\d+)\.([\w.%!~*'()-]+)$/.exec(name) ?? [];
  return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host: decodeURIComponent(host) };
}

/**
 * False if the process is known to have ended: on this machine no process has its id, or one that started after
 * `since`, because ids are reused. For another machine nothing is known.
 */
export async function mayBeRunning({ pid, host }: ProcessOwner, since: number): Promise<boolean> {
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
