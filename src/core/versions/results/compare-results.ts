import { spreadOf, standardErrorOf } from '../../../shared/statistics.ts';
import type { AnswerGroup } from '../../store/runs/run-record.ts';
import type { VersionResults } from './read-results.ts';
import { amountChange, type FigureChange, shareChange } from './result-figures.ts';

export type FigureName = 'schema' | 'rated' | 'cost' | 'time';

/** How a figure of one model changed, over the inputs that both versions answered. */
export interface ModelChange {
  model: string;
  /** A demo model: nobody pays its cost. */
  simulated: boolean;
  /** The number of common inputs. */
  inputs: number;
  before: number;
  now: number;
  /** Undefined if a cost or a time was zero before. */
  change: FigureChange | undefined;
  /** True if the change is larger than the usual variation between runs. */
  isBeyondNoise: boolean;
}

/** From this number of inputs on, the spread of their differences shows how much of a change is chance. */
const INPUTS_WITH_SPREAD = 3;
/** A smaller change is not significant even if every input changed alike. */
const SMALLEST_CHANGE = 0.05;
/** The limit if one or two inputs leave the spread unknown. */
const CHANGE_WITHOUT_SPREAD = 0.1;

/** The rule of `isBeyondNoise` as text, for a hover. */
export const NOISE_RULE = `Marked at ${CHANGE_WITHOUT_SPREAD * 100}% or more; with ${INPUTS_WITH_SPREAD} or more inputs, at ${SMALLEST_CHANGE * 100}% or more and at least twice the standard error of the differences`;

/** The differences are those of each common input, so that inputs of different lengths add no spread. */
function isBeyondNoise(before: number, differences: readonly number[]): boolean {
  const spread = spreadOf(differences);
  if (!spread) return false;
  const size = Math.abs(spread.mean);
  // 10% in decimal, despite binary fractions; from zero to something is more than that
  const share = size === 0 ? 0 : size / before + 1e-9;
  const error = standardErrorOf(spread);
  if (error === undefined || spread.count < INPUTS_WITH_SPREAD) return share >= CHANGE_WITHOUT_SPREAD;
  return share >= SMALLEST_CHANGE && size > 2 * error;
}

const FIGURES: Record<FigureName, (group: AnswerGroup) => { sum: number; count: number }> = {
  schema: ({ schema }) => ({ sum: schema.valid, count: schema.checked }),
  rated: ({ ratings }) => ({ sum: ratings.up, count: ratings.up + ratings.down }),
  cost: ({ cost }) => ({ sum: cost.usd, count: cost.count }),
  time: ({ latency }) => ({ sum: latency.ms, count: latency.count }),
};

/**
 * Compares like with like: for each model that answered the same inputs in both versions, the mean over those inputs,
 * each counted once however often it was run. Totals of two versions differ by the chosen models and inputs.
 */
export function changesByModel(
  figure: FigureName,
  now: VersionResults | undefined,
  before: VersionResults | undefined,
): ModelChange[] {
  const [mine, theirs] = [now, before].map((results) => meansOf(figure, results));
  if (!mine || !theirs) return [];
  return [...mine]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([model, means]): ModelChange[] => {
      const others = theirs.get(model);
      const shared = [...means.keys()].filter((input) => others?.has(input));
      if (!others || shared.length === 0) return [];
      const mean = (of: ReadonlyMap<string, number>) =>
        shared.reduce((sum, input) => sum + (of.get(input) ?? 0), 0) / shared.length;
      const [to, from] = [mean(means), mean(others)];
      const isShare = figure === 'schema' || figure === 'rated';
      const change = isShare ? shareChange(to, from) : from === 0 && to === 0 ? SAME : amountChange(to, from);
      const differences = shared.map((input) => (means.get(input) ?? 0) - (others.get(input) ?? 0));
      return [
        {
          model,
          simulated: isSimulated(model, now),
          inputs: shared.length,
          before: from,
          now: to,
          change,
          isBeyondNoise: isBeyondNoise(from, differences),
        },
      ];
    });
}

const SAME: FigureChange = { direction: 'same', amount: 'same' };

/** By model, then by input. */
function meansOf(figure: FigureName, results: VersionResults | undefined): Map<string, Map<string, number>> {
  const means = new Map<string, Map<string, number>>();
  for (const group of results?.summary.groups ?? []) {
    const { sum, count } = FIGURES[figure](group);
    if (count === 0) continue;
    const known = means.get(group.model) ?? new Map<string, number>();
    means.set(group.model, known.set(group.input, sum / count));
  }
  return means;
}

function isSimulated(model: string, results: VersionResults | undefined): boolean {
  return results?.summary.groups?.some((group) => group.model === model && group.simulated) ?? false;
}

/** The change if there is one of a single model: several models can differ, and their sum would be misleading. */
export function onlyChange(changes: readonly ModelChange[]): ModelChange | undefined {
  return changes.length === 1 ? changes[0] : undefined;
}

/** True if a version has answers of this model only, so that its name can be omitted. */
export function isOnlyModel(model: string, ...versions: (VersionResults | undefined)[]): boolean {
  return versions.every((results) => results?.summary.models.length === 1 && results.summary.models[0] === model);
}

/** `gpt-6`, without its connection. */
export function shortModel(model: string): string {
  return model.slice(model.indexOf('/') + 1) || model;
}
