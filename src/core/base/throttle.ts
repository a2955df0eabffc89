/**
 * Runs a function when it is requested, but at most once in `intervalMs`; requests in between are answered together at
 * its end. A debounce would not run at all while requests follow each other quickly.
 */
export class Throttle {
  readonly #run: () => unknown;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isRequested = false;

  /** The function handles its own errors. */
  constructor(run: () => unknown, intervalMs: number) {
    this.#run = run;
    this.#intervalMs = intervalMs;
  }

  request(): void {
    if (this.#timer) this.#isRequested = true;
    else this.#runNow();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #runNow(): void {
    this.#isRequested = false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isRequested) this.#runNow();
    }, this.#intervalMs);
    this.#run();
  }
}
