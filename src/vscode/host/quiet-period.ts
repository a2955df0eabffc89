/** Waits until a repeated event has stopped. */
interface QuietPeriod {
  /** Starts waiting. The wait ends after `longestMs` in any case. */
  begin(): void;
  /** The event occurred: the wait ends in `quietMs`, unless the event occurs again. */
  note(): void;
  /** Resolves immediately if there is no wait. */
  ended(): Promise<void>;
}

export function createQuietPeriod({ longestMs, quietMs }: { longestMs: number; quietMs: number }): QuietPeriod {
  let end: () => void = () => {};
  let ended: Promise<void> = Promise.resolve();
  let quiet: NodeJS.Timeout | undefined;
  return {
    begin() {
      ended = new Promise((resolve) => {
        end = resolve;
        setTimeout(resolve, longestMs);
      });
    },
    note() {
      clearTimeout(quiet);
      quiet = setTimeout(() => end(), quietMs);
    },
    ended: () => ended,
  };
}
