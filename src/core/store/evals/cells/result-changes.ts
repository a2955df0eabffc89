import type { Database } from '../../database/sqlite.ts';

/** By the number of the state. */
const COUNTED = [undefined, 'passed', 'failed', 'errors'] as const;

interface Counted {
  state: number;
  cached: boolean;
}

/** What a transaction adds to the counts, totals and size of a result. */
export class ResultChanges {
  bytes = 0;
  readonly #db: Database;
  readonly #seq: number;
  readonly #counts = { passed: 0, failed: 0, errors: 0, cached: 0 };
  readonly #totals = { cost_usd: undefined, input_tokens: undefined, output_tokens: undefined } as Record<
    'cost_usd' | 'input_tokens' | 'output_tokens',
    number | undefined
  >;

  constructor(db: Database, seq: number) {
    this.#db = db;
    this.#seq = seq;
  }

  count(before: Counted, after: Counted): void {
    const [from, to] = [COUNTED[before.state], COUNTED[after.state]];
    if (from) this.#counts[from] -= 1;
    if (to) this.#counts[to] += 1;
    this.#counts.cached += Number(after.cached) - Number(before.cached);
  }

  /** With one unknown part, a sum is unknown. A request that failed was mostly not billed: it adds what is known. */
  addAnswer(
    { costUsd, inputTokens, outputTokens }: Record<'costUsd' | 'inputTokens' | 'outputTokens', number>,
    isFailed: boolean,
  ): void {
    this.#add('cost_usd', costUsd, isFailed);
    this.#add('input_tokens', inputTokens, isFailed);
    this.#add('output_tokens', outputTokens, isFailed);
  }

  write(): void {
    const { passed, failed, errors, cached } = this.#counts;
    this.#db
      .prepare(
        `UPDATE evaluations SET passed = passed + ?, failed = failed + ?, errors = errors + ?, cached = cached + ?,
        bytes = max(0, bytes + ?) WHERE seq = ?`,
      )
      .run(passed, failed, errors, cached, this.bytes, this.#seq);
    for (const [column, total] of Object.entries(this.#totals)) {
      if (total === undefined) continue;
      this.#db
        .prepare(`UPDATE evaluations SET ${column} = ${column} + ? WHERE seq = ?`)
        .run(Number.isNaN(total) ? null : total, this.#seq);
    }
  }

  /** NaN is unknown, as a part and as a sum. */
  #add(column: 'cost_usd' | 'input_tokens' | 'output_tokens', value: number, isFailed: boolean): void {
    if (!isFailed || Number.isFinite(value)) this.#totals[column] = (this.#totals[column] ?? 0) + value;
  }
}
