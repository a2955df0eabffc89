import { formatSplitCost, type SplitCost } from '../../../shared/simulated-cost.ts';
import type { PromptVersion } from '../history/prompt-version.ts';
import type { VersionResults } from './read-results.ts';

/** `v3` if it was saved, otherwise the commit as abbreviated by git. */
export function versionName({ savedAs, shortCommit }: Pick<PromptVersion, 'savedAs' | 'shortCommit'>): string {
  const newest = savedAs.at(-1);
  return newest ? `v${newest.number}` : shortCommit;
}

/** Mean cost of an answer in dollars; undefined if no cost is known. */
export function meanUsd(results: VersionResults | undefined): number | undefined {
  const cost = results?.summary.cost;
  return cost && meanOf(cost.usd, cost.count);
}

/**
 * `$0.0012`, `$0.0012 (simulated)` if all answers came from demo models, `$0.0012, $0.0009 simulated` if some did;
 * undefined if no cost is known.
 */
export function meanCostText(results: VersionResults | undefined, format: (usd: number) => string): string | undefined {
  const mean = meanUsd(results);
  if (!results || mean === undefined) return undefined;
  const { done, demo } = results.summary;
  const part = { usd: mean, estimated: false };
  if (demo === 0) return formatSplitCost({ paid: part, simulated: undefined }, format);
  if (demo >= done) return formatSplitCost({ paid: undefined, simulated: part }, format);
  const split = meansByPayer(results);
  return split ? formatSplitCost(split, format, { join: ', ' }) : `${format(mean)} (partly simulated)`;
}

/**
 * Undefined if the groups do not include every answer (those of large datasets are cut, and older notes have none) or
 * do not show which answers were free of charge.
 */
function meansByPayer({ summary: { cost, groups = [] } }: VersionResults): SplitCost | undefined {
  const sums = { paid: { usd: 0, count: 0 }, simulated: { usd: 0, count: 0 } };
  for (const group of groups) {
    if (group.simulated === undefined) return undefined;
    const sum = sums[group.simulated ? 'simulated' : 'paid'];
    sum.usd += group.cost.usd;
    sum.count += group.cost.count;
  }
  if (sums.paid.count + sums.simulated.count !== cost.count) return undefined;
  const part = ({ usd, count }: { usd: number; count: number }) => {
    return count > 0 ? { usd: usd / count, estimated: false } : undefined;
  };
  return { paid: part(sums.paid), simulated: part(sums.simulated) };
}

/** Mean time of an answer in milliseconds; undefined if none was measured. */
export function meanMs(results: VersionResults | undefined): number | undefined {
  const latency = results?.summary.latency;
  return latency && meanOf(latency.ms, latency.count);
}

function meanOf(sum: number, count: number): number | undefined {
  return count > 0 ? sum / count : undefined;
}

/** Share of the checked answers that match the output schema, 0 to 1; undefined if none was checked. */
export function schemaShare(results: VersionResults | undefined): number | undefined {
  const schema = results?.summary.schema;
  return schema && meanOf(schema.valid, schema.checked);
}

/** Share of good ratings, 0 to 1; undefined if there are none. */
export function ratedShare(results: VersionResults | undefined): number | undefined {
  const { up = 0, down = 0 } = results?.summary.ratings ?? {};
  return meanOf(up, up + down);
}

/** `+3 −1`; undefined if there are no ratings. */
export function ratingsText(results: VersionResults | undefined): string | undefined {
  const { up = 0, down = 0 } = results?.summary.ratings ?? {};
  return [up > 0 && `+${up}`, down > 0 && `−${down}`].filter(Boolean).join(' ') || undefined;
}

/** `6`, `6 (demo)`, `6 (2 demo, 1 failed)`: the number of answers, and whether they came from demo models. */
export function answersText(results: VersionResults | undefined): string | undefined {
  if (!results) return undefined;
  const { done, demo, failed } = results.summary;
  const demos = demo > 0 && (demo === done ? 'demo' : `${demo} demo`);
  const notes = [demos, failed > 0 && `${failed} failed`].filter(Boolean);
  return notes.length > 0 ? `${done} (${notes.join(', ')})` : String(done);
}

export interface FigureChange {
  direction: 'up' | 'down' | 'same';
  /** `12%`, `3.4×`, for shares `4 points`; `same` for less than half a percent. */
  amount: string;
}

/** The change of a cost or a time; undefined if either is unknown, or the earlier one is zero. */
export function amountChange(now: number | undefined, before: number | undefined): FigureChange | undefined {
  if (now === undefined || before === undefined || before <= 0) return undefined;
  const ratio = now / before;
  if (Math.abs(ratio - 1) < 0.005) return { direction: 'same', amount: 'same' };
  const amount =
    ratio >= 3 ? `${Number(ratio.toPrecision(2))}×` : `${Math.max(1, Math.round(Math.abs(ratio - 1) * 100))}%`;
  return { direction: ratio > 1 ? 'up' : 'down', amount };
}

/** The change of a share, in points; undefined if either is unknown. */
export function shareChange(now: number | undefined, before: number | undefined): FigureChange | undefined {
  if (now === undefined || before === undefined) return undefined;
  const points = (now - before) * 100;
  if (Math.abs(points) < 0.5) return { direction: 'same', amount: 'same' };
  const whole = Math.max(1, Math.round(Math.abs(points)));
  return { direction: points > 0 ? 'up' : 'down', amount: `${whole} ${whole === 1 ? 'point' : 'points'}` };
}

const ARROWS = { up: '▲', down: '▼', same: '=' } as const;

export function arrowOf({ direction }: FigureChange): '▲' | '▼' | '=' {
  return ARROWS[direction];
}
