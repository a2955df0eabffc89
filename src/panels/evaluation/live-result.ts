import { isDeepStrictEqual } from 'node:util';
import type { Evals } from '../../core/evals/evals.ts';
import { confidenceLevel } from '../../core/evals/run/confidence-level.ts';
import { createProgressRate } from '../../core/jobs/start-job.ts';
import type { EvalRecord } from '../../core/store/evals/eval-record.ts';
import type { EvaluationEvent, EvaluationProgress, RunControl, ShownResult } from '../../protocol/evaluation.ts';
import { createPanelEvents, type PanelEvents } from '../session/panel-events.ts';
import type { ResultStore } from './result-store.ts';

interface LiveResultOptions {
  id: string;
  record: EvalRecord;
  store: ResultStore;
  evals: Pick<Evals, 'active' | 'onChange'>;
  /** Called when it has ended or paused, before the page hears of it. */
  onEnd(): Promise<void>;
  send(seq: number, events: EvaluationEvent[]): unknown;
}

/** Cells that end together are one change of the page. */
const CHANGE_MS = 100;
/** How often a result is read that another window runs, or may change. */
const POLL_MS = 1000;

/** Follows a result while it runs, here or in another window, and tells the page. */
export class LiveResult {
  readonly #options: LiveResultOptions;
  readonly #events: PanelEvents<EvaluationEvent>;
  #rate = newRate();
  #record: EvalRecord;
  #progress: EvaluationProgress | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires. */
  #due = Number.POSITIVE_INFINITY;
  #reading: Promise<void> = Promise.resolve();
  /** The read after the current one. */
  #next: Promise<void> | undefined;
  #stopListening: (() => void) | undefined;
  #isClosed = false;

  constructor(options: LiveResultOptions) {
    this.#options = options;
    this.#record = options.record;
    this.#events = createPanelEvents<EvaluationEvent>(options.send);
  }

  get record(): EvalRecord {
    return this.#record;
  }

  get progress(): EvaluationProgress | undefined {
    return this.#progress;
  }

  start(): void {
    const { id, evals } = this.#options;
    this.#stopListening = evals.onChange((changed) => {
      if (changed === id) this.#readSoon(CHANGE_MS);
    });
    this.#watchOthers();
  }

  shown(): ShownResult {
    const { plan: _plan, summary: _summary, ...shown } = this.#record;
    return { ...shown, confidence: confidenceLevel(this.#record) };
  }

  control(): RunControl {
    const { id, evals } = this.#options;
    if (evals.active().some(({ evaluationId }) => evaluationId === id)) return 'own';
    return isLive(this.#record) ? 'other-window' : 'none';
  }

  push(event: EvaluationEvent): void {
    this.#events.push(event);
  }

  cellsChanged(): void {
    this.push({ type: 'cells' });
  }

  /** The number of the last batch, after which the page applies events to a snapshot taken now. */
  flush(): number {
    this.#events.flush();
    return this.#events.seq;
  }

  /** Reads what is stored. A read that has begun may not have the latest change, so one more follows it. */
  refresh(): Promise<void> {
    const read = () => {
      this.#next = undefined;
      this.#reading = this.#read();
      return this.#reading;
    };
    this.#next ??= this.#reading.then(read, read);
    return this.#next;
  }

  dispose(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stopListening?.();
    this.#events.close();
  }

  /** A change of this window is shown sooner than the next look at what another one does. */
  #readSoon(afterMs: number): void {
    const due = performance.now() + afterMs;
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY;
      void this.refresh();
    }, afterMs);
  }

  #watchOthers(): void {
    if (!this.#isClosed && this.control() === 'other-window') this.#readSoon(POLL_MS);
  }

  async #read(): Promise<void> {
    const { id, store } = this.#options;
    // what cannot be read now, such as a locked database, is read again with the next change
    const next = await store.get(id).catch(() => this.#record);
    if (this.#isClosed) return;
    if (!next) return this.push({ type: 'deleted' });
    const before = this.#record;
    this.#record = next;
    const { counts, totals } = next;
    const [done, wasDone] = [doneOf(next), doneOf(before)];
    const past = this.#progress?.done;
    this.#progress = isLive(next) ? this.#progressOf(next) : undefined;
    // the next run of it has another speed
    if (!isLive(next)) this.#rate = newRate();
    // answers that replace others change no sum
    const hasChanged = done !== wasDone || (this.#progress !== undefined && this.#progress.done !== past);
    if (hasChanged || isLive(next)) this.push({ type: 'progress', counts, totals, progress: this.#progress });
    // ratings and new scores change figures of a result that has long ended
    const isSummedUp = next.summary !== undefined && !isDeepStrictEqual(next.summary, before.summary);
    if (hasChanged || isSummedUp || next.endedAt !== before.endedAt) this.cellsChanged();
    const hasEnded = isLive(before) && !isLive(next);
    if (hasEnded || isSummedUp) await this.#options.onEnd();
    this.push({ type: 'result', result: this.shown(), control: this.control() });
    this.#watchOthers();
  }

  /** What its job says if it runs here; of another window, only the stored counts are known. */
  #progressOf(record: EvalRecord): EvaluationProgress | undefined {
    const { id, evals } = this.#options;
    const own = evals.active().find(({ evaluationId }) => evaluationId === id);
    const { done, total = record.counts.cells } = own?.progress ?? { done: doneOf(record) };
    // all answers of a result that runs are there: it is a re-run that has not stored anything yet
    if (own?.progress === undefined && done >= total) return undefined;
    const { perSecond, leftMs } = this.#rate({ done, total });
    return { done, total, perSecond, leftMs };
  }
}

const newRate = () => createProgressRate(() => performance.now());

export function isLive({ state }: Pick<EvalRecord, 'state'>): boolean {
  return state === 'running' || state === 'paused';
}

function doneOf({ counts }: EvalRecord): number {
  return counts.passed + counts.failed + counts.errors;
}
