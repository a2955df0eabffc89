import { EXIT } from './exit-codes.ts';

/**
 * How a command reacts to SIGINT, SIGTERM and SIGHUP: each ends it within two seconds, whatever it is waiting for, unless it
 * holds for longer.
 */
export interface Interrupt {
  /** Aborts on the first signal, or by `stop`. */
  readonly signal: AbortSignal;
  /** True if there was a signal; `stop` does not count. */
  readonly signalled: boolean;
  /**
   * Until `release`, a signal leaves the command time to save and print what it has received: 1.5 seconds, unless it needs
   * longer for what it prints.
   */
  hold(maxEndMs?: number): { release(): void };
  /** Aborts as a signal would, without ending the process. */
  stop(): void;
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** After this, work that has not ended is abandoned. */
const MAX_END_MS = 1500;

/** The first signal ends the command, immediately unless something is held. A second one always ends it immediately. */
export function watchInterrupt(leave: () => void = leaveProcess): Interrupt {
  const control = new AbortController();
  let signalled = false;
  const holders = new Set<{ maxEndMs: number }>();
  const onSignal = () => {
    if (signalled || holders.size === 0) return leave();
    signalled = true;
    control.abort();
    setTimeout(leave, Math.max(...[...holders].map(({ maxEndMs }) => maxEndMs))).unref();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: control.signal,
    get signalled() {
      return signalled;
    },
    hold(maxEndMs = MAX_END_MS) {
      const holder = { maxEndMs };
      holders.add(holder);
      return { release: () => void holders.delete(holder) };
    },
    stop: () => control.abort(),
    dispose() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

/** Thread pool work that may hang in a system call: a dead network drive, a DNS lookup. */
const STUCK = /^(FS|GetAddrInfo|GetNameInfo)/;

function leaveProcess(): void {
  if (process.getActiveResourcesInfo().some((name) => STUCK.test(name))) {
    // process.exit would wait for those threads. Ending by the signal does not, and a shell reports 130 for it too.
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.kill(process.pid, 'SIGINT');
    return;
  }
  process.exit(EXIT.interrupted);
}
