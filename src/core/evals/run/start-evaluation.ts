import { randomUUID } from 'node:crypto';
import type { EvalRecord, StoredCase } from '../../store/evals/eval-record.ts';
import { relativeTo } from '../file/relative-to.ts';
import { readStoredCases } from '../plan/read-stored-cases.ts';
import { type CaseSource, casesInMemory, casesInStore } from '../requests/case-source.ts';
import { openEarlierAnswers } from '../requests/earlier-answers.ts';
import { createRequestMakers } from '../requests/request-makers.ts';
import { createScoring } from '../scoring/create-scoring.ts';
import type { EvalWork } from './eval-job-start.ts';
import type { EvalPlan } from './eval-plan.ts';
import type { EvalPorts } from './eval-ports.ts';
import { finishEvaluation } from './finish-evaluation.ts';
import { runEvaluation } from './run-evaluation.ts';
import { RunState } from './run-state.ts';

/** The record of an evaluation that starts now. */
export function newRecord({ folder, now }: EvalPorts, plan: EvalPlan): EvalRecord {
  const { spec, columns, metrics, counts } = plan;
  const cells = counts.cases * columns.length * spec.repeats;
  return {
    id: randomUUID(),
    name: spec.name,
    file: spec.isUnsaved || spec.path === '' ? undefined : relativeTo(folder, spec.path),
    state: 'running',
    startedAt: now(),
    endedAt: undefined,
    workedMs: 0,
    workingSince: undefined,
    simulated: columns.every(({ simulated }) => simulated),
    columns,
    metrics,
    repeats: spec.repeats,
    counts: { cases: counts.cases, cells, passed: 0, failed: 0, errors: 0, cached: 0 },
    totals: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
    summary: undefined,
    baselineId: plan.baselineId,
    isPinned: false,
    error: undefined,
    plan: plan.stored,
  };
}

interface Started {
  record: EvalRecord;
  plan: EvalPlan;
  patienceMs: number | undefined;
}

/** Stores the cases, so that the dataset may change meanwhile, and fills every cell. */
export async function runFromStart(ports: EvalPorts, started: Started, work: EvalWork): Promise<EvalRecord> {
  const { plan, patienceMs } = started;
  const { spec, planned } = plan;
  const record = { ...started.record, ...work.clock.start() };
  await ports.store.evals.create(record);
  work.context.emit({ type: 'eval-start', record });
  return finishEvaluation(ports, { record, spec }, work, async () => {
    const cases = await storeCases(ports, started, work.context.signal);
    const asker = ports.runs.asker();
    const [makers, scoring, earlier] = await Promise.all([
      createRequestMakers(ports, { planned, spec, asker }),
      createScoring(ports, spec),
      openEarlierAnswers(ports, plan.stored),
    ]);
    const state = new RunState({ cases: cases.count, columns: planned.length, repeats: spec.repeats });
    try {
      const execution = { record, spec, planned, makers, cases, state, scoring, earlier, patienceMs };
      return await runEvaluation(ports, execution, work);
    } finally {
      await Promise.all([scoring.close(), ...makers.map((maker) => maker.close?.())]);
    }
  });
}

const CASES_AT_ONCE = 1000;

async function storeCases(
  { store, folder }: EvalPorts,
  { record: { id }, plan }: Started,
  signal: AbortSignal,
): Promise<CaseSource> {
  const { cases, spec, stored, planned } = plan;
  const prompts = planned.flatMap(({ prompt }) => prompt ?? []);
  let batch: StoredCase[] = [];
  let first = 0;
  const write = async () => {
    if (batch.length > 0) await store.evals.addCases(id, first, batch);
    first += batch.length;
    batch = [];
  };
  for await (const one of cases ?? readStoredCases(spec, { prompts, chosen: stored.cases, folder, signal })) {
    batch.push(one);
    if (batch.length >= CASES_AT_ONCE) await write();
  }
  await write();
  return cases ? casesInMemory(cases) : casesInStore(store, id, first);
}
