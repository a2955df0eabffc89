import { formatClock, formatSeconds, formatTokens, formatUsd, formatUsdExactly } from '../shared/format.ts';
import { isSimulated, markSimulated } from '../shared/simulated-cost.ts';
import { isLive, type Statistic } from './derived.ts';
import type { Column, CompareState, Run } from './state.ts';

/** A column by its model, and by its version where it has one. */
export function columnName({ model, version }: Pick<Column, 'model' | 'version'>): string {
  return version ? `${model} at ${version.label}` : model;
}

/** A column among others: beside versions the working copy is named too. */
export function columnTitle(column: Column, columns: readonly Column[]): string {
  const isNamed = column.version || !columns.some(({ version }) => version);
  return isNamed ? columnName(column) : `${column.model} as working copy`;
}

/** What is to be known of a version before it is run: why it cannot be, and how it gets on with the form. */
export function versionNotes({ problem, unused, added }: NonNullable<Column['version']>): string[] {
  return [
    ...(problem ? [problem.message] : []),
    ...(unused.length > 0 ? [`does not use ${unused.join(', ')}`] : []),
    ...(added.length > 0 ? [`also asks for ${added.join(', ')}`] : []),
  ];
}

/** A run's state in a word, with the codicon that goes with it. */
export function stateWords(run: Run | undefined): { word: string; icon: string } {
  if (run === undefined) return { word: 'not run yet', icon: 'circle-outline' };
  if (run.retry !== undefined) return { word: 'retrying', icon: 'warning' };
  const aliveMs = isLive(run) ? run.figures?.aliveMs : undefined;
  if (aliveMs !== undefined) return { word: `waiting, server is alive, ${formatClock(aliveMs)}`, icon: 'loading' };
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
  const [last, ...before] = [...stale].reverse();
  const named = before.length > 0 ? `${before.reverse().join(', ')} and ${last}` : last;
  return `${named} changed since this run`;
}

function finishWords(reason: string | undefined): { word: string; icon: string } {
  switch (reason) {
    case 'length':
      return { word: 'done, at the token limit', icon: 'warning' };
    case 'tool-calls':
      return { word: 'done, calls tools', icon: 'tools' };
    case 'content-filter':
      return { word: 'done, filtered by the provider', icon: 'warning' };
    case 'error':
      return { word: 'ended with an error', icon: 'error' };
    default:
      return { word: 'done', icon: 'check' };
  }
}

const DAYS_A_MONTH = 30;

/** Tooltip of a cost: the parts it is made of, what a month of it costs, and where the price comes from. */
export function costDetails(figures: Run['figures'], requestsPerDay: number, model = ''): string {
  const cost = figures?.cost;
  if (cost?.totalUsd === undefined) {
    return 'The price of this model is unknown. Set it in llmops.prices or llmops/prices.yaml.';
  }
  const parts: [string, number | undefined][] = [
    ['input', cost.inputUsd],
    ['cache read', cost.cacheReadUsd],
    ['cache write', cost.cacheWriteUsd],
    ['output', cost.outputUsd],
    ['reasoning', cost.reasoningUsd],
    ['request', cost.requestUsd],
  ];
  const origin = cost.reported ? ', reported by the provider' : figures?.usageEstimated ? ', estimated' : '';
  const lines = [`${formatUsdExactly(cost.totalUsd)}${origin}`];
  if (isSimulated(model)) lines.push('Simulated: a demo model costs nothing, and no budget counts it');
  for (const [name, usd] of parts) if (usd !== undefined) lines.push(`${name} ${formatUsdExactly(usd)}`);
  const requests = requestsPerDay.toLocaleString('en-US');
  lines.push(
    `At ${requests} requests a day: ${formatUsd(cost.totalUsd * requestsPerDay * DAYS_A_MONTH)} a month (30 days)`,
  );
  if (cost.source !== undefined && !cost.reported) lines.push(`Prices: ${cost.source}`);
  if (cost.estimatedBecause !== undefined) lines.push(`An estimate: ${cost.estimatedBecause}`);
  return lines.join('\n');
}

/** `1.92 s ± 0.31`: the unit once. */
export function meanAndSpread(statistic: Statistic | undefined, format: (value: number) => string): string {
  if (statistic === undefined) return '—';
  if (statistic.spread === undefined) return format(statistic.mean);
  return `${format(statistic.mean)} ± ${format(statistic.spread)}`;
}

/** What the live region says when a run has ended; never about tokens on their way. */
export function announcement(model: string, run: Run): string {
  const { word } = stateWords(run);
  const { figures } = run;
  const facts = [
    figures && formatSeconds(figures.elapsedMs),
    figures?.cost.totalUsd !== undefined && markSimulated(formatUsd(figures.cost.totalUsd), model),
  ];
  const detail = run.state === 'failed' && run.error ? `: ${run.error.message}` : '';
  return [`${model} ${word}${detail}`, ...facts.filter(Boolean)].join(', ');
}

/** Before a run: `in ≈205 · ≈ $0.0003 input · at most $0.012 with the answer`, and `simulated` for a demo model. */
export function estimateWords(estimate: CompareState['columns'][number]['estimate'], model = ''): string[] {
  if (estimate === undefined) return [];
  const simulated = isSimulated(model) && estimate.inputUsd !== undefined ? ['simulated'] : [];
  const ceiling =
    estimate.ceilingUsd === undefined ? [] : [`at most ${formatUsd(estimate.ceilingUsd)} with the answer`];
  const input = `${formatUsd(estimate.inputUsd, true)} input`;
  return [`in ${formatTokens(estimate.inputTokens, true)}`, input, ...ceiling, ...simulated];
}
