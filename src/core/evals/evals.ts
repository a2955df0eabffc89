import { UserError } from '../base/errors.ts';
import { lazy } from '../base/lazy.ts';
import { STALE_HEARTBEAT_MS } from '../jobs/create-jobs.ts';
import { WINDOW_CLOSED } from '../jobs/job.ts';
import { isWindowGone } from '../jobs/window-id.ts';
import type { Message } from '../models/chat-model.ts';
import { requireTrust } from '../models/connections/with-connection.ts';
import type { EvalRecord, EvalSummary } from '../store/evals/eval-record.ts';
import type { ResultComparison } from './aggregate/compare-results.ts';
import type { ReadingOptions } from './file/eval-file.ts';
import type { EvalSpec, GateSpec } from './file/eval-spec.ts';
import type { CaseMessages } from './run/case-messages.ts';
import type { EvalJob } from './run/eval-job.ts';
import { type EvalWork, startEvalJob } from './run/eval-job-start.ts';
import type { EvalPlan, PlanOptions, ResumePlan, StoredPlan } from './run/eval-plan.ts';
import type { EvalPorts } from './run/eval-ports.ts';
import type { Reopened } from './run/resume-evaluation.ts';

export interface StartOptions {
  signal?: AbortSignal | undefined;
  /** How long a provider or the database may fail before the run ends and can be resumed; undefined: until it works. */
  patienceMs?: number | undefined;
}

interface ResumeFrom extends StartOptions {
  /** Instead of the budget of the start. */
  maxCostUsd?: number | undefined;
  /** Instead of the gates of the start. */
  gates?: readonly GateSpec[] | undefined;
}

interface ReadOptions extends ReadingOptions {
  /** Instead of what the file has. */
  text?: string | undefined;
}

/** Which cells are answered again: places of cases, or those in a state. */
export type Rerun = { cases: readonly number[] | 'failed' | 'errors' };

/** Evaluations: checked, run, resumed, scored again and compared. Results are in the store's room `evals`. */
export interface Evals {
  /** Throws UserError `invalid-evaluation` with all errors and their lines. */
  read(file: string, options?: ReadOptions): Promise<EvalSpec>;
  /** Checks everything that must be right before the first request. Throws one UserError with all faults. */
  plan(spec: EvalSpec, options?: PlanOptions): Promise<EvalPlan>;
  start(plan: EvalPlan, options?: StartOptions): Promise<EvalJob>;
  /** Continues a result that is not done; only requests that were in flight are repeated. */
  resume(id: string, options?: ResumeFrom): Promise<EvalJob>;
  /** Scores stored answers by the metrics of the file as it is now, or of a specification. No model is called. */
  rescore(id: string, options?: StartOptions & { spec?: EvalSpec }): Promise<EvalJob>;
  /** What a resume would send, or a re-run of these cases. Nothing is sent. */
  planResume(id: string, cases?: Rerun['cases'] | 'unanswered'): Promise<ResumePlan>;
  /**
   * A run of the file, the prompts and the rows as they are now, which keeps the stored answers to all that has not changed
   * since a result: `start` makes a new result of it, so that both can be compared. Throws UserError `usage` if nothing has.
   */
  planChanged(id: string, options?: Pick<PlanOptions, 'signal'>): Promise<EvalPlan>;
  /** Answers some cases again, in the same result. */
  rerun(id: string, which: Rerun, options?: StartOptions): Promise<EvalJob>;
  /** Evaluations that run in this window; those of other windows are watched through the store. */
  active(): EvalJob[];
  /** Called whenever one starts, stores cells or ends. Returns a function that ends this. */
  onChange(listener: (id: string) => void): () => void;
  /** The id that an id, its beginning or nothing (the newest of the file) means. Throws UserError `unknown-result`. */
  find(written: string | undefined, file?: string): Promise<string>;
  /** Metrics, gates and verdicts from what is stored, without writing them. */
  summarize(id: string, signal?: AbortSignal): Promise<EvalSummary>;
  /**
   * Enters what was rated in the panel for a case into its scores, and into the metrics and gates of the result. A metric
   * that the result does not have is added. Of a result that runs, this is done when it ends.
   */
  enterRating(id: string, place: number): Promise<void>;
  compare(a: string, b: string, options?: { metric?: string; signal?: AbortSignal }): Promise<ResultComparison>;
  /** The messages of a case as they were sent, rendered again; undefined for what is no prompt. */
  messages(id: string, cell: { place: number; column: number }): Promise<Message[] | undefined>;
  /** Stops what runs, which can be resumed, and waits for a limited time until it is stored. */
  close(): Promise<void>;
}

