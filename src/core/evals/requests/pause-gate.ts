/** Holds work back while it is closed, for any number of reasons, and knows why the whole is paused. */
export class PauseGate {
  /** By who has it paused. */
  readonly #reasons = new Map<string, { isClosed: boolean }>();
  readonly #onChange: (reason: string | undefined) => void;
  #waiters: (() => void)[] = [];

  /** Gets the reason of a pause when it begins, and undefined at its end. */
  constructor(onChange: (reason: string | undefined) => void) {
    this.#onChange = onChange;
  }

  /** Nothing passes until `open`. */
  close(by: string, reason: string): void {
    this.#add(by, reason, true);
  }

  /** A pause that somebody else waits for, and ends by trying. */
  report(by: string, reason: string): void {
    this.#add(by, reason, false);
  }

  open(by: string): void {
    if (!this.#reasons.delete(by)) return;
    if (this.#reasons.size === 0) this.#onChange(undefined);
    if (!this.#isClosed) for (const wake of this.#waiters.splice(0)) wake();
  }

  async pass(signal: AbortSignal): Promise<void> {
    while (this.#isClosed) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiters.push(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  }

  get #isClosed(): boolean {
    return [...this.#reasons.values()].some(({ isClosed }) => isClosed);
  }

  #add(by: string, reason: string, isClosed: boolean): void {
    const isFirst = this.#reasons.size === 0;
    this.#reasons.set(by, { isClosed });
    if (isFirst) this.#onChange(reason);
  }
}
