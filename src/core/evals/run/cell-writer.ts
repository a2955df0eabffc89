import type { NewCell, StoredAnswer } from '../../store/evals/eval-record.ts';
import type { LedgerEntry } from '../../store/ledger/ledger-entry.ts';
import { patientWrite, type WritePatience } from '../requests/patient-write.ts';

export interface WrittenCell {
  /** Undefined for an answer that is not kept. */
  cell: NewCell | undefined;
  unused?: StoredAnswer;
  /** Undefined if nothing was paid for it. */
  entry: LedgerEntry | undefined;
}

interface WriterOptions extends Omit<WritePatience, 'signal'> {
  /** In one transaction. */
  write(batch: readonly WrittenCell[]): Promise<void>;
  /** Nothing is written from now on. Who waits for the end of the trouble would wait for ever. */
  onGivenUp(error: unknown): void;
}

const LARGEST_BATCH = 500;
/** From this many on, new cells wait. */
const MOST_WAITING = 1000;

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
    this.#writing ??= this.#writeAll();
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
    // in the same turn as the last look: a cell that is added later would not be written
    this.#writing = undefined;
  }

  async #writeBatch(batch: WrittenCell[]): Promise<void> {
    try {
      await patientWrite(() => this.#options.write(batch), this.#options);
    } catch (error) {
      this.#failure = { error };
      this.#options.onGivenUp(error);
    }
  }
}
