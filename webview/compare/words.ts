import {
  formatClock,
  formatDuration,
  formatList,
  formatNumber,
  formatUsd,
  formatUsdExactly,
} from '../../src/shared/format.ts';
import { markSimulated } from '../../src/shared/simulated-cost.ts';
import { isLive } from './derived.ts';
import type { Column, Run } from './state.ts';

/** The name of a column: its model, and its version if it has one. */
export function columnName({ model, version }: Pick<Column, 'model' | 'version'>): string {
  return version ? `${model} at ${version.label}` : model;
}

/** The name of a column among others. If other columns have versions, the working copy is named too. */
export function columnTitle(column: Column, columns: readonly Column[]): string {
  const isNamed = column.version || !columns.some(({ version }) => version);
  return isNamed ? columnName(column) : `${column.model} at working copy`;
}

/** Notes on a version before it runs: its problem, and how its inputs differ from the form. */
export function versionNotes({ problem, unused, added }: NonNullable<Column['version']>): string[] {
  return [
    ...(problem ? [problem.message] : []),
    ...(unused.length > 0 ? [`does not use ${unused.join(', ')}`] : []),
    ...(added.length > 0 ? [`also needs ${added.join(', ')}`] : []),
  ];
}

/** The state of a run as text, with its codicon. */
export function stateWords(run: Run | undefined): { word: string; icon: string } {
  if (run === undefined) return { word: 'not run yet', icon: 'circle-outline' };
  if (run.retry !== undefined) return { word: 'retrying', icon: 'warning' };
  const aliveMs = isLive(run) ? run.figures?.aliveMs : undefined;
  if (aliveMs !== undefined) return { word: `waiting, server is responding, ${formatClock(aliveMs)}`, icon: 'loading' };
  switch (run.state) {
    case 'waiting':
      return { word: 'waiting', icon: 'loading' };
    case 'streaming':
      return { word: 'streaming', icon: 'loading' };
    case 'done':
      return finishWords(run.finishReason);
    case 'failed':
      return { word: run.error?.code === 'stream-cut' ? 'cut off' : 'failed', icon: 'error' };
    case 'stopped':
      return { word: 'stopped', icon: 'debug-stop' };
    case 'interrupted':
      return { word: 'interrupted', icon: 'debug-disconnect' };
  }
}

/** `inputs and prompt changed since this run`, or undefined if nothing changed. */
export function staleWords({ stale = [] }: Pick<Run, 'stale'>): string | undefined {
  if (stale.length === 0) return undefined;
  return `${formatList(stale)} changed since this run`;
}

function finishWords(reason: string | undefined): { word: string; icon: string } {
  switch (reason) {
    case 'length':
      return { word: 'done, token limit reached', icon: 'warning' };
    case 'tool-calls':
      return { word: 'done, tool calls', icon: 'tools' };
    case 'content-filter':
      return { word: 'done, filtered by the provider', icon: 'warning' };
    case 'error':
      return { word: 'ended with an error', icon: 'error' };
    default:
      return { word: 'done', icon: 'check' };
  }
}

/** The text next to the state icon. Common states need none. */
export function shortStateWord(run: Run | undefined): string | undefined {
  if (run === undefined || (isLive(run) && run.state === 'streaming' && run.figures?.aliveMs === undefined)) return;
  const { word } = stateWords(run);
  if (word.startsWith('waiting, server is responding')) return 'server is responding';
  return run.state === 'done' ? undefined : word;
}

/** Why an answer is incomplete. Undefined if it is complete, or if there is no text above the reason. */
export function noticeOf(
  run: Run,
  hasText: boolean,
): { icon: 'warning' | 'error'; text: string; more: string | undefined } | undefined {
  const { state, error, finishReason } = run;
  if (state === 'failed') {
    return hasText && error ? { icon: 'error', text: error.message, more: error.hint } : undefined;
  }
  if (state === 'stopped') {
    return hasText && error ? { icon: 'warning', text: error.message, more: error.hint } : undefined;
  }
  if (state === 'interrupted') {
    return {
      icon: 'warning',
      text: 'The window was closed during this run.',
      more: 'Run the column again for a full answer.',
    };
  }
  if (state !== 'done') return undefined;
  if (finishReason === 'length') {
    const more = 'Increase the max output tokens in the parameters of this column or in the file.';
    return { icon: 'warning', text: 'Cut off at the token limit.', more };
  }
  if (finishReason === 'content-filter') {
    return { icon: 'warning', text: 'The provider filtered this answer.', more: undefined };
  }
  return undefined;
}

const DAYS_A_MONTH = 30;

export interface CostFacts {
  /** The sum, and its origin unless it was calculated from tokens and prices. */
  total: string;
  /** The parts of the sum: `input $0.0004`. */
  parts: string[];
  /** The cost per month, and the origin of the price. */
  notes: string[];
}

/** All details of a cost; undefined if the price of the model is unknown. */
export function costFacts(figures: Run['figures'], requestsPerDay: number): CostFacts | undefined {
  const cost = figures?.cost;
  if (cost?.totalUsd === undefined) return undefined;
  const parts: [string, number | undefined][] = [
    ['input', cost.inputUsd],
    ['cache read', cost.cacheReadUsd],
    ['cache write', cost.cacheWriteUsd],
    ['output', cost.outputUsd],
    ['reasoning', cost.reasoningUsd],
    ['request', cost.requestUsd],
  ];
  const origin = cost.reported ? ', reported by the provider' : figures?.usageEstimated ? ', estimated' : '';
  const requests = formatNumber(requestsPerDay);
  const month = formatUsd(cost.totalUsd * requestsPerDay * DAYS_A_MONTH);
  return {
    total: `${formatUsdExactly(cost.totalUsd)}${origin}`,
    parts: parts.flatMap(([name, usd]) => (usd === undefined ? [] : [`${name} ${formatUsdExactly(usd)}`])),
    notes: [
      `At ${requests} requests per day: ${month} per month (30 days)`,
      ...(cost.source !== undefined && !cost.reported ? [`Prices: ${cost.source}`] : []),
      ...(cost.estimatedBecause !== undefined ? [`Estimated: ${cost.estimatedBecause}`] : []),
    ],
  };
}

export const NO_PRICE = 'The price of this model is unknown. Set it in llmops.prices or llmops/prices.yaml.';

/** Tooltip of a cost. */
export function costDetails(
  { figures, simulated }: Pick<Run, 'figures' | 'simulated'>,
  requestsPerDay: number,
): string {
  const facts = costFacts(figures, requestsPerDay);
  if (!facts) return NO_PRICE;
  const mark = simulated ? ['Simulated: demo models cost nothing and do not count towards the daily limit'] : [];
  return [facts.total, ...mark, ...facts.parts, ...facts.notes].join('\n');
}

/** The announcement when a run has ended. Tokens are not announced. */
export function announcement(model: string, run: Run): string {
  const { word } = stateWords(run);
  const { figures, simulated } = run;
  const facts = [
    figures && formatDuration(figures.elapsedMs),
    figures?.cost.totalUsd !== undefined && markSimulated(formatUsd(figures.cost.totalUsd), simulated),
  ];
  const detail = run.state === 'failed' && run.error ? `: ${run.error.message}` : '';
  return [`${model} ${word}${detail}`, ...facts.filter(Boolean)].join(', ');
}
