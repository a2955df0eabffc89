import { toErrorInfo } from '../base/errors.ts';
import type { EventQueue } from '../base/event-queue.ts';
import type { Log } from '../base/ports.ts';
import type { JobChanges, JobEntry } from '../store/jobs/job-entry.ts';
import type { Store } from '../store/store.ts';
import { type Job, type JobContext, type JobEvent, type JobWork, WINDOW_CLOSED } from './job.ts';
import { type JobJournal, startJob } from './start-job.ts';

/** How often this window's jobs are marked as alive. */
const HEARTBEAT_MS = 5000;
/** A job without this many heartbeats has lost its window: a busy one may miss some. */
const STALE_HEARTBEATS = 4;
export const STALE_HEARTBEAT_MS = STALE_HEARTBEATS * HEARTBEAT_MS;
/** Progress is written at most this often. */
const PROGRESS_MS = 1500;

interface JobSpec<Event> {
  kind: string;
  /** The id, if it is known before; a new one by default. */
  id?: string;
  /** What the job does to what, as plain data: enough for another window to resume it. */
  detail?: unknown;
  /** For several jobs that report into one stream, as the columns of a comparison do. */
  events?: EventQueue<JobEvent<Event>>;
  /** Cancels the job as well. */
  signal?: AbortSignal;
  /** False if the work writes its own entry, together with its own rows, as the run history does. */
  journal?: boolean;
}

export interface Jobs {
  /** Starts at once. */
  start<Event, Result>(spec: JobSpec<Event>, work: JobWork<Event, Result>): Job<Event, Result>;
  /** A job of this window, or of another one, which notices with its next heartbeat. */
  cancel(id: string): Promise<void>;
  /**
   * Resumes orphaned jobs whose kind supports it, and marks the others as interrupted: when a window opens, and when a
   * list that shows jobs is read. While other windows have running jobs, it is done again from time to time. Calls
   * within one heartbeat are one. An error is logged.
   */
  recover(): Promise<void>;
  /** Stops looking after the jobs of other windows. */
  dispose(): void;
}

/** How to handle the jobs of one kind whose window is gone. */
export interface JobKind {
  /** Resumes from the entry's cursor, or by its remote id. */
  resume?(entry: JobEntry, context: JobContext<unknown>): Promise<unknown>;
  /** Marks them as interrupted in their own tables. */
  interruptStale?(staleBefore: number): Promise<readonly string[]>;
}

interface JobsOptions {
  store: Pick<Store, 'jobs'>;
  kinds: Readonly<Record<string, JobKind>>;
  log: Log;
  /** This window's id. */
  owner: string;
  now(): number;
  newId(): string;
  /** 5 s by default. */
  heartbeatMs?: number;
  /** Jobs of other windows were resumed, marked as interrupted, or found to have ended. */
  onOthersEnded?(): void;
}

export function createJobs(options: JobsOptions): Jobs {
  return new WindowJobs(options);
}

