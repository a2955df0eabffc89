import type { Asker } from '../../runs/asker.ts';
import type { StoredCase } from '../../store/evals/eval-record.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { RequestMaker } from '../requests/model-requests.ts';
import type { EvalEstimate } from '../run/eval-plan.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import type { PlannedColumn } from './plan-columns.ts';

interface Estimated {
  spec: EvalSpec;
  planned: readonly PlannedColumn[];
  makers: readonly RequestMaker[];
  count: number;
  /** All of them, if they are few enough. */
  cases: readonly StoredCase[] | undefined;
  examples: readonly StoredCase[];
  asker: Asker;
}

/** For more requests it is not looked up which of them are answered already: each has to be rendered for that. */
const MOST_LOOKED_UP = 5000;

export async function estimateCost(
  ports: EvalPorts,
  options: Estimated,
): Promise<{ estimate: Omit<EvalEstimate, 'simulated'>; cached: number | undefined }> {
  const { spec, planned, count } = options;
  const cached = await countCached(ports, options);
  const requests = count * planned.length * spec.repeats;
  const open = requests === 0 ? 0 : (requests - (cached ?? 0)) / requests;
  const sums = await Promise.all(planned.map((column, index) => estimateColumn(options, column, index)));
  const total = (pick: (sum: ColumnCost) => number | undefined) => {
    const known = sums.map(pick).filter((usd) => usd !== undefined);
    return known.length < sums.length ? undefined : known.reduce((all, usd) => all + usd, 0) * open;
  };
  return { estimate: { usd: total(({ usd }) => usd), ceilingUsd: total(({ ceilingUsd }) => ceilingUsd) }, cached };
}

interface ColumnCost {
  usd: number | undefined;
  ceilingUsd: number | undefined;
}

/** Without a reference, an answer is assumed to have as many characters. */
const ASSUMED_ANSWER = 800;
const CHARACTERS_PER_TOKEN = 4;

async function estimateColumn(
  { spec, makers, count, examples }: Estimated,
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
  const scale = examples.length === 0 ? 0 : (count * spec.repeats) / examples.length;
  const sum = (pick: (cost: ColumnCost) => number | undefined) => {
    const known = costs.flatMap((cost) => (cost && pick(cost)) ?? []);
    return known.length < costs.length ? undefined : known.reduce((all, usd) => all + usd, 0) * scale;
  };
  return { usd: sum(({ usd }) => usd), ceilingUsd: sum(({ ceilingUsd }) => ceilingUsd) };
}

async function countCached(
  { store }: EvalPorts,
  { spec, planned, makers, cases }: Estimated,
): Promise<number | undefined> {
  if (spec.cache !== 'read') return 0;
  const isWorthIt = planned.some(({ column, source }) => source.kind === 'prompt' && !column.simulated);
  if (!cases || !isWorthIt || cases.length * planned.length * spec.repeats > MOST_LOOKED_UP) return undefined;
  const keys: string[] = [];
  for (const maker of makers) {
    for (const evalCase of cases) {
      for (let repeat = 1; repeat <= spec.repeats; repeat += 1) {
        const { cacheKey } = await maker.prepare(evalCase, repeat);
        if (cacheKey !== undefined) keys.push(cacheKey);
      }
    }
  }
  return (await store.evals.findAnswers(keys)).filter((id) => id !== undefined).length;
}
