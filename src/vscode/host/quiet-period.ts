/** Waits until something that comes several times in a row has stopped coming. */
export interface QuietPeriod {
  /** Begins to wait; it ends after `longestMs` whatever comes. */
  begin(): void;
  /** It came once more: `quietMs` from now nothing is waited for, unless it comes again. */
  note(): void;
  /** Resolves at once where nothing is waited for. */
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