class WindowJobs implements Jobs {
  readonly #options: JobsOptions;
  readonly #live = new Map<string, (reason?: unknown) => void>();
  readonly #heartbeatMs: number;
  readonly #staleMs: number;
  #heartbeat: NodeJS.Timeout | undefined;
  #recovery: NodeJS.Timeout | undefined;
  #isDisposed = false;
  #others: ReadonlySet<string> = new Set();
  #recovered = { at: Number.NEGATIVE_INFINITY, done: Promise.resolve() };

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
    this.#staleMs = STALE_HEARTBEATS * this.#heartbeatMs;
  }

  start<Event, Result>(spec: JobSpec<Event>, work: JobWork<Event, Result>): Job<Event, Result> {
    const { store, owner, newId } = this.#options;
    const { kind, detail, journal = true } = spec;
    const id = spec.id ?? newId();
    const entry = journal ? this.#write(() => store.jobs.start({ id, kind, owner, detail })) : undefined;
    return this.#run({ ...spec, id }, work, entry);
  }

  async cancel(id: string): Promise<void> {
    const cancel = this.#live.get(id);
    if (cancel) cancel();
    else await this.#options.store.jobs.requestCancel(id);
  }

  recover(): Promise<void> {
    const now = this.#options.now();
    if (Math.abs(now - this.#recovered.at) >= this.#heartbeatMs)
      this.#recovered = { at: now, done: this.#write(() => this.#recoverNow(now)) };
    return this.#recovered.done;
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#recovery);
  }

  async #recoverNow(now: number): Promise<void> {
    const { store, kinds, owner } = this.#options;
    const staleBefore = now - this.#staleMs;
    const found: string[] = [];
    for (const [kind, { resume, interruptStale }] of Object.entries(kinds)) {
      found.push(...((await interruptStale?.(staleBefore)) ?? []));
      if (!resume) continue;
      for (const entry of await store.jobs.claimStale(kind, owner, staleBefore)) {
        found.push(entry.id);
        const job = this.#run({ kind, id: entry.id }, (context) => resume(entry, context), Promise.resolve());
        // The journal has the outcome.
        job.result.catch(() => {});
      }
    }
    found.push(...(await store.jobs.interruptStale(staleBefore, Object.keys(kinds))));
    await this.#followOthers(found);
  }

  /** A window that crashes does not say so: its jobs are looked at again once their heartbeats can be too old. */
  async #followOthers(recovered: readonly string[]): Promise<void> {
    const { store, onOthersEnded } = this.#options;
    const running = await store.jobs.list({ state: 'running' });
    const others = new Set(running.map(({ id }) => id).filter((id) => !this.#live.has(id)));
    const hasEnded = recovered.length > 0 || [...this.#others].some((id) => !others.has(id));
    this.#others = others;
    clearTimeout(this.#recovery);
    if (this.#isDisposed) return;
    if (hasEnded) onOthersEnded?.();
    if (others.size === 0) return;
    this.#recovery = setTimeout(() => void this.recover(), this.#staleMs).unref();
  }

  /** `entry` is the pending write of its journal entry; undefined for a job that writes its own. */
  #run<Event, Result>(
    spec: JobSpec<Event> & { id: string },
    work: JobWork<Event, Result>,
    entry: Promise<void> | undefined,
  ): Job<Event, Result> {
    const journal = entry && new JournalWriter(spec.id, entry, this.#options);
    const job = startJob({ ...spec, journal }, work);
    this.#add(job.id, job.cancel);
    const remove = () => this.#remove(job.id);
    job.result.then(remove, remove);
    if (journal) job.result.then(...journal.endings(job.signal));
    return job;
  }

  /** One timer for all jobs, while there are any. */
  #add(id: string, cancel: (reason?: unknown) => void): void {
    this.#live.set(id, cancel);
    this.#heartbeat ??= setInterval(() => void this.#beat(), this.#heartbeatMs).unref();
  }

  #remove(id: string): void {
    this.#live.delete(id);
    if (this.#live.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  async #beat(): Promise<void> {
    await this.#write(async () => {
      const { store, owner } = this.#options;
      const ended = await store.jobs.beat([...this.#live.keys()], owner);
      for (const id of ended) this.#live.get(id)?.();
    });
  }

  /** A journal that cannot be written does not stop the work. */
  async #write(write: () => Promise<void>): Promise<void> {
    await write().catch((error: unknown) => {
      this.#options.log.debug(`The job journal could not be written: ${toErrorInfo(error).message}`);
    });
  }
}

/** Writes the entry of one job, one change after another. */
class JournalWriter implements JobJournal {
  readonly #own: { id: string; owner: string };
  readonly #options: JobsOptions;
  #writing: Promise<void>;
  #waiting: JobChanges | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(id: string, entry: Promise<void>, options: JobsOptions) {
    this.#own = { id, owner: options.owner };
    this.#writing = entry;
    this.#options = options;
  }

  save(changes: JobChanges): Promise<void> {
    const all = { ...this.#waiting, ...changes };
    this.#waiting = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#append((jobs) => jobs.save(this.#own, all));
  }

  saveSoon(changes: JobChanges): void {
    this.#waiting = { ...this.#waiting, ...changes };
    this.#timer ??= setTimeout(() => void this.save({}), PROGRESS_MS).unref();
  }

  /** Callbacks for the end of the work, successful or failed. */
  endings(signal: AbortSignal): [() => void, (error: unknown) => void] {
    const end = (state: 'done' | 'failed' | 'cancelled' | 'interrupted', error?: unknown) => {
      if (this.#waiting) void this.save({});
      clearTimeout(this.#timer);
      void this.#append((jobs) => jobs.end(this.#own, state, error === undefined ? undefined : toErrorInfo(error)));
    };
    const isClosing = () => signal.reason === WINDOW_CLOSED;
    return [
      () => end(!signal.aborted ? 'done' : isClosing() ? 'interrupted' : 'cancelled'),
      (error) => {
        if (signal.aborted) end(isClosing() ? 'interrupted' : 'cancelled');
        else end('failed', error);
      },
    ];
  }

  #append(write: (jobs: Store['jobs']) => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(() =>
      write(this.#options.store.jobs).catch((error: unknown) => {
        this.#options.log.debug(`The job journal could not be written: ${toErrorInfo(error).message}`);
      }),
    );
    return this.#writing;
  }
}
