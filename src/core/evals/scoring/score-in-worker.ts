import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../base/errors.ts';
import { connectWorker, type WorkerClient } from '../../base/worker-rpc.ts';
import type { MetricUse, ScorerContext } from '../metrics/metric.ts';
import type { ItemScore, ScoredItem, Scoring } from './scoring.ts';

const ITEMS_AT_ONCE = 64;
/** A thread that does not answer for so long is stuck in a metric: nothing else interrupts one. */
const STUCK_MS = 10_000;
const PING_MS = 1_000;

/** Scores in a thread of its own, which is ended if a metric never returns; then only the answer at fault has no scores. */
export function scoreInWorker(uses: readonly MetricUse[], context: ScorerContext, stuckMs = STUCK_MS): Scoring {
  return new WorkerScoring({ uses, context }, stuckMs);
}

interface Waiting {
  item: ScoredItem;
  resolve(scores: ItemScore[]): void;
  reject(error: unknown): void;
}

class WorkerScoring implements Scoring {
  readonly #data: { uses: readonly MetricUse[]; context: ScorerContext };
  readonly #stuckMs: number;
  #worker: WorkerClient | undefined;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(data: { uses: readonly MetricUse[]; context: ScorerContext }, stuckMs: number) {
    this.#data = data;
    this.#stuckMs = stuckMs;
  }

  score(items: readonly ScoredItem[]): Promise<ItemScore[][]> {
    const scores = items.map((item) => {
      return new Promise<ItemScore[]>((resolve, reject) => this.#waiting.push({ item, resolve, reject }));
    });
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
    return Promise.all(scores);
  }

  async close(): Promise<void> {
    await this.#working;
    await this.#worker?.end('close', undefined);
  }

  /** Answers that come together are scored together. */
  async #work(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, ITEMS_AT_ONCE);
      try {
        await this.#scoreAll(batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  async #scoreAll(batch: readonly Waiting[]): Promise<void> {
    const scores = await this.#scoreBatch(batch.map(({ item }) => item));
    for (const [index, one] of batch.entries()) {
      if (scores) one.resolve(scores[index] ?? []);
      else await this.#scoreAlone(one, batch.length > 1);
    }
  }

  async #scoreAlone({ item, resolve }: Waiting, isOpen: boolean): Promise<void> {
    const scores = isOpen ? await this.#scoreBatch([item]) : undefined;
    resolve(scores?.[0] ?? this.#data.uses.map(() => STUCK));
  }

  /** Undefined if the thread got stuck, or ended. */
  async #scoreBatch(items: ScoredItem[]): Promise<ItemScore[][] | undefined> {
    this.#worker ??= this.#connect();
    const worker = this.#worker;
    const watch = new AbortController();
    // loading the code is not a metric's time; a thread that cannot start is no fault of an answer
    await worker.call('ping', undefined);
    try {
      const scored = worker.call('score', items) as Promise<ItemScore[][]>;
      // rejected only if the thread is ended
      scored.catch(() => {});
      const stuck = this.#watch(worker, watch.signal);
      return await Promise.race([scored, stuck]);
    } catch (error) {
      // a thread that was ended, or ran out of memory, is replaced by another one
      if (this.#worker === worker && error instanceof UserError && error.code !== 'internal') throw error;
      if (this.#worker === worker) this.#worker = undefined;
      return undefined;
    } finally {
      watch.abort();
    }
  }

  async #watch(worker: WorkerClient, signal: AbortSignal): Promise<undefined> {
    for (;;) {
      await sleep(PING_MS, undefined, { signal, ref: false });
      const limit = sleep(this.#stuckMs, 'late', { signal, ref: false });
      if ((await Promise.race([worker.call('ping', undefined), limit])) !== 'late') continue;
      this.#worker = undefined;
      await worker.stop();
      return undefined;
    }
  }

  #connect(): WorkerClient {
    return connectWorker({
      url: new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './scoring-worker.js', import.meta.url),
      data: this.#data,
      name: 'The thread for metrics',
      code: 'internal',
    });
  }
}

const STUCK: ItemScore = {
  value: null,
  passed: null,
  isError: true,
  reason: 'A metric did not end on this answer, and was stopped.',
};
