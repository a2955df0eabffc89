/** Holds work back while it is closed, for any number of reasons. */
export class PauseGate {
  readonly #reasons = new Map<string, string>();
  readonly #onChange: (reason: string | undefined) => void;
  #waiters: (() => void)[] = [];

  /** Gets the reason when it closes, and undefined when it opens again. */
  constructor(onChange: (reason: string | undefined) => void) {
    this.#onChange = onChange;
  }

  /** `by` names who closes it. */
  close(by: string, reason: string): void {
    const wasOpen = this.#reasons.size === 0;
    this.#reasons.set(by, reason);
    if (wasOpen) this.#onChange(reason);
  }

  open(by: string): void {
    if (!this.#reasons.delete(by) || this.#reasons.size > 0) return;
    this.#onChange(undefined);
    for (const wake of this.#waiters.splice(0)) wake();
  }

  async pass(signal: AbortSignal): Promise<void> {
    while (this.#reasons.size > 0) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
