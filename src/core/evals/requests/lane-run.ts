import { type ErrorInfo, isAbortError } from '../../base/errors.ts';
import type { StoredAnswer } from '../../store/evals/eval-record.ts';
import type { LedgerEntry } from '../../store/ledger/ledger-entry.ts';
import type { CellTask } from './cell-tasks.ts';
import { type EarlyEnd, isOfAll, isOfNetwork, isOfNow, mayHaveCost } from './eval-outcome.ts';
import type { PreparedRequest } from './model-requests.ts';
import type { PauseGate } from './pause-gate.ts';
import type { RequestLane } from './request-lane.ts';
import { type Admission, budgetError, type RunBudget } from './run-budget.ts';
import type { Semaphore } from './semaphore.ts';

export interface LaneOptions {
  lane: RequestLane;
  tasks: AsyncIterable<CellTask>;
  /** All lanes together. */
  places: Semaphore;
  gate: PauseGate;
  budget: RunBudget;
  /** What the next attempt of a task can cost at most, as it is written before it is sent. */
  reservationFor(task: CellTask): LedgerEntry;
  /** Scores an answer and stores its cell. */
  finish(task: CellTask, answer: FinishedAnswer): Promise<void>;
  /** What a request has cost that is to be sent again. */
  spend(task: CellTask, answer: StoredAnswer): Promise<void>;
  /** Its answer will not be used: the totals have its cost from now on. */
  discard(answer: StoredAnswer): Promise<void>;
  /** No lane starts another request. */
  end(how: EarlyEnd): void;
  /** Aborted by `end`. */
  ended: AbortSignal;
  /** Aborts the requests in flight. */
  signal: AbortSignal;
  /** How long a provider may be down before the run ends; undefined: until it answers. */
  patienceMs: number | undefined;
  /** Equal requests of the same repeat are sent once. */
  mayShare: boolean;
  /** A stored answer by the key of its request, once all that are on their way are stored. */
  findAnswer(key: string): Promise<StoredAnswerOf | undefined>;
  now(): number;
}

interface StoredAnswerOf {
  answer: StoredAnswer;
  /** The number of a stored answer. */
  id?: number | undefined;
}

export interface FinishedAnswer extends StoredAnswerOf {
  cached: boolean;
}

/** How long the last requests of a run may keep failing, after others have succeeded, before their cells are errors. */
const LAST_REQUESTS_MS = 60_000;

interface FailedRequest {
  answer: StoredAnswer;
  error: ErrorInfo;
  sentAt: number;
}

/** Answers all tasks of one connection. Rejects only if cells cannot be stored. */
export class LaneRun {
  readonly #options: LaneOptions;
  readonly #running = new Set<Promise<void>>();
  /** Answers in flight by the key of their request, which equal requests wait for. */
  readonly #shared = new Map<string, Promise<StoredAnswerOf | undefined>>();
  /** Which requests were answered: the beginnings of their keys as numbers, because a run may have 100,000. */
  readonly #answered = new Set<number>();
  readonly #again: CellTask[] = [];
  /** Every task was sent once. */
  #isRest = false;
  #failure: { error: unknown } | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    try {
      for await (const task of this.#options.tasks) {
        if (this.#isOver) break;
        await this.#take(task);
      }
      this.#isRest = true;
      await this.#repeatFailed();
    } catch (error) {
      if (!isAbortError(error)) this.#failure ??= { error };
    }
    await Promise.all(this.#running);
    this.#options.lane.close();
    if (this.#failure) throw this.#failure.error;
    await this.#storeFailed();
  }

  get #isOver(): boolean {
    return this.#failure !== undefined || this.#options.ended.aborted;
  }

  /** Requests that failed for a reason of the provider, until none is left. */
  async #repeatFailed(): Promise<void> {
    while (!this.#isOver) {
      const task = this.#again.shift();
      if (task) await this.#take(task);
      else if (this.#running.size > 0) await Promise.race(this.#running);
      else return;
    }
  }

  /** The run ended before they could be repeated: their errors are shown. */
  async #storeFailed(): Promise<void> {
    if (!this.#options.signal.aborted) await this.#giveUpFailed();
  }

