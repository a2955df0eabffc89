import { type ErrorInfo, toErrorInfo } from '../base/errors.ts';
import { createFrames, type Frames } from '../base/event-batcher.ts';
import { createEventQueue, type EventQueue } from '../base/event-queue.ts';
import { refuseLooseTools } from '../prompts/render/tool-sections.ts';
import type { Reserve } from './budget/day-budget.ts';
import type { Comparison } from './comparison.ts';
import { estimateRun } from './estimate.ts';
import type { RunEvent, RunSpec } from './events.ts';
import { Recorder } from './recorder.ts';
import type { RunDeps } from './run-deps.ts';
import { runModel } from './run-model.ts';
import { RunProgress } from './run-progress.ts';

/**
 * Runs every spec. The first repeat of each column starts at once, in parallel whatever the setting; further repeats
 * follow as slots of `settings.concurrency` become free. Throws UserError before anything is sent if a tool message
 * answers no call.
 */
export function startComparison(
  deps: RunDeps,
  specs: RunSpec[],
  { signal, onEnd }: { signal?: AbortSignal; onEnd?(): void } = {},
): Comparison {
  for (const { messages, prompt } of specs) refuseLooseTools(messages, prompt.name);
  const events = createEventQueue<RunEvent>();
  const aborters = new Map(specs.map((spec) => [spec.runId, new AbortController()]));
  const stop = (runId?: string, reason?: unknown) => {
    if (runId !== undefined) aborters.get(runId)?.abort(reason);
    else for (const aborter of aborters.values()) aborter.abort(reason);
  };
  const onAbort = () => stop(undefined, signal?.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  void runAll(deps, { specs, aborters, events }).finally(() => {
    signal?.removeEventListener('abort', onAbort);
    events.close();
    onEnd?.();
  });
  return { comparisonId: specs[0]?.comparisonId ?? deps.newId(), specs, events, stop: (runId) => stop(runId) };
}

interface Plan {
  specs: RunSpec[];
  aborters: Map<string, AbortController>;
  events: EventQueue<RunEvent>;
}

async function runAll(deps: RunDeps, { specs, aborters, events }: Plan): Promise<void> {
  const recorder = new Recorder(deps, {
    onFailure(error) {
      const runId = specs.find(({ runId }) => !ended.has(runId))?.runId ?? specs[0]?.runId;
      if (runId !== undefined) events.push({ type: 'run-warning', runId, warning: notRecorded(error) });
    },
    onWritten: (runIds) => deps.dayBudget.written(runIds),
  });
  const ended = new Set<string>();
  const frames = createFrames();
  const runOne = async (spec: RunSpec) => {
    const { runId } = spec;
    const signal = aborters.get(runId)?.signal;
    // The recorder writes the journal entry together with the run: a run that ends at once has none.
    const job = deps.jobs.start<RunEvent, void>(
      { kind: 'run', id: runId, journal: false, events, ...(signal && { signal }) },
      (context) => runRecorded(deps, { spec, signal: context.signal, emit: context.emit, recorder, frames }),
    );
    await job.result;
    ended.add(runId);
  };
  const first = specs.filter(({ repeat }) => repeat === 0);
  const later = specs.filter(({ repeat }) => repeat !== 0);
  await runInPlaces({ first, later, places: Math.max(1, deps.settings().concurrency), runOne });
  await recorder.close();
}

interface Places {
  first: RunSpec[];
  later: RunSpec[];
  places: number;
  runOne(spec: RunSpec): Promise<void>;
}

async function runInPlaces({ first, later, places, runOne }: Places): Promise<void> {
  const waiting = [...later];
  const work = async (spec: RunSpec | undefined): Promise<void> => {
    for (let next = spec; next; next = waiting.shift()) await runOne(next);
  };
  const free = Math.max(0, places - first.length);
  // More columns than slots: only as many of them continue with the repeats as there are slots.
  const begun = first.map((spec, index) => (index < places ? work(spec) : runOne(spec)));
  const more = Array.from({ length: free }, () => work(waiting.shift()));
  await Promise.all([...begun, ...more]);
}

interface Recorded {
  spec: RunSpec;
  signal: AbortSignal;
  emit(event: RunEvent): void;
  recorder: Recorder;
  frames: Frames;
}

async function runRecorded(deps: RunDeps, { spec, signal, emit, recorder, frames }: Recorded): Promise<void> {
  const reserved = signal.aborted ? {} : await reserveFor(deps, spec);
  if (reserved.refusal || signal.aborted) {
    reserved.reserve?.end(0);
    deps.dayBudget.written([spec.runId]);
    await endUnsent(deps, { spec, emit, refusal: reserved.refusal });
    return;
  }
  const onProgress = (run: RunProgress) => recorder.started(run);
  const finished = await runModel(deps, spec, { signal, emit, frames, onProgress, reserve: reserved.reserve });
  reserved.reserve?.end(finished.result.figures.cost.totalUsd ?? 0);
  recorder.finished(spec, finished);
}

/** It never started: shown, but not recorded. */
async function endUnsent(
  deps: RunDeps,
  { spec, emit, refusal }: Pick<Recorded, 'spec' | 'emit'> & { refusal: ErrorInfo | undefined },
): Promise<void> {
  const simulated = await isSimulated(deps, spec);
  const startedAt = deps.now();
  emit({ type: 'run-start', runId: spec.runId, at: startedAt, simulated, estimatedInputTokens: undefined });
  const run = new RunProgress(deps, { spec, emit, simulated, prices: undefined, startedAt });
  if (refusal) run.fail(refusal);
  await run.end(refusal ? false : 'stopped');
}

/** The daily budget's reserve for a request, or why it may not be sent. */
async function reserveFor(deps: RunDeps, spec: RunSpec): Promise<{ reserve?: Reserve; refusal?: ErrorInfo }> {
  const { runId } = spec;
  if (deps.settings().budgetPerDayUsd === undefined || (await isSimulated(deps, spec))) return {};
  const { inputUsd } = await estimateRun(deps, spec);
  try {
    return { reserve: await deps.dayBudget.reserve({ runId, startedAt: deps.now(), inputUsd }) };
  } catch (error) {
    return { refusal: toErrorInfo(error) };
  }
}

/** False if nothing is known of the model: then its cost is unknown, too. */
async function isSimulated({ models }: RunDeps, { model }: RunSpec): Promise<boolean> {
  const info = await models.modelInfo(model).catch(() => undefined);
  return info?.simulated ?? false;
}

function notRecorded(error: unknown): Extract<RunEvent, { type: 'run-warning' }>['warning'] {
  const { message, hint } = toErrorInfo(error);
  return { code: 'not-recorded', message: ['These runs are not recorded.', message, hint].filter(Boolean).join(' ') };
}
