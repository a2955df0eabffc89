import {
  amountChange,
  answersText,
  arrowOf,
  meanMs,
  meanUsd,
  percent,
  ratedShare,
  ratingsText,
  schemaShare,
  shareChange,
} from '../core/versions/result-figures.ts';
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
  const [schema, rated, cost, time] = [schemaShare, ratedShare, meanUsd, meanMs].map((figure) => figure(results));
  const answers = answersText(results) ?? UNKNOWN;
  const fits = schema === undefined ? UNKNOWN : percent(schema);
  return [
    { title: 'Answers', value: results?.summary.done, text: answers, better: undefined },
    { title: 'Fit the schema', value: schema, text: fits, better: 'more' },
    { title: 'Rated', value: rated, text: ratingsText(results) ?? UNKNOWN, better: 'more' },
    { title: 'Cost per answer', value: cost, text: formatCost(cost), better: 'less' },
    { title: 'Time per answer', value: time, text: formatDuration(time), better: 'less' },
  ];
}

export interface MovedFigure {
  arrow: '▲' | '▼' | '=';
  /** `▲ 12%`; shares change by points. */
  text: string;
  /** Undefined where it is neither. */
  verdict: 'better' | 'worse' | undefined;
}

/** How a figure moved; undefined where one of the two is not known or it does not compare. */
export function changeOf(before: Figure | undefined, after: Figure | undefined): MovedFigure | undefined {
  const [from, to] = [before?.value, after?.value];
  if (from === undefined || to === undefined || !after?.better) return undefined;
  if (after.better === 'less' && from === 0) return fromNothing(to);
  const change = after.better === 'more' ? shareChange(to, from) : amountChange(to, from);
  if (!change) return undefined;
  const arrow = arrowOf(change);
  const text = `${arrow} ${change.amount}`;
  if (change.direction === 'same') return { arrow, text, verdict: undefined };
  return { arrow, text, verdict: (change.direction === 'up') === (after.better === 'more') ? 'better' : 'worse' };
}

/** Of nothing there is no percent. */
function fromNothing(to: number): MovedFigure {
  if (to === 0) return { arrow: '=', text: '= same', verdict: undefined };
  return { arrow: '▲', text: '▲', verdict: 'worse' };
}
