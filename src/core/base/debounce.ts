/** Runs only the last of several requests in quick succession. Requests under different keys are independent. */
export class Debounce {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #onError: (error: unknown) => void;

  /** Errors of the scheduled functions, thrown or rejected, go to `onError`. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Replaces what was scheduled under the same key. */
  schedule(run: () => unknown, pauseMs: number, key = ''): void {
    this.cancel(key);
    const timer = setTimeout(async () => {
      this.#timers.delete(key);
      try {
        await run();
      } catch (error) {
        this.#onError(error);
      }
    }, pauseMs);
    this.#timers.set(key, timer);
  }

  cancel(key = ''): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
