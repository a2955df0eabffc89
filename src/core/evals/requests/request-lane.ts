import type { ErrorInfo } from '../../base/errors.ts';

/** After this many failures without a success in between, a provider counts as down. */
const FAILURES_UNTIL_DOWN = 3;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** A longer timer ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A shorter wait is no pause that a user should know of. */
const WORTH_TELLING_MS = 3_000;

interface LaneOptions {
  /** Requests at once, at most. */
  most: number;
  onPause(reason: string): void;
  onContinue(): void;
  now(): number;
}

/**
 * The requests to one connection: fewer at once after a rate limit, one more after each round of successes, and a pause
 * while the provider is down.
 */
export class RequestLane {
  readonly #options: LaneOptions;
  #limit: number;
  #running = 0;
  #successes = 0;
  #latestSuccess = Number.NEGATIVE_INFINITY;
  /** Successes since the limit was changed. */
  #round = 0;
  #failures = 0;
  #waits = 0;
  #loweredAt = Number.NEGATIVE_INFINITY;
  #blockedUntil = 0;
  #downSince: number | undefined;
  #waitingSince = Number.NEGATIVE_INFINITY;
  #waiters: (() => void)[] = [];
  /** Those who wait for the end of a pause. */
  readonly #blocked = new Set<() => void>();

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#limit = options.most;
  }

  get limit(): number {
    return this.#limit;
  }

  get running(): number {
    return this.#running;
  }

  /** How many requests succeeded so far: whether others succeed tells a fault of one request from one of the provider. */
  get successes(): number {
    return this.#successes;
  }

  /** When the latest one of the requests that succeeded was sent. */
  get latestSuccess(): number {
    return this.#latestSuccess;
  }

  /** How long the provider has not answered by the end of the next wait; undefined while it answers. */
  get downMs(): number | undefined {
    return this.#downSince === undefined ? undefined : this.#blockedUntil - this.#downSince;
  }

  /** Waits for a free place, and until a pause is over. */
  async enter(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = this.#blockedUntil - this.#options.now();
      if (waitMs > 0) await this.#wait(waitMs, signal);
      else if (this.#running < this.#limit) break;
      else await this.#turn(signal);
    }
    this.#running += 1;
  }

  leave(): void {
    this.#running -= 1;
    this.#wake();
  }

  /** An answer to a request that was sent before a pause does not end it. */
  succeeded(sentAt: number): void {
    this.#successes += 1;
    this.#latestSuccess = Math.max(this.#latestSuccess, sentAt);
    if (sentAt < (this.#downSince ?? 0)) return;
    this.#failures = 0;
    this.#waits = 0;
    if (this.#downSince !== undefined) {
      this.#downSince = undefined;
      this.#options.onContinue();
    }
    this.#round += 1;
    if (this.#round < this.#limit || this.#limit >= this.#options.most) return;
    this.#limit += 1;
    this.#round = 0;
    this.#wake();
  }

  /** The provider asked to wait; requests that were sent before the last lowering do not lower it again. */
  rateLimited(waitMs: number, sentAt: number): void {
    const now = this.#options.now();
    this.#blockedUntil = Math.max(this.#blockedUntil, now + waitMs);
    if (sentAt < this.#loweredAt) return;
    this.#loweredAt = now;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#round = 0;
  }

  /** A request failed for good, for a reason that is not its own. Pauses after some of them. */
  failed(error: ErrorInfo, sentAt: number): void {
    // those that were in flight when the wait began say nothing new
    if (sentAt <= this.#waitingSince) return;
    this.#failures += 1;
    const isLimit = error.code === 'rate-limit';
    if (!isLimit && this.#failures < FAILURES_UNTIL_DOWN) return;
    const backoffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#waits);
    const waitMs = Math.max(error.retryAfterMs ?? 0, backoffMs);
    this.#waits += 1;
    this.#waitingSince = this.#options.now();
    this.#limit = 1;
    this.#round = 0;
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#options.now() + waitMs);
    if (this.#downSince !== undefined || (isLimit && waitMs < WORTH_TELLING_MS)) return;
    this.#downSince = this.#options.now();
    this.#options.onPause(error.message);
  }

  /** While the provider is down, the next request is sent now instead of after the wait. */
  retryNow(): void {
    if (this.#downSince === undefined) return;
    this.#blockedUntil = this.#options.now();
    for (const wake of [...this.#blocked]) wake();
  }

  /** Nothing is sent any more: a pause is over, also for those who watch others. */
  close(): void {
    if (this.#downSince !== undefined) this.#options.onContinue();
    this.#downSince = undefined;
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#blocked.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, LONGEST_TIMER_MS));
      this.#blocked.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        // a listener for each of 100,000 requests would stay until the end
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiters.push(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
