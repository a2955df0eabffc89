import type { MetricScorer, Score } from './create-scorer.ts';
import type { Sample } from './metric.ts';

const START_ROWS = 1024;

/** A metric as it was written, with its scorer. */
export interface WrittenScorer {
  written: string;
  scorer: MetricScorer;
}

/** What is known of a metric over all rows. */
export interface MetricSummary {
  written: string;
  scorer: MetricScorer;
  /** Of the rows that have a score; undefined if none has. */
  mean: number | undefined;
  /** Rows without a score. */
  missing: number;
  /** Rows that pass; undefined if the metric is only reported. */
  passed: number | undefined;
  /** For metrics that have a score of the corpus, if any row counts for it. */
  corpus?: { value: number; signature: string };
}

/** The scores of many rows in eight bytes each, and the sums for the scores of the corpus. */
export class ScoreTable {
  readonly scorers: readonly WrittenScorer[];
  readonly ids: string[] = [];
  readonly #columns: Column[];

  constructor(scorers: readonly WrittenScorer[]) {
    this.scorers = scorers;
    this.#columns = scorers.map(({ scorer }) => new Column(scorer));
  }

  /** Scores a row by every metric. Returns what users should be told about it. */
  async add(id: string, sample: Sample): Promise<string[]> {
    const row = this.ids.push(id) - 1;
    const warnings: string[] = [];
    for (const [index, { scorer }] of this.scorers.entries()) {
      const score = scorer.score(sample);
      // most metrics are not asynchronous, and waiting for each would take longer than the metric
      const { warning } = this.#column(index).add(row, score instanceof Promise ? await score : score, sample);
      if (warning !== undefined) warnings.push(warning);
    }
    return warnings;
  }

  /** Null where the score is undefined. */
  value(row: number, metric: number): number | null {
    return this.#column(metric).value(row);
  }

  /** Why a score is undefined. */
  reason(row: number, metric: number): string | undefined {
    return this.#column(metric).reasons.get(row);
  }

  summaries(): MetricSummary[] {
    const rows = this.ids.length;
    return this.scorers.map((written, index) => ({ ...written, ...this.#column(index).summarize(rows) }));
  }

  #column(index: number): Column {
    const column = this.#columns[index];
    if (!column) throw new RangeError(`There is no metric ${index}.`);
    return column;
  }
}

class Column {
  readonly reasons = new Map<number, string>();
  readonly #scorer: MetricScorer;
  #values = new Float64Array(START_ROWS);
  #sum = 0;
  #passed: number | undefined;
  #sums: number[] = [];
  #references: number | 'var' | undefined;

  constructor(scorer: MetricScorer) {
    this.#scorer = scorer;
  }

  add(row: number, score: Score, sample: Sample): Score {
    if (row >= this.#values.length) this.#grow();
    const { value, passed, reason, statistics } = score;
    this.#values[row] = value ?? Number.NaN;
    if (value === null) this.reasons.set(row, reason ?? '');
    else this.#sum += value;
    if (passed !== null) this.#passed = (this.#passed ?? 0) + Number(passed);
    if (statistics) this.#addStatistics(statistics, sample.references?.length ?? 0);
    return score;
  }

  value(row: number): number | null {
    const value = this.#values[row] ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  }

  summarize(rows: number): Omit<MetricSummary, 'written' | 'scorer'> {
    const missing = this.reasons.size;
    const { corpus } = this.#scorer;
    return {
      mean: rows > missing ? this.#sum / (rows - missing) : undefined,
      missing,
      passed: this.#passed,
      ...(corpus && this.#references !== undefined
        ? { corpus: { value: corpus.value(this.#sums), signature: corpus.signature(this.#references) } }
        : {}),
    };
  }

  #addStatistics(statistics: readonly number[], references: number): void {
    this.#references ??= references;
    if (this.#references !== references) this.#references = 'var';
    for (const [index, count] of statistics.entries()) this.#sums[index] = (this.#sums[index] ?? 0) + count;
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#values.length);
    larger.set(this.#values);
    this.#values = larger;
  }
}
