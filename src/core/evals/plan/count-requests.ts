import type { StoredCase } from '../../store/evals/eval-record.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { EarlierAnswers } from '../requests/earlier-answers.ts';
import type { RequestMaker } from '../requests/model-requests.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import type { PlannedColumn } from './plan-columns.ts';

/** For more cells it is not looked up which requests are equal or answered already: each has to be rendered for that. */
const MOST_LOOKED_UP = 5000;

interface RequestCounts {
  /** Of each column: how many requests there are, equal ones once, and how many of them are answered already. */
  columns: { requests: number; cached: number }[];
  /** False if the requests are too many for it. */
  areLookedUp: boolean;
}

export interface Counted {
  spec: EvalSpec;
  planned: readonly PlannedColumn[];
  makers: readonly RequestMaker[];
  count: number;
  /** All of them, if they are few enough. */
  cases: readonly StoredCase[] | undefined;
  earlier: EarlierAnswers | undefined;
}

/** The requests of a run as they are sent. An equal one of a later column is not counted there. */
export async function countRequests({ store }: Pick<EvalPorts, 'store'>, options: Counted): Promise<RequestCounts> {
  const { spec, planned, count, cases } = options;
  const perColumn = count * spec.repeats;
  if (!cases || perColumn * planned.length > MOST_LOOKED_UP) {
    const columns = planned.map(({ source }) => ({ requests: source.kind === 'dataset' ? 0 : perColumn, cached: 0 }));
    return { columns, areLookedUp: false };
  }
  const seen = new Set<string>();
  const columns = [];
  for (const [index, { source }] of planned.entries()) {
    if (source.kind === 'prompt') {
      columns.push(await countPrompt({ store }, { ...options, cases }, { index, seen }));
    } else if (source.kind === 'target') {
      const cached = cases.reduce((sum, evalCase) => sum + earlierOf(options, evalCase, index), 0);
      columns.push({ requests: perColumn, cached });
    } else columns.push({ requests: 0, cached: 0 });
  }
  return { columns, areLookedUp: true };
}

function earlierOf({ spec, earlier }: Counted, evalCase: StoredCase, column: number): number {
  const repeats = Array.from({ length: spec.repeats }, (_, at) => at + 1);
  return repeats.filter((repeat) => earlier?.has({ evalCase, column, repeat })).length;
}

async function countPrompt(
  { store }: Pick<EvalPorts, 'store'>,
  { spec, makers, cases }: Counted & { cases: readonly StoredCase[] },
  { index, seen }: { index: number; seen: Set<string> },
): Promise<{ requests: number; cached: number }> {
  const keys: string[] = [];
  for (const evalCase of cases) {
    for (let repeat = 1; repeat <= spec.repeats; repeat += 1) {
      const cacheKey = await keyOf(makers[index]?.prepare(evalCase, repeat));
      // answers are shared unless the evaluation forbids it
      if (cacheKey === undefined || (spec.cache !== 'off' && seen.has(cacheKey))) continue;
      seen.add(cacheKey);
      keys.push(cacheKey);
    }
  }
  if (spec.cache !== 'read') return { requests: keys.length, cached: 0 };
  const answers = await store.evals.findAnswers(keys);
  return { requests: keys.length, cached: answers.filter((id) => id !== undefined).length };
}

/** A case that cannot be rendered is an error of its cell, for which nothing is sent. */
async function keyOf(request: Promise<{ cacheKey: string | undefined }> | undefined): Promise<string | undefined> {
  try {
    return (await request)?.cacheKey;
  } catch {
    return undefined;
  }
}
