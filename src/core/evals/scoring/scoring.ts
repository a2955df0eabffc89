import type { JsonSchema } from '../../models/chat-model.ts';
import type { AnswerRating, CellScore, StoredAnswer, StoredCase } from '../../store/evals/eval-record.ts';

/** An answer to score, as plain data for a worker. */
export interface ScoredItem {
  evalCase: StoredCase;
  answer: StoredAnswer;
  /** The output schema of the column's prompt. */
  schema: JsonSchema | undefined;
  cached: boolean;
  /** The dataset has the answer, of which nothing but its text is known. */
  isGiven: boolean;
  /** By a person, in the panel. */
  rating?: AnswerRating | undefined;
}

/** A score on its way to a cell. */
export interface ItemScore extends CellScore {
  /** The metric failed, or lacks what it needs: the cell is an error. Without it, a missing value is only unknown. */
  isError?: true | undefined;
  /** About all answers, to be shown once. */
  warning?: string | undefined;
}

/** Scores answers by all metrics of an evaluation. Nothing that a metric does makes it reject. */
export interface Scoring {
  /** One list for each item, in the order of the metrics. */
  score(items: readonly ScoredItem[], signal?: AbortSignal): Promise<ItemScore[][]>;
  close(): Promise<void>;
}
