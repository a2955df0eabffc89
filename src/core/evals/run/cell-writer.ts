import { sleep } from '../../base/abort.ts';
import { type ErrorInfo, toErrorInfo } from '../../base/errors.ts';
import type { NewCell, StoredAnswer } from '../../store/evals/eval-record.ts';
import type { LedgerEntry } from '../../store/ledger/ledger-entry.ts';

export interface WrittenCell {
  /** Undefined for an answer that is not kept. */
  cell: NewCell | undefined;
  unused?: StoredAnswer;
  /** Undefined if nothing was paid for it. */
  entry: LedgerEntry | undefined;
}

interface WriterOptions {
  /** In one transaction. */
  write(batch: readonly WrittenCell[]): Promise<void>;
  /** The database cannot be written: nothing is lost, and it is tried again. */
  onTrouble(error: ErrorInfo): void;
  onRecovered(): void;
  /** How long it is tried; undefined: until it works. */
  patienceMs: number | undefined;
}

const LARGEST_BATCH = 500;
/** From this many on, new cells wait. */
const MOST_WAITING = 1000;
const RETRY_MS = 1_000;

/** Writes finished cells at once; those that finish during a write are the next one. */
export class CellWriter {
  readonly #options: WriterOptions;
  #waiting: WrittenCell[] = [];
  #writing: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Resolves when there is room for more. Rejects once the database has failed for too long. */
  async add(cell: WrittenCell): Promise<void> {
    if (this.#failure) throw this.#failure.error;
    this.#waiting.push(cell);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    if (this.#waiting.length >= MOST_WAITING) await this.#writing;
  }

  /** Resolves when everything is stored. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#failure) throw this.#failure.error;
  }

  async #writeAll(): Promise<void> {
    // cells that finish together are written together
    await Promise.resolve();
    while (this.#waiting.length > 0 && !this.#failure) {
      await this.#writeBatch(this.#waiting.splice(0, LARGEST_BATCH));
    }
  }

  async #writeBatch(batch: WrittenCell[]): Promise<void> {
    const { write, onTrouble, onRecovered, patienceMs } = this.#options;
    for (let since: number | undefined; ; ) {
      try {
        await write(batch);
        if (since !== undefined) onRecovered();
        return;
      } catch (error) {
        const info = toErrorInfo(error);
        if (since === undefined) onTrouble(info);
        since ??= performance.now();
        if (info.code !== 'store' || performance.now() - since > (patienceMs ?? Number.POSITIVE_INFINITY)) {
          this.#failure = { error };
          return;
        }
        await sleep(RETRY_MS);
      }
    }
  }
}
