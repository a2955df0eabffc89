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

/** A column by its model, and by its version where it has one. */
export function columnName({ model, version }: Pick<Column, 'model' | 'version'>): string {
  return version ? `${model} at ${version.label}` : model;
}

/** A column among others: beside versions the working copy is named too. */
export function columnTitle(column: Column, columns: readonly Column[]): string {
  const isNamed = column.version || !columns.some(({ version }) => version);
  return isNamed ? columnName(column) : `${column.model} at working copy`;
}

/** What is to be known of a version before it is run: why it cannot be, and how it gets on with the form. */
export function versionNotes({ problem, unused, added }: NonNullable<Column['version']>): string[] {
  return [
    ...(problem ? [problem.message] : []),
    ...(unused.length > 0 ? [`does not use ${unused.join(', ')}`] : []),
    ...(added.length > 0 ? [`also needs ${added.join(', ')}`] : []),
  ];
}

/** A run's state in a word, with the codicon that goes with it. */
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

/** `inputs and prompt changed since this run`, or undefined where nothing has. */
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

/** What the line of figures says beside the sign of the state; the usual states need no word. */
export function shortStateWord(run: Run | undefined): string | undefined {
  if (run === undefined || (isLive(run) && run.state === 'streaming' && run.figures?.aliveMs === undefined)) return;
  const { word } = stateWords(run);
  if (word.startsWith('waiting, server is responding')) return 'server is responding';
  return run.state === 'done' ? undefined : word;
}

/** Why an answer is not whole. Undefined where it is, and where there is no text that would hide the reason given below it. */
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
  /** The sum, and where it comes from if not from tokens and prices. */
  total: string;
  /** What it is made of: `input $0.0004`. */
  parts: string[];
  /** What a month of it costs, and where the price comes from. */
  notes: string[];
}

/** Everything known of a cost; undefined where the price of the model is not known. */
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

/** What the live region says when a run has ended; never about tokens on their way. */
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
