import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** The id of a window or command, which tells others on this machine which process it belongs to. */
export function createWindowId(kind: string): string {
  return [kind, process.pid, randomUUID(), hostname()].join('/');
}

/** True if its process is certainly gone. A process of another machine, or with a number that is used again, may be alive. */
export function isWindowGone(windowId: string | undefined): boolean {
  const [, pid = '', , ...host] = windowId?.split('/') ?? [];
  if (!/^\d+$/.test(pid) || host.join('/') !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
