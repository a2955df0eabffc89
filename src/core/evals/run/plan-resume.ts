import type { EvalRecord } from '../../store/evals/eval-record.ts';
import { findReceivers } from '../plan/find-receivers.ts';
import type { EvalEstimate, ResumePlan, StoredPlan } from './eval-plan.ts';
import type { EvalPorts } from './eval-ports.ts';
import { type Reopened, readState } from './resume-evaluation.ts';

/** What would be sent to whom, before a stored result is continued or some of its cases are answered again. */
export async function planResume(ports: EvalPorts, record: EvalRecord, reopened: Reopened): Promise<ResumePlan> {
  const { spec, sources, estimatePerRequest } = record.plan as StoredPlan;
  const state = await readState(ports, record, reopened);
  const open = record.columns.map((_, column) => state.openIn(column));
  const asked = record.columns.flatMap((column, index) => {
    const source = sources[index];
    return source && source.kind !== 'dataset' && open[index]! > 0 ? [{ column, source, index }] : [];
  });
  const means = await meanCosts(ports, record);
  const total = (first: keyof NonNullable<typeof estimatePerRequest>, known: readonly (number | undefined)[]) => {
    const costs = asked.map(({ index }) => times(open[index]!, known[index] ?? estimatePerRequest?.[first]));
    return costs.includes(undefined) ? undefined : costs.reduce<number>((sum, usd) => sum + (usd ?? 0), 0);
  };
  const estimate: EvalEstimate = {
    usd: total('usd', means),
    ceilingUsd: total('ceilingUsd', []),
    simulated: asked.every(({ column }) => column.simulated),
  };
  const planned = asked.map(({ column, source }) => ({ column, source, prompt: undefined }));
  return {
    requests: asked.reduce((sum, { index }) => sum + open[index]!, 0),
    estimate,
    providers: await findReceivers(ports, spec, planned),
  };
}

function times(count: number, usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : count * usd;
}

/** Of the answers of each column; undefined for a column without any whose cost is known. */
async function meanCosts({ store }: EvalPorts, { id }: EvalRecord): Promise<(number | undefined)[]> {
  const { cases, columns, repeats, answerCostUsd } = await store.evals.matrix(id);
  return Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    let count = 0;
    for (let place = 0; place < cases; place += 1) {
      const from = (place * columns + column) * repeats;
      for (const usd of answerCostUsd.subarray(from, from + repeats)) {
        if (Number.isNaN(usd)) continue;
        sum += usd;
        count += 1;
      }
    }
    return count === 0 ? undefined : sum / count;
  });
}
