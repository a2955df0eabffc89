import { toErrorInfo } from '../../../core/base/errors.ts';
import type { ChatWarning } from '../../../core/models/chat-model.ts';
import type { Comparison } from '../../../core/runs/comparison.ts';
import type { RunEvent, RunResult } from '../../../core/runs/events.ts';
import type { CommandContext } from '../../context.ts';
import type { Output } from '../../output/output.ts';
import { createGarbageLimit } from './limit-garbage.ts';
import { createRunProgress } from './run-progress.ts';
import type { ReportedRun } from './run-report.ts';

export interface FollowOptions {
  /** Prints answers, or events, as they arrive. */
  stream?: boolean;
}

interface Following {
  options: FollowOptions;
  host: CommandContext;
}

/** The time after an interrupt in which runs can end and be recorded. */
const MAX_END_MS = 800;

/** Shows the progress of runs; resolves to their results, in the order of the columns. */
export async function followRuns(comparison: Comparison, { options, host }: Following): Promise<ReportedRun[]> {
  const { terminal, interrupt, notices } = host;
  const results = new Map<string, RunResult>();
  const warnings = new Map<string, ChatWarning[]>();
  const live = terminal.errIsTty && !(options.stream && terminal.outIsTty);
  const progress = live ? createRunProgress(comparison.specs) : undefined;
  const deadline = deadlineAfterAbort(interrupt.signal, MAX_END_MS);
  const limitGarbage = createGarbageLimit();
  const reader = comparison.events[Symbol.asyncIterator]();
  for (;;) {
    const next = await deadline.orLate(reader.next());
    if (!next) notices.report('The command ended before its runs were recorded.');
    if (!next || next.done) break;
    const event = next.value;
    limitGarbage(event);
    if (event.type === 'run-end') results.set(event.runId, event.result);
    if (event.type === 'run-warning') {
      warnings.set(event.runId, [...(warnings.get(event.runId) ?? []), event.warning]);
    }
    if (options.stream) streamEvent(event, host);
    progress?.show(event);
  }
  progress?.clear();
  deadline.cancel();
  return comparison.specs
    .flatMap((spec) => {
      const result = results.get(spec.runId);
      if (!result) return [];
      const all = withLateWarnings(result, warnings.get(spec.runId) ?? []);
      return [{ spec, result: all }];
    })
    .sort((a, b) => a.spec.column - b.spec.column || a.spec.repeat - b.spec.repeat);
}

/** A warning may arrive after its result, for example if the run could not be recorded. */
function withLateWarnings(result: RunResult, warnings: readonly ChatWarning[]): RunResult {
  const known = new Set(result.warnings.map(({ code, message }) => `${code} ${message}`));
  const late = warnings.filter(({ code, message }) => !known.has(`${code} ${message}`));
  return late.length === 0 ? result : { ...result, warnings: [...result.warnings, ...late] };
}

function streamEvent(event: RunEvent, { output, terminal }: CommandContext): void {
  if (output.format === 'ndjson') printEvent(event, output);
  else if (event.type === 'text-delta') terminal.out(terminal.clean(event.text));
}

/** An event that cannot be converted to JSON must not end the stream of the other runs. */
function printEvent(event: RunEvent, output: Output): void {
  try {
    output.printEvent(event);
  } catch (error) {
    output.printEvent({ type: event.type, runId: event.runId, error: toErrorInfo(error) });
  }
}

interface Deadline {
  /** The result of the work, or undefined if it is too late. Only one call at a time. */
  orLate<T>(work: Promise<T>): Promise<T | undefined>;
  cancel(): void;
}

/** Each wait has its own promise: a promise shared by all races would keep every event of a run in memory. */
function deadlineAfterAbort(signal: AbortSignal, ms: number): Deadline {
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  let leave: (() => void) | undefined;
  const start = () => {
    timer = setTimeout(() => {
      isLate = true;
      leave?.();
    }, ms);
  };
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  return {
    orLate<T>(work: Promise<T>) {
      return new Promise<T | undefined>((resolve, reject) => {
        leave = () => resolve(undefined);
        if (isLate) leave();
        work.then(resolve, reject);
      });
    },
    cancel() {
      signal.removeEventListener('abort', start);
      clearTimeout(timer);
    },
  };
}
