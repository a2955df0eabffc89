import {
  changesByModel,
  type FigureName,
  isOnlyModel,
  type ModelChange,
  onlyChange,
} from '../../../core/versions/results/compare-results.ts';
import type { VersionResults } from '../../../core/versions/results/read-results.ts';
import {
  answersText,
  arrowOf,
  meanCostText,
  meanMs,
  meanUsd,
  ratedShare,
  ratingsText,
  schemaShare,
} from '../../../core/versions/results/result-figures.ts';
import { formatCount, formatDuration, formatPercent, formatUsd, UNKNOWN } from '../../../shared/format.ts';
import { markSimulated } from '../../../shared/simulated-cost.ts';

/** A figure of a version, as a number and as text. */
export interface Figure {
  title: string;
  /** Undefined if unknown. */
  value: number | undefined;
  text: string;
  /** The figure that is compared; undefined if it is not compared. */
  name: FigureName | undefined;
}

/** The results of a version's runs; cost and time are means of its answers. */
export function figuresOf(results: VersionResults | undefined): Figure[] {
  const [schema, rated, cost, time] = [schemaShare, ratedShare, meanUsd, meanMs].map((figure) => figure(results));
  const answers = answersText(results) ?? UNKNOWN;
  const fits = schema === undefined ? UNKNOWN : formatPercent(schema);
  return [
    { title: 'Answers', value: results?.summary.done, text: answers, name: undefined },
    { title: 'Match the schema', value: schema, text: fits, name: 'schema' },
    { title: 'Rated', value: rated, text: ratingsText(results) ?? UNKNOWN, name: 'rated' },
    { title: 'Cost per answer', value: cost, text: meanCostText(results, formatUsd) ?? UNKNOWN, name: 'cost' },
    { title: 'Time per answer', value: time, text: formatDuration(time), name: 'time' },
  ];
}

interface MovedFigure {
  arrow: '▲' | '▼' | '=';
  /** `▲ 12%`; shares change by percentage points. */
  text: string;
  /** Undefined if neither. */
  verdict: 'better' | 'worse' | undefined;
}

interface MovedModel {
  model: string;
  before: string;
  now: string;
  /** The number of inputs that both have. */
  inputs: number;
  moved: MovedFigure | undefined;
}

/** How a figure changed from one version to another. */
export interface Movement {
  /** Only if the same single model answered the same inputs in both. */
  moved: MovedFigure | undefined;
  /** Otherwise the change of each model: `gpt-6: $0.0012 → $0.0009 ▼ 25%`. */
  models: MovedModel[];
}

export function movementOf(
  { name }: Figure,
  before: VersionResults | undefined,
  after: VersionResults | undefined,
): Movement {
  const changes = name ? changesByModel(name, after, before) : [];
  const only = onlyChange(changes);
  if (name && only && isOnlyModel(only.model, before, after)) return { moved: movedBy(name, only), models: [] };
  const models = changes.map((change) => ({
    model: change.model,
    before: formatFigure(name, change.before, change.simulated),
    now: formatFigure(name, change.now, change.simulated),
    inputs: change.inputs,
    moved: name && movedBy(name, change),
  }));
  return { moved: undefined, models };
}

/** `openai/gpt-6: 90% → 100% ▲ 10 points (3 same inputs)` */
export function modelLine({ model, before, now, inputs, moved }: MovedModel): string {
  const change = moved ? ` ${moved.text}` : '';
  return `${model}: ${before} → ${now}${change} (${formatCount(inputs, 'same input')})`;
}

function formatFigure(name: FigureName | undefined, value: number, simulated: boolean): string {
  if (name === 'cost') return markSimulated(formatUsd(value), simulated);
  return name === 'time' ? formatDuration(value) : formatPercent(value);
}

function movedBy(name: FigureName, { before, now, change }: ModelChange): MovedFigure | undefined {
  const isMoreBetter = name === 'schema' || name === 'rated';
  // there is no percentage of zero
  if (!change) return before === 0 && now > 0 ? { arrow: '▲', text: '▲', verdict: 'worse' } : undefined;
  const arrow = arrowOf(change);
  const text = `${arrow} ${change.amount}`;
  if (change.direction === 'same') return { arrow, text, verdict: undefined };
  return { arrow, text, verdict: (change.direction === 'up') === isMoreBetter ? 'better' : 'worse' };
}
