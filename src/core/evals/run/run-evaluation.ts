import { formatCount, formatUsd } from '../../../shared/format.ts';
import type { ErrorInfo } from '../../base/errors.ts';
import { WINDOW_CLOSED } from '../../jobs/job.ts';
import { connectionOf } from '../../models/connection.ts';
import type { SpentOnEvaluation } from '../../store/ledger/ledger-entry.ts';
import type { PlannedColumn } from '../plan/plan-columns.ts';
import { cellTasks } from '../requests/cell-tasks.ts';
import type { EarlyEnd } from '../requests/eval-outcome.ts';
import { LaneRun } from '../requests/lane-run.ts';
import { patientWrite } from '../requests/patient-write.ts';
import { reservedEntry } from '../requests/request-entry.ts';
import { RequestLane } from '../requests/request-lane.ts';
import { RunBudget } from '../requests/run-budget.ts';
import { Semaphore } from '../requests/semaphore.ts';
import { CellSink } from './cell-sink.ts';
import type { EvalWork } from './eval-job-start.ts';
import type { EvalPorts } from './eval-ports.ts';
import type { Execution } from './execution.ts';

/** Fills the open cells. Resolves when everything is stored, to why it ended early. */
export async function runEvaluation(
  ports: EvalPorts,
  execution: Execution,
  { context, gate }: EvalWork,
): Promise<EarlyEnd | undefined> {
  const { record, spec, planned, makers, cases, state, earlier, patienceMs } = execution;
  const { signal } = context;
  const ending = createEnding(signal);
  const sink = new CellSink(ports, execution, { context, gate, end: ending.end });
  const places = new Semaphore(spec.concurrency);
  const budget = await createBudget(ports, execution, { context, gate, signal: ending.signal });
  const lanes = lanesOf(planned).map((columns, index) => {
    const lane = new RequestLane({
      most: spec.concurrency,
      now: () => performance.now(),
      onPause: (reason) => gate.report(`lane ${index}`, reason),
      onContinue: () => gate.open(`lane ${index}`),
    });
    gate.onRetry(() => lane.retryNow());
    const { store, now } = ports;
    const tasks = cellTasks({ cases, columns, makers, state, cache: spec.cache, earlier, store, now });
    return new LaneRun({
      lane,
      tasks,
      places,
      gate,
      budget,
      reservationFor: (task) => reservedEntry(execution, task, ports.now()),
      finish: (task, finished) => sink.finish(task, finished),
      spend: (task, answer) => sink.spend(task, answer),
      discard: (answer) => sink.discard(answer),
      end: ending.end,
      ended: ending.signal,
      signal,
      patienceMs,
      mayShare: spec.cache !== 'off',
      findAnswer: (key) => findAnswer(store, { key, sink }),
      now: () => performance.now(),
    });
  });
  ports.log.debug(`The evaluation ${record.id} asks ${lanes.length} connections.`);
  try {
    await Promise.all(lanes.map((lane) => lane.run()));
  } finally {
    await sink.flush();
  }
  return ending.reason();
}

async function findAnswer({ evals }: EvalPorts['store'], { key, sink }: { key: string; sink: CellSink }) {
  await sink.flush();
  const [id] = await evals.findAnswers([key]);
  const [answer] = id === undefined ? [] : await evals.answers([id]);
  return answer && { answer, id };
}

/** The first reason counts; a cancelled job stops, and one whose window closes is interrupted. */
function createEnding(signal: AbortSignal) {
  const aborter = new AbortController();
  let reason: EarlyEnd | undefined;
  return {
    signal: AbortSignal.any([signal, aborter.signal]),
    end(how: EarlyEnd) {
      reason ??= how;
      aborter.abort();
    },
    reason(): EarlyEnd | undefined {
      if (!signal.aborted) return reason;
      return { state: signal.reason === WINDOW_CLOSED ? 'interrupted' : 'stopped', error: undefined };
    },
  };
}

/** The columns of each connection, which has its own limits. */
function lanesOf(planned: readonly PlannedColumn[]): number[][] {
  const connections = Map.groupBy(planned.keys(), (index) => {
    const { source } = planned[index]!;
    return source.kind === 'prompt' ? connectionOf(source.model) : `${source.kind} ${index}`;
  });
  return [...connections.values()];
}

/** A kill leaves the highest possible costs of what was in flight in the ledger: they count as spent. */
async function createBudget(
  { settings, runs, store }: EvalPorts,
  { record, spec, patienceMs }: Execution,
  { context, gate, signal }: Omit<EvalWork, 'clock'> & { signal: AbortSignal },
): Promise<RunBudget> {
  const hasDayLimit = settings().budgetPerDayUsd !== undefined;
  const isLimited = hasDayLimit || spec.budgetUsd !== undefined;
  const spent = isLimited ? await store.ledger.spentOn(record.id) : undefined;
  if (spent && spent.reservedRequests > 0) context.emit({ type: 'notice', text: describeReserved(spent) });
  const patience = {
    onTrouble: ({ message }: ErrorInfo) => gate.close('ledger', message),
    onRecovered: () => gate.open('ledger'),
    patienceMs,
    signal,
  };
  return new RunBudget({
    budgetUsd: spec.budgetUsd,
    spentUsd: Math.max(record.totals.costUsd ?? 0, spent?.usd ?? 0),
    hasDayLimit,
    dayBudget: runs.dayBudget,
    reserve: (entry) => patientWrite(() => runs.dayBudget.tryReserve(entry), patience),
  });
}

function describeReserved({ reservedRequests, reservedUsd }: SpentOnEvaluation): string {
  const [were, which] = reservedRequests === 1 ? ['was', 'It counts'] : ['were', 'They count'];
  return `${formatCount(reservedRequests, 'request')} ${were} interrupted or got no answer, so the cost is not known. ${which} as spent with the highest possible cost, ${formatUsd(reservedUsd)}.`;
}
