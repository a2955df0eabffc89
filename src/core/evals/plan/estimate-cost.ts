import type { StoredCase } from '../../store/evals/eval-record.ts';
import type { EvalEstimate } from '../run/eval-plan.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import { type Counted, countRequests } from './count-requests.ts';
import type { PlannedColumn } from './plan-columns.ts';

interface Estimated extends Counted {
  /** Some cases, whose mean is that of all. */
  examples: readonly StoredCase[];
}

interface Estimate {
  estimate: Omit<EvalEstimate, 'simulated'>;
  requests: number;
  cached: number | undefined;
  perRequest: Omit<EvalEstimate, 'simulated'>;
}

/** How many requests a run sends, and what they may cost. */
export async function estimateCost(ports: EvalPorts, options: Estimated): Promise<Estimate> {
  const { planned } = options;
  const counts = await countRequests(ports, options);
  const costs = await Promise.all(planned.map((column, index) => estimateColumn(options, column, index)));
  const total = (countOf: (column: number) => number, pick: (cost: ColumnCost) => number | undefined) => {
    const sums = costs.map((cost, index) => (countOf(index) === 0 ? 0 : times(countOf(index), pick(cost))));
    return sums.includes(undefined) ? undefined : sums.reduce<number>((all, usd) => all + (usd ?? 0), 0);
  };
  const sent = (column: number) => counts.columns[column]!.requests - counts.columns[column]!.cached;
  const share = () => 1 / planned.length;
  const [usd, ceilingUsd] = [({ usd: one }: ColumnCost) => one, ({ ceilingUsd: one }: ColumnCost) => one];
  return {
    estimate: { usd: total(sent, usd), ceilingUsd: total(sent, ceilingUsd) },
    requests: counts.columns.reduce((sum, { requests }) => sum + requests, 0),
    cached: counts.areLookedUp ? counts.columns.reduce((sum, { cached }) => sum + cached, 0) : undefined,
    perRequest: { usd: total(share, usd), ceilingUsd: total(share, ceilingUsd) },
  };
}

function times(count: number, usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : count * usd;
}

interface ColumnCost {
  usd: number | undefined;
  ceilingUsd: number | undefined;
}

/** Without a reference, an answer is assumed to have as many characters. */
const ASSUMED_ANSWER = 800;
const CHARACTERS_PER_TOKEN = 4;

/** What a request of a column costs on average. */
async function estimateColumn(
  { makers, examples }: Estimated,
  { source }: PlannedColumn,
  index: number,
): Promise<ColumnCost> {
  if (source.kind !== 'prompt') return { usd: source.kind === 'dataset' ? 0 : undefined, ceilingUsd: undefined };
  const costs: (ColumnCost | undefined)[] = [];
  for (const evalCase of examples) {
    const request = await makers[index]?.prepare(evalCase, 1);
    const [reference] = evalCase.expected;
    const characters = reference === undefined ? ASSUMED_ANSWER : JSON.stringify(reference).length;
    costs.push(await request?.costFor(Math.ceil(characters / CHARACTERS_PER_TOKEN)));
  }
  const mean = (pick: (cost: ColumnCost) => number | undefined) => {
    const known = costs.flatMap((cost) => (cost && pick(cost)) ?? []);
    if (known.length < costs.length) return undefined;
    return costs.length === 0 ? 0 : known.reduce((all, usd) => all + usd, 0) / costs.length;
  };
  return { usd: mean(({ usd }) => usd), ceilingUsd: mean(({ ceilingUsd }) => ceilingUsd) };
}
