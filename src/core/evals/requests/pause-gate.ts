/** Holds work back while it is closed, for any number of reasons, and knows why the whole is paused. */
export class PauseGate {
  /** By who has it paused. */
  readonly #reasons = new Map<string, { isClosed: boolean }>();
  readonly #onChange: (reason: string | undefined) => void;
  readonly #retries: (() => void)[] = [];
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

  /** Gets called when the user continues: who waits for somebody else tries at once. */
  onRetry(retry: () => void): void {
    this.#retries.push(retry);
  }

  /** Ends a pause of the user, and the wait of those who try again anyway. */
  continue(by: string): void {
    this.open(by);
    for (const retry of this.#retries) retry();
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
