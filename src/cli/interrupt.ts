import { EXIT } from './exit-codes.ts';

/** What SIGINT, SIGTERM and SIGHUP do to a command: any of them ends it within two seconds, whatever it waits for. */
export interface Interrupt {
  /** Aborts on the first signal, or by `stop`. */
  readonly signal: AbortSignal;
  /** True where a signal came, not only `stop`. */
  readonly signalled: boolean;
  /** From here to `release`, a signal leaves the command time to keep what has arrived and to print it. */
  hold(): { release(): void };
  /** Ends what is under way as a signal would, without ending the process. */
  stop(): void;
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What has not ended by itself after this is left behind. */
const LONGEST_END_MS = 1500;

/** The first signal ends the command, at once unless it holds something; a second one does not wait for anything. */
export function watchInterrupt(leave: () => void = leaveProcess): Interrupt {
  const control = new AbortController();
  let signalled = false;
  let holders = 0;
  const onSignal = () => {
    if (signalled || holders === 0) return leave();
    signalled = true;
    control.abort();
    setTimeout(leave, LONGEST_END_MS).unref();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: control.signal,
    get signalled() {
      return signalled;
    },
    hold() {
      holders += 1;
      return {
        release() {
          holders -= 1;
        },
      };
    },
    stop: () => control.abort(),
    dispose() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

/** Work of the thread pool that may be stuck in the system: a dead network drive, a name that is not resolved. */
const STUCK = /^(FS|GetAddrInfo|GetNameInfo)/;

function leaveProcess(): void {
  if (process.getActiveResourcesInfo().some((name) => STUCK.test(name))) {
    // process.exit would wait for those threads. Dying by the signal does not, and a shell reports 130 for it as well.
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.kill(process.pid, 'SIGINT');
    return;
  }
  process.exit(EXIT.interrupted);
}
