import { type ChildProcess, execFile, spawnSync } from 'node:child_process';

/**
 * Ends a process and all that it started: the group that it leads, and descendants that have left the group. A process
 * that left the group and has no living ancestor in it, such as a daemon, is not found.
 */
export async function endProcessTree(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform !== 'win32') {
    const others = hasEnded(child) ? [] : await descendantsOf(pid);
    for (const one of [-pid, ...others]) kill(one);
  } else if (!hasEnded(child)) {
    await new Promise((resolve) => execFile('taskkill', taskkill(pid), resolve));
  }
}

/** The same while this process exits, when nothing can be awaited. */
export function endProcessGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform !== 'win32') kill(-pid);
  else if (!hasEnded(child)) spawnSync('taskkill', taskkill(pid));
}

/** On Windows, the tree of a process that ended cannot be found, and its number may belong to another one. */
function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

const taskkill = (pid: number) => ['/pid', String(pid), '/t', '/f'];

/** Negative: a group. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}

/** None on systems without `ps`. */
async function descendantsOf(root: number): Promise<number[]> {
  const list = await new Promise<string>((resolve) => {
    execFile('ps', ['-A', '-o', 'pid=,ppid='], { timeout: 2000 }, (_, stdout) => resolve(stdout));
  });
  const pairs = list.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const children = Map.groupBy(pairs, ([, parent]) => parent);
  const found: number[] = [];
  const visit = (parent: number) => {
    for (const [pid] of children.get(parent) ?? []) {
      if (pid === undefined || found.includes(pid)) continue;
      found.push(pid);
      visit(pid);
    }
  };
  visit(root);
  return found;
}
