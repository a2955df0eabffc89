import type { RunEvent, RunFigures, RunSpec } from '../../../core/runs/events.ts';
import { formatClock, formatDuration, formatTokens, formatUsd } from '../../../shared/format.ts';
import { formatSplitCost, type KnownCost, splitCost } from '../../../shared/simulated-cost.ts';
import { createProgressLine } from '../../progress.ts';

interface RunProgress {
  show(event: RunEvent): void;
  clear(): void;
}

/** Shows the progress of runs, with their tokens and cost so far. */
export function createRunProgress(specs: readonly RunSpec[]): RunProgress {
  const { draw, clear } = createProgressLine();
  const models = new Map(specs.map(({ runId, model }) => [runId, model]));
  const tokens = new Map<string, number>();
  const simulated = new Set<string>();
  const costs = new Map<string, KnownCost>();
  /** For how long a server has sent only keep-alive messages. */
  const alive = new Map<string, number>();
  const began = performance.now();
  let ended = 0;
  let note = '';
  const spentText = () => formatSplitCost(splitCost(costs.values()), (usd) => formatUsd(usd, true));
  const aliveNote = () => {
    const [first] = alive;
    return first ? ` · ${models.get(first[0])}: waiting, server is alive, ${formatClock(first[1])}` : '';
  };
  const line = () => {
    const elapsed = formatDuration(performance.now() - began);
    const spent = costs.size > 0 ? `, ${spentText()}` : '';
    return `${ended} of ${specs.length} done, ${formatTokens(sum(tokens), true)} tokens${spent}, ${elapsed}${note || aliveNote()}`;
  };
  return {
    show(event) {
      if (event.type === 'run-start' && event.simulated) simulated.add(event.runId);
      if (event.type === 'run-end') ended += 1;
      if (event.type === 'run-retry') {
        note = ` · ${models.get(event.runId)}: ${event.error.code}, retrying in ${formatDuration(event.waitMs)}`;
      }
      if (event.type === 'text-delta') note = '';
      const aliveMs = event.type === 'run-figures' ? event.figures.aliveMs : undefined;
      if (aliveMs !== undefined) alive.set(event.runId, aliveMs);
      else if (event.type !== 'run-warning') alive.delete(event.runId);
      const figures = figuresOf(event);
      if (figures?.usage.outputTokens !== undefined) tokens.set(event.runId, figures.usage.outputTokens);
      const usd = figures?.cost.totalUsd;
      if (usd !== undefined) costs.set(event.runId, { simulated: simulated.has(event.runId), usd });
      draw(line);
    },
    clear,
  };
}

function figuresOf(event: RunEvent): RunFigures | undefined {
  if (event.type === 'run-figures') return event.figures;
  return event.type === 'run-end' ? event.result.figures : undefined;
}

function sum(values: Map<string, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0);
}
