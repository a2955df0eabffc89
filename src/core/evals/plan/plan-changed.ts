import { formatCount, formatList } from '../../../shared/format.ts';
import { UserError } from '../../base/errors.ts';
import { canonicalJson } from '../../datasets/row-identity.ts';
import type { EvalColumn, EvalRecord } from '../../store/evals/eval-record.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import { equalTargets } from '../requests/earlier-answers.ts';
import type { EvalPlan, PlanOptions, StoredPlan } from '../run/eval-plan.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import { planEvaluation } from './plan-evaluation.ts';
import { readStoredCases } from './read-stored-cases.ts';

interface Compared {
  record: EvalRecord;
  /** Of the file as it is now. */
  spec: EvalSpec;
}

/** A run of what is there now, with the stored answers to what has not changed since a result. */
export async function planChanged(
  ports: EvalPorts,
  { record, spec }: Compared,
  { signal }: Pick<PlanOptions, 'signal'>,
): Promise<EvalPlan> {
  const { id, plan: stored } = record;
  const { spec: before, cases } = stored as StoredPlan;
  const now: EvalSpec = {
    ...spec,
    // options of the command line belong to the result
    sample: spec.sample ?? before.sample,
    baseline: spec.baseline ?? before.baseline,
    cache: 'read',
  };
  const plan = await planEvaluation(ports, now, { cases, reusedId: id, signal });
  const changes = await describeChanges(ports, record, { plan, signal });
  if (changes.length > 0) {
    return { ...plan, notices: [`Changed since that result: ${formatList(changes)}.`, ...plan.notices] };
  }
  throw new UserError(`Nothing has changed since this result of ${record.name}: no row, no prompt and no metric.`, {
    code: 'unchanged',
    hint: 'Save the files that you have edited, or select the cases to run again.',
  });
}

/** `2 cases`, `1 new case`, `the prompt churn`. */
async function describeChanges(
  ports: EvalPorts,
  record: EvalRecord,
  { plan, signal }: { plan: EvalPlan; signal: AbortSignal | undefined },
): Promise<string[]> {
  const { columns, metrics, stored } = plan;
  const { changed, added, removed } = await countChanges(ports, record, { plan, signal });
  // those of ratings are no metrics of the file
  const before = record.metrics.filter(({ fromRatings }) => !fromRatings);
  const hashes = new Set(before.map(({ hash }) => hash));
  const scored = metrics.length !== before.length || metrics.some(({ hash }) => !hashes.has(hash));
  return [
    ...(changed > 0 ? [formatCount(changed, 'case')] : []),
    ...(added > 0 ? [formatCount(added, 'new case')] : []),
    ...(removed > 0 ? [formatCount(removed, 'removed case')] : []),
    ...changedColumns(record, { columns, spec: stored.spec }),
    ...(scored ? ['the metrics'] : []),
  ];
}

/** Many cases are not in memory: their dataset is read again. */
async function countChanges(
  { store, folder }: EvalPorts,
  record: EvalRecord,
  { plan, signal }: { plan: EvalPlan; signal: AbortSignal | undefined },
): Promise<Record<'changed' | 'added' | 'removed', number>> {
  const { spec, planned, stored, cases } = plan;
  const { ids, contentHashes } = await store.evals.identities(record.id);
  const before = new Map(ids.map((id, place) => [id, contentHashes[place]]));
  const prompts = planned.flatMap(({ prompt }) => prompt ?? []);
  let [changed, added, common] = [0, 0, 0];
  for await (const { id, contentHash } of cases ??
    readStoredCases(spec, { prompts, chosen: stored.cases, folder, signal })) {
    const known = before.get(id);
    if (known === undefined) added += 1;
    else {
      common += 1;
      if (known !== contentHash) changed += 1;
    }
  }
  return { changed, added, removed: before.size - common };
}

function changedColumns(record: EvalRecord, { columns, spec }: Pick<EvalPlan, 'columns' | 'spec'>): string[] {
  if (spec.targets.length > 0) {
    const places = equalTargets(spec, record);
    return spec.targets.filter((_, index) => places[index] === -1).map(({ name }) => `the target ${name}`);
  }
  const known = new Set(record.columns.map(requestOf));
  const prompts = columns.filter((column) => !known.has(requestOf(column))).map(({ prompt }) => `the prompt ${prompt}`);
  const names = [...new Set(prompts)];
  return names.length === 0 && columns.length < record.columns.length ? ['the columns'] : names;
}

/** What a column sends besides the case. */
function requestOf({ contentHash, model, parameters }: EvalColumn): string {
  return canonicalJson([contentHash, model, parameters]);
}
