import type { VersionResults } from '../core/versions/versions.ts';
import { formatCost, formatDuration, UNKNOWN } from './format.ts';

/** One figure of a version, as a number for comparing and as a cell. */
export interface Figure {
  title: string;
  /** Undefined where it is not known. */
  value: number | undefined;
  text: string;
  /** Which way is better; undefined where neither is. */
  better: 'more' | 'less' | undefined;
}

/** What a version's runs show; cost and time are means of its answers. */
export function figuresOf(results: VersionResults | undefined): Figure[] {
  const summary = results?.summary;
  const schema = summary && summary.schema.checked > 0 ? summary.schema.valid / summary.schema.checked : undefined;
  const cost = summary && meanOf(summary.cost.usd, summary.cost.count);
  const time = summary && meanOf(summary.latency.ms, summary.latency.count);
  const { up = 0, down = 0 } = summary?.ratings ?? {};
  const rated = up + down > 0 ? up / (up + down) : undefined;
  return [
    { title: 'Answers', value: summary?.done, text: answersOf(results), better: undefined },
    { title: 'Fit the schema', value: schema, text: formatShare(schema), better: 'more' },
    { title: 'Rated', value: rated, text: rated === undefined ? UNKNOWN : `+${up} −${down}`, better: 'more' },
    { title: 'Cost per answer', value: cost, text: formatCost(cost), better: 'less' },
    { title: 'Time per answer', value: time, text: formatDuration(time), better: 'less' },
  ];
}

function meanOf(sum: number, count: number): number | undefined {
  return count > 0 ? sum / count : undefined;
}

/** How many there are, and whether a demonstration gave them. */
function answersOf(results: VersionResults | undefined): string {
  if (!results) return UNKNOWN;
  const { done, demo, failed } = results.summary;
  const notes = [demo > 0 && (demo === done ? 'demo' : `${demo} demo`), failed > 0 && `${failed} failed`].filter(
    Boolean,
  );
  return notes.length > 0 ? `${done} (${notes.join(', ')})` : String(done);
}

/** A whole percent that says 100 and 0 only where it is so. */
export function formatShare(share: number | undefined): string {
  if (share === undefined) return UNKNOWN;
  const whole = Math.round(share * 100);
  if (whole === 100 && share < 1) return '99%';
  return whole === 0 && share > 0 ? '1%' : `${whole}%`;
}

export interface FigureChange {
  arrow: '▲' | '▼' | '=';
  /** `▲ 12%`; shares change by points. */
  text: string;
  /** Undefined where it is neither. */
  verdict: 'better' | 'worse' | undefined;
}

/** How a figure moved; undefined where one of the two is not known or it does not compare. */
export function changeOf(before: Figure | undefined, after: Figure | undefined): FigureChange | undefined {
  const [from, to] = [before?.value, after?.value];
  if (from === undefined || to === undefined || !after?.better) return undefined;
  const isShare = after.better === 'more';
  const difference = isShare ? (to - from) * 100 : from === 0 ? (to === 0 ? 0 : undefined) : (to / from - 1) * 100;
  if (difference === undefined) return { arrow: '▲', text: '▲', verdict: 'worse' };
  if (Math.abs(difference) < 0.5) return { arrow: '=', text: '= same', verdict: undefined };
  const arrow = difference > 0 ? '▲' : '▼';
  const amount = Math.max(1, Math.round(Math.abs(difference)));
  const unit = isShare ? (amount === 1 ? ' point' : ' points') : '%';
  return { arrow, text: `${arrow} ${amount}${unit}`, verdict: difference > 0 === isShare ? 'better' : 'worse' };
}