  /** Their last errors are those of their cells. */
  async #giveUpFailed(): Promise<void> {
    for (const task of this.#again.splice(0)) {
      if (task.failure) await this.#options.finish(task, { answer: task.failure.answer, cached: false });
      else this.#again.push(task);
    }
  }

  async #take(task: CellTask): Promise<void> {
    const { gate, ended, finish, mayShare } = this.#options;
    await gate.pass(ended);
    const { request, known } = task;
    if (known) await finish(task, 'id' in known ? { ...known, cached: true } : { answer: known, cached: false });
    if (known || !request) return;
    const key = mayShare ? request.cacheKey : undefined;
    const first = key === undefined ? undefined : (this.#shared.get(key) ?? this.#findAnswered(key));
    if (first) this.#start(() => this.#share(task, first));
    else await this.#sendWhenAllowed(task, request, key);
  }

  async #share(task: CellTask, first: Promise<StoredAnswerOf | undefined>): Promise<void> {
    const found = await first;
    if (found?.answer.cacheKey === undefined) this.#again.push(task);
    else await this.#options.finish(task, { ...found, cached: true });
  }

  /** An equal request that was answered after this one was prepared. */
  #findAnswered(key: string): Promise<StoredAnswerOf | undefined> | undefined {
    const start = startOf(key);
    if (!this.#answered.has(start)) return undefined;
    const found = this.#options.findAnswer(key).then((answer) => {
      // another one began like it, or it was deleted: it is sent
      if (!answer) this.#answered.delete(start);
      return answer;
    });
    this.#shareUntilKnown(key, found);
    return found;
  }

  async #sendWhenAllowed(task: CellTask, request: PreparedRequest, key: string | undefined): Promise<void> {
    const { lane, places, budget, ended, reservationFor, end } = this.#options;
    await lane.enter(ended);
    await places.acquire();
    const leave = () => {
      places.release();
      lane.leave();
    };
    try {
      task.worstUsd = budget.isLimited ? await request.worstUsd() : undefined;
      const admission = await budget.admit(reservationFor(task));
      if ('refused' in admission) {
        leave();
        end({ state: 'budget', error: budgetError(admission) });
        return;
      }
      if (ended.aborted) await admission.release();
      ended.throwIfAborted();
      const sent = this.#send(task, request, admission).finally(leave);
      if (key !== undefined) {
        this.#shareUntilKnown(
          key,
          sent.then((answer) => answer && { answer }),
        );
      }
      this.#start(async () => void (await sent));
    } catch (error) {
      leave();
      throw error;
    }
  }

  #shareUntilKnown(key: string, answer: Promise<StoredAnswerOf | undefined>): void {
    const shared = answer.catch(() => undefined);
    this.#shared.set(key, shared);
    void shared.then((known) => {
      this.#shared.delete(key);
      if (known?.answer.cacheKey !== undefined) this.#answered.add(startOf(key));
    });
  }

  #start(work: () => Promise<void>): void {
    const running: Promise<void> = work()
      .catch((error: unknown) => {
        if (!isAbortError(error)) this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Undefined if it is to be repeated. */
  async #send(task: CellTask, request: PreparedRequest, admission: Admission): Promise<StoredAnswer | undefined> {
    const { lane, signal, now, discard } = this.#options;
    const sentAt = now();
    if (task.failure) await discard(task.failure.answer);
    task.attempts += 1;
    task.firstSentAt ??= sentAt;
    let answer: StoredAnswer | undefined;
    try {
      answer = await request.send({
        signal,
        reserve: admission.reserve,
        onRetry: ({ waitMs, error }) => {
          if (error.code === 'rate-limit') lane.rateLimited(waitMs, sentAt);
        },
      });
    } finally {
      if (answer) admission.end(mayHaveCost(answer) ? task.worstUsd : answer.costUsd);
      else admission.stop();
    }
    const { error } = answer;
    if (error && (isOfNow(error) || isOfAll(error)) && (await this.#isRepeated(task, { answer, error, sentAt })))
      return undefined;
    if (!error) lane.succeeded(sentAt);
    await this.#options.finish(task, { answer, cached: false });
    return answer;
  }

  /** A fault of the provider ends or pauses the run; one of this request, while others succeed, is an error of its cell. */
  async #isRepeated(task: CellTask, { answer, error, sentAt }: FailedRequest): Promise<boolean> {
    const { lane, patienceMs, end, spend } = this.#options;
    if (isOfAll(error)) end({ state: 'failed', error });
    else if (this.#othersSucceed(task, error)) return false;
    else {
      lane.failed(error, sentAt);
      if (this.#isHopeless(error)) {
        await this.#giveUpFailed();
        return false;
      }
    }
    task.failure = { answer, successesBefore: task.failure?.successesBefore ?? lane.successes };
    this.#again.push(task);
    await spend(task, answer);
    if (patienceMs !== undefined && (lane.downMs ?? 0) > patienceMs) end({ state: 'failed', error });
    return true;
  }

  /** A request that was sent later succeeded, or any one since this one failed for the first time. */
  #othersSucceed({ failure, firstSentAt }: CellTask, { code }: ErrorInfo): boolean {
    if (!failure || code === 'rate-limit') return false;
    const { lane } = this.#options;
    return lane.successes > failure.successesBefore || lane.latestSuccess > (firstSentAt ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Only requests that fail are left, so nothing could tell any more whether the provider is down: the run would never end.
   * That the provider cannot be reached is hardly the fault of several requests.
   */
  #isHopeless(error: ErrorInfo): boolean {
    const { lane, patienceMs = LAST_REQUESTS_MS } = this.#options;
    const hasOthers = !this.#isRest || lane.running > 1 || lane.successes === 0;
    if (hasOthers || error.code === 'rate-limit' || (this.#again.length > 0 && isOfNetwork(error))) return false;
    return (lane.downMs ?? 0) > Math.min(patienceMs, LAST_REQUESTS_MS);
  }
}

/** 48 bits of a hash in hex. */
function startOf(key: string): number {
  return Number.parseInt(key.slice(0, 12), 16);
}
