/**
 * Runs the last of several requests that follow each other closely. Requests under different keys do not wait for each
 * other.
 */
export class Debounce {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #onError: (error: unknown) => void;

  /** Errors of what is run, thrown or rejected, go to `onError`. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** In place of what was scheduled under the key before. */
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
