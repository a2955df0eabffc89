import type { StoredAnswer, StoredCase } from '../../store/evals/eval-record.ts';

/** What answers the cases of a column: a prompt on a model, an application of the user, or a column of the dataset. */
export interface Answerer {
  /**
   * A fault of one answer is its `error`, so that the other cases continue. Rejects with AbortError after an abort, and
   * with UserError if no case could be answered, such as for a missing key. Repeats count from 1.
   */
  answer(evalCase: StoredCase, repeat: number, signal: AbortSignal): Promise<StoredAnswer>;
  /** Ends what it has started. */
  close?(): Promise<void>;
}
