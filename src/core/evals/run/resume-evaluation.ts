import { UserError } from '../../base/errors.ts';
import { inputFields } from '../../prompts/schema/input-fields.ts';
import type { EvalRecord, StoredCase } from '../../store/evals/eval-record.ts';
import type { EvalSpec, GateSpec } from '../file/eval-spec.ts';
import type { ColumnSource } from '../plan/column-source.ts';
import type { PlannedColumn } from '../plan/plan-columns.ts';
import { readStoredCases } from '../plan/read-stored-cases.ts';
import { loadWorkingPrompt, resolveVersion } from '../plan/resolve-prompts.ts';
import { type CaseSource, casesInStore } from '../requests/case-source.ts';
import { openEarlierAnswers } from '../requests/earlier-answers.ts';
import { isOfAll, isOfNow } from '../requests/eval-outcome.ts';
import { createRequestMakers } from '../requests/request-makers.ts';
import { createScoring } from '../scoring/create-scoring.ts';
import type { EvalWork } from './eval-job-start.ts';
import type { StoredPlan } from './eval-plan.ts';
import type { EvalPorts } from './eval-ports.ts';
import { finishEvaluation } from './finish-evaluation.ts';
import { runEvaluation } from './run-evaluation.ts';
import { RunState } from './run-state.ts';

/** Which cells are answered again besides those that are missing. */
export type Reopened = readonly number[] | 'failed' | 'errors' | 'unanswered';

export interface ResumeOptions {
  reopened: Reopened;
  /** Instead of the budget of the start. */
  maxCostUsd?: number | undefined;
  /** Instead of the gates of the start. */
  gates?: readonly GateSpec[] | undefined;
  patienceMs: number | undefined;
}

/** Fills the open cells of a stored result, with its prompts and cases as they were at the start. */
export async function resumeEvaluation(
  ports: EvalPorts,
  record: EvalRecord,
  options: ResumeOptions,
  work: EvalWork,
): Promise<EvalRecord> {
  const { spec: stored, sources, reusedId } = record.plan as StoredPlan;
  const spec = specFor(stored, options);
  const changes = { state: 'running', error: undefined, endedAt: undefined, ...work.clock.start() } as const;
  await ports.store.evals.update(record.id, changes);
  work.context.emit({ type: 'eval-start', record: { ...record, ...changes } });
  return finishEvaluation(ports, { record, spec }, work, async () => {
    const planned = await loadColumns(ports, record, sources);
    const cases = await completeCases(ports, record, { planned, signal: work.context.signal });
    const makers = await createRequestMakers(ports, { planned, spec, asker: ports.runs.asker() });
    const scoring = await createScoring(ports, spec);
    const state = await readState(ports, record, options.reopened);
    const { reopened, patienceMs } = options;
    // what is answered again is asked again
    const earlier = reopened === 'unanswered' ? await openEarlierAnswers(ports, { reusedId, spec }) : undefined;
    const execution = { record, spec, planned, makers, cases, state, scoring, earlier, patienceMs };
    try {
      return await runEvaluation(ports, execution, work);
    } finally {
      await Promise.all([scoring.close(), ...makers.map((maker) => maker.close?.())]);
    }
  });
}

/** Answers that are asked for again are not those that are stored. */
function specFor(spec: EvalSpec, { reopened, maxCostUsd, gates }: ResumeOptions): EvalSpec {
  const isAskedAgain = typeof reopened !== 'string' || reopened === 'failed';
  return {
    ...spec,
    budgetUsd: maxCostUsd ?? spec.budgetUsd,
    gates: gates ? [...gates] : spec.gates,
    cache: isAskedAgain && spec.cache === 'read' ? 'refresh' : spec.cache,
  };
}

/** The columns of a result again, with the sources of the start. */
export async function loadColumns(
  ports: EvalPorts,
  { columns }: EvalRecord,
  sources: readonly ColumnSource[],
): Promise<PlannedColumn[]> {
  return Promise.all(
    columns.map(async (column, index): Promise<PlannedColumn> => {
      const source = sources[index];
      if (source?.kind !== 'prompt') return { column, source: source ?? { kind: 'dataset' }, prompt: undefined };
      const { file, revision } = source;
      const resolved =
        revision === undefined
          ? await loadWorkingPrompt(ports, source)
          : await resolveVersion(ports, `${file}@${revision}`);
      const { prompt } = resolved;
      return { column, source, prompt: { prompt, fields: inputFields(prompt), resolved } };
    }),
  );
}

interface Completed {
  planned: readonly PlannedColumn[];
  signal: AbortSignal;
}

/** A window that was lost at the very start may not have stored all cases; no request was sent then. */
async function completeCases(
  { store, folder }: EvalPorts,
  { id, plan, counts }: EvalRecord,
  { planned, signal }: Completed,
): Promise<CaseSource> {
  const { contentHashes } = await store.evals.identities(id);
  if (contentHashes.length >= counts.cases) return casesInStore(store, id, counts.cases);
  const { spec, cases } = plan as StoredPlan;
  const prompts = planned.flatMap(({ prompt }) => prompt ?? []);
  const missing: StoredCase[] = [];
  let place = 0;
  for await (const one of readStoredCases(spec, { prompts, chosen: cases, folder, signal })) {
    const known = contentHashes[place];
    if (known !== undefined && known !== one.contentHash) throw changedMeanwhile(one);
    if (known === undefined) missing.push(one);
    place += 1;
  }
  await store.evals.addCases(id, contentHashes.length, missing);
  return casesInStore(store, id, place);
}

function changedMeanwhile({ dataset, number }: StoredCase): UserError {
  return new UserError(`Row ${number} of ${dataset ?? 'rows'} has changed since this evaluation began to read it.`, {
    code: 'invalid-evaluation',
    hint: 'No request was sent yet. Run the evaluation again instead of resuming it.',
  });
}

const FAILED = 2;
const ERROR = 3;
const PLACES_AT_ONCE = 200;

/** The cells that are there, without those that are answered again. */
export async function readState(
  { store }: Pick<EvalPorts, 'store'>,
  record: EvalRecord,
  reopened: Reopened,
): Promise<RunState> {
  const { id, columns, repeats, counts, totals } = record;
  const states = await store.evals.finished(id);
  const shape = { cases: counts.cases, columns: columns.length, repeats };
  const state = new RunState(shape, { states, totals, cached: counts.cached });
  const perCase = columns.length * repeats;
  const again = typeof reopened === 'string' ? undefined : new Set(reopened);
  const errors = new Set<number>();
  states.forEach((one, index) => {
    const place = Math.floor(index / perCase);
    const isAgain =
      again?.has(place) || (reopened === 'failed' && one === FAILED) || (reopened === 'errors' && one === ERROR);
    if (isAgain) state.reopenAt(index);
    else if (reopened === 'unanswered' && one === ERROR) errors.add(place);
  });
  for (const cell of await cellsOf({ store }, id, [...errors])) {
    const { error } = cell.answer;
    if (error && (isOfNow(error) || isOfAll(error))) state.reopenAt(state.index(cell));
  }
  if (reopened !== 'unanswered') state.leaveOutOthers();
  return state;
}

async function cellsOf({ store }: Pick<EvalPorts, 'store'>, id: string, places: readonly number[]) {
  const found = [];
  for (let from = 0; from < places.length; from += PLACES_AT_ONCE) {
    found.push(...(await store.evals.cells(id, places.slice(from, from + PLACES_AT_ONCE))));
  }
  return found;
}
