import { failedGates, overallVerdict, scoreRange } from '../../core/evals/aggregate/result-figures.ts';
import type { EvalListed, Verdict } from '../../core/store/evals/eval-record.ts';
import { EVALUATION_STATES } from '../../shared/evaluation-state.ts';
import { formatCount, formatNumber, formatPercent, formatUsd, UNKNOWN } from '../../shared/format.ts';
import { markSimulated } from '../../shared/simulated-cost.ts';

const VERDICTS: Record<Verdict | 'mixed', [short: string, text: string]> = {
  better: ['▲ better', 'better than the baseline'],
  worse: ['▼ worse', 'worse than the baseline'],
  mixed: ['▲▼ mixed', 'better in some metrics and worse in others than the baseline'],
  'no-change-shown': ['no change shown', 'no change shown against the baseline'],
  'too-few-cases': ['too few cases', 'too few cases to compare with the baseline'],
};

export function stateText({ state }: Pick<EvalListed, 'state'>): string {
  return EVALUATION_STATES[state];
}

/** `▼ worse`, or `gate failed` because a gate decides more than a verdict; undefined without both. */
export function verdictText({ summary }: EvalListed): string | undefined {
  if (failedGates(summary).length > 0) return 'gate failed';
  const verdict = overallVerdict(summary);
  return verdict && VERDICTS[verdict][0];
}

/** The same for screen readers, without symbols. */
export function verdictInWords({ summary }: EvalListed): string | undefined {
  const verdict = overallVerdict(summary);
  const gates = failedGates(summary).length;
  const parts = [gates > 0 && `${formatCount(gates, 'gate')} failed`, verdict && VERDICTS[verdict][1]].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** `0.84`, `0.91 best, 0.78 lowest` of several columns, which must not look like an interval, or the share of passed answers if no metric has a 0–1 scale. */
export function scoreText(result: EvalListed): string | undefined {
  const range = scoreRange(result);
  if (range) {
    const [low, high] = [range.low.toFixed(2), range.high.toFixed(2)];
    return low === high ? low : `${high} best, ${low} lowest`;
  }
  const { passed, failed, errors } = result.counts;
  const all = passed + failed + errors;
  return all > 0 ? `${formatPercent(passed / all)} passed` : undefined;
}

/** `120 of 600`; undefined if all answers are there, because some are then replaced or scored again. */
export function progressText({ counts }: EvalListed): string | undefined {
  const { passed, failed, errors, cells } = counts;
  const finished = passed + failed + errors;
  return finished < cells ? `${formatNumber(finished)} of ${formatNumber(cells)}` : undefined;
}

/**
 * The description after the time of a result. A side bar has room for about thirty characters: what was found first. The
 * tooltip has the full text.
 */
export function describeResult(result: EvalListed, age: string): string {
  const { state, totals, simulated, counts } = result;
  const cost = totals.costUsd === undefined ? UNKNOWN : `${formatUsd(totals.costUsd)}${simulated ? ' sim.' : ''}`;
  const parts = [
    state === 'running'
      ? (progressText(result) ?? stateText(result))
      : state === 'done'
        ? verdictText(result)
        : stateText(result),
    state !== 'running' && scoreText(result),
    counts.errors > 0 && formatCount(counts.errors, 'error'),
    cost,
    age,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** The same for screen readers, without abbreviations. */
export function resultAriaLabel(result: EvalListed, age: string): string {
  const { name, totals, simulated, counts, isPinned } = result;
  const score = scoreText(result);
  const parts = [
    name,
    stateText(result),
    result.state === 'running' && progressText(result),
    verdictInWords(result),
    score && `score ${score}`,
    counts.failed > 0 && `${formatCount(counts.failed, 'answer')} failed`,
    counts.errors > 0 && formatCount(counts.errors, 'error'),
    `cost ${markSimulated(formatUsd(totals.costUsd), simulated)}`,
    isPinned && 'pinned',
    age,
  ];
  return parts.filter(Boolean).join(', ');
}

/** A column's name: the prompt with its version, and the model if there are several. */
export function columnName({ columns }: Pick<EvalListed, 'columns'>, index: number): string {
  const column = columns[index];
  if (!column) return UNKNOWN;
  const version = column.version?.label;
  const prompt = [column.prompt ?? 'dataset', version && `@${version}`].filter(Boolean).join('');
  const models = new Set(columns.map(({ model }) => model));
  return models.size > 1 && column.model !== undefined ? `${prompt} · ${column.model}` : prompt;
}