/** A window that closes waits this long for its last cells to be written. */
const LONGEST_END_MS = 3000;

export function createEvals(ports: EvalPorts): Evals {
  return new WindowEvals(ports);
}

class WindowEvals implements Evals {
  readonly #ports: EvalPorts;
  readonly #active = new Map<string, EvalJob>();
  readonly #listeners = new Set<(id: string) => void>();
  /** Of the result that was read last: an export reads many cells of one. */
  #messages: { id: string; read: Promise<CaseMessages> } | undefined;

  readonly #ratings = lazy(async () => {
    const { RatingQueue } = await import('./rating/rating-queue.ts');
    return new RatingQueue(this.#ports);
  });

  constructor(ports: EvalPorts) {
    this.#ports = ports;
  }

  async read(file: string, { text, ...options }: ReadOptions = {}): Promise<EvalSpec> {
    const [{ requireEvalSpec }, { KNOWN_METRICS }] = await Promise.all([
      import('./file/eval-file.ts'),
      import('./file/known-metrics.ts'),
    ]);
    const written = text ?? (await this.#readText(file));
    return requireEvalSpec(written, file, KNOWN_METRICS, { ...options, folder: this.#ports.folder });
  }

  async plan(spec: EvalSpec, options: PlanOptions = {}): Promise<EvalPlan> {
    const { planEvaluation } = await import('./plan/plan-evaluation.ts');
    return planEvaluation(this.#ports, spec, options);
  }

  async start(plan: EvalPlan, { signal, patienceMs }: StartOptions = {}): Promise<EvalJob> {
    requireTrust(this.#ports);
    const { newRecord, runFromStart } = await import('./run/start-evaluation.ts');
    const record = newRecord(this.#ports, plan);
    return this.#launch(record, signal, (work) => runFromStart(this.#ports, { record, plan, patienceMs }, work));
  }

  async resume(id: string, options: ResumeFrom = {}): Promise<EvalJob> {
    return this.#resume(await this.#claim(id, refuseDone), 'unanswered', options);
  }

  async planResume(id: string, cases: Rerun['cases'] | 'unanswered' = 'unanswered'): Promise<ResumePlan> {
    const { requireResult } = await import('./run/summarize-stored.ts');
    const { planResume } = await import('./run/plan-resume.ts');
    return planResume(this.#ports, await requireResult(this.#ports, id), cases);
  }

  async planChanged(id: string, options: Pick<PlanOptions, 'signal'> = {}): Promise<EvalPlan> {
    const { requireResult } = await import('./run/summarize-stored.ts');
    const record = await requireResult(this.#ports, id);
    const stored = (record.plan as StoredPlan).spec;
    const spec = record.file === undefined ? stored : await this.read(stored.path);
    const { planChanged } = await import('./plan/plan-changed.ts');
    return planChanged(this.#ports, { record, spec }, options);
  }

  async rerun(id: string, { cases }: Rerun, options: StartOptions = {}): Promise<EvalJob> {
    return this.#resume(await this.#claim(id), cases, options);
  }

  async rescore(id: string, { spec, signal }: StartOptions & { spec?: EvalSpec } = {}): Promise<EvalJob> {
    requireTrust(this.#ports);
    const { requireResult } = await import('./run/summarize-stored.ts');
    const stored = ((await requireResult(this.#ports, id)).plan as StoredPlan).spec;
    const hasBaseline = stored.baseline !== undefined;
    const exists = spec === undefined && (await this.#ports.files.exists(stored.path));
    const given = spec ?? (exists ? await this.read(stored.path, { hasBaseline }) : stored);
    const { checkRescore, rescoreEvaluation } = await import('./run/rescore-evaluation.ts');
    // before the result is changed
    await checkRescore(this.#ports, stored, given);
    const record = await this.#claim(id);
    return this.#launch(record, signal, (work) => rescoreEvaluation(this.#ports, record, given, work));
  }

  active(): EvalJob[] {
    return [...this.#active.values()];
  }

  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async find(written: string | undefined, file?: string): Promise<string> {
    const { findResult } = await import('./run/find-result.ts');
    return findResult(this.#ports, written, file);
  }

  async summarize(id: string, signal?: AbortSignal): Promise<EvalSummary> {
    const { summarizeStored } = await import('./run/summarize-stored.ts');
    return summarizeStored(this.#ports, id, { signal });
  }

  async enterRating(id: string, place: number): Promise<void> {
    const queue = await this.#ratings();
    await queue.enter(id, place);
    this.#changed(id);
  }

  async compare(a: string, b: string, options: { metric?: string; signal?: AbortSignal } = {}) {
    const { compareStored } = await import('./run/compare-stored.ts');
    return compareStored(this.#ports, { a, b }, options);
  }

  async messages(id: string, cell: { place: number; column: number }): Promise<Message[] | undefined> {
    if (this.#messages?.id !== id) {
      const { openCaseMessages } = await import('./run/case-messages.ts');
      this.#messages = { id, read: openCaseMessages(this.#ports, id) };
    }
    return (await this.#messages.read)(cell);
  }

  async #readText(file: string): Promise<string> {
    try {
      return await this.#ports.files.readText(file);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
      if (cause instanceof UserError || code === undefined) throw cause;
      const why =
        code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `could not be read (${code})`;
      throw new UserError(`${file} ${why}.`, { code: 'usage', hint: 'Specify a *.eval.yaml file.', cause });
    }
  }

  async close(): Promise<void> {
    const jobs = this.active();
    for (const job of jobs) job.cancel(WINDOW_CLOSED);
    const limit = new Promise((resolve) => setTimeout(resolve, LONGEST_END_MS).unref());
    await Promise.race([Promise.allSettled(jobs.map(({ result }) => result)), limit]);
  }

  async #resume(
    record: EvalRecord,
    reopened: Reopened,
    { signal, patienceMs, ...options }: ResumeFrom,
  ): Promise<EvalJob> {
    const { resumeEvaluation } = await import('./run/resume-evaluation.ts');
    return this.#launch(record, signal, (work) =>
      resumeEvaluation(this.#ports, record, { reopened, patienceMs, ...options }, work),
    );
  }

  /** Takes a stored result over. Throws UserError `evaluation-running` if a window is at work on it: this one, or another. */
  async #claim(id: string, check?: (record: EvalRecord) => void): Promise<EvalRecord> {
    const { store, now, windowId } = this.#ports;
    requireTrust(this.#ports);
    const { requireResult } = await import('./run/summarize-stored.ts');
    const record = await requireResult({ store }, id);
    const isMine = this.#active.has(id);
    if (!isMine) check?.(record);
    const claim = async (staleBefore: number) => !isMine && (await store.evals.claim(id, windowId, staleBefore));
    // killed a moment ago, in the second case
    const isClaimed =
      (await claim(now() - STALE_HEARTBEAT_MS)) ||
      (isWindowGone((await store.jobs.get(id))?.owner) && (await claim(now() + 1)));
    // the work of a window that was lost is counted by the claim
    if (isClaimed) return { ...record, workedMs: (await requireResult({ store }, id)).workedMs };
    throw new UserError(`"${record.name}" is running${isMine ? '' : ' in another window'}.`, {
      code: 'evaluation-running',
      hint: 'Wait for its end, or stop it there.',
    });
  }

  #launch(record: EvalRecord, signal: AbortSignal | undefined, work: (how: EvalWork) => Promise<EvalRecord>): EvalJob {
    const { id, file, name } = record;
    const job = startEvalJob(
      this.#ports,
      { record, detail: { file, name }, signal, onChange: () => this.#changed(id) },
      work,
    );
    this.#active.set(id, job);
    const remove = () => {
      this.#active.delete(id);
      this.#changed(id);
    };
    job.result.then(remove, remove);
    this.#changed(id);
    return job;
  }

  #changed(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}

function refuseDone({ state }: EvalRecord): void {
  if (state !== 'done') return;
  throw new UserError('This evaluation is done; there is nothing to resume.', {
    code: 'usage',
    hint: 'Run it again, or run its failed cases again.',
  });
}
