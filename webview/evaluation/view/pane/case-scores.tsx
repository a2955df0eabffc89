import { useMemo } from 'preact/hooks';
import type { AnswerView, CaseView, CellScore, EvalMetric } from '../../../../src/protocol/evaluation.ts';
import {
  formatDuration,
  formatScore,
  formatTokensExactly,
  formatUsdExactly,
  UNKNOWN,
} from '../../../../src/shared/format.ts';
import { formatMetricValue } from '../../../../src/shared/metric-value.ts';
import { meanOf } from '../../../../src/shared/statistics.ts';
import { Amount } from '../../../shared/controls/amount.tsx';
import { Icon } from '../../../shared/controls/icon.tsx';
import { useLoaded } from '../../../shared/panel-context.ts';
import { showControls } from '../../../shared/text/show-controls.ts';
import { useEvaluation } from '../../context.ts';

interface CaseScoresProps {
  shown: CaseView;
  column: number;
}

/** How each metric scored the answers of a column, against the baseline, with reasons; then what they cost. */
export function CaseScores({ shown, column }: CaseScoresProps) {
  const { state } = useEvaluation();
  const metrics = useLoaded(state, ({ result }) => result.metrics);
  const found = shown.columns[column];
  const answers = useMemo(() => found?.answers.filter((answer) => answer !== undefined) ?? [], [found]);
  const before = found?.baseline?.answers ?? [];
  if (answers.length === 0) return null;
  return (
    <section aria-label="Scores">
      <h3>Scores</h3>
      <table class="case-scores">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Score</th>
            {before.length > 0 && <th scope="col">Baseline</th>}
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric, index) => (
            <ScoreRow
              key={metric.name}
              metric={metric}
              scores={scoresOf(answers, index)}
              before={before.length > 0 ? scoresOf(before, index) : undefined}
            />
          ))}
          <tr>
            <th scope="row">Score of the answer</th>
            <td>{formatScore(meanOf(answers.map(({ score }) => score)))}</td>
            {before.length > 0 && <td>{formatScore(meanOf(before.map(({ score }) => score)))}</td>}
          </tr>
        </tbody>
      </table>
      <Figures answers={answers} />
    </section>
  );
}

function scoresOf(answers: readonly AnswerView[], metric: number): CellScore[] {
  return answers.map(({ scores }) => scores[metric]).filter((score) => score !== undefined);
}

interface ScoreRowProps {
  metric: EvalMetric;
  /** Of each repeat. */
  scores: readonly CellScore[];
  before: readonly CellScore[] | undefined;
}

const LOOKS = {
  passed: { icon: 'pass', color: 'passed' },
  failed: { icon: 'error', color: 'failed' },
  reported: { icon: undefined, color: '' },
} as const;

function ScoreRow({ metric, scores, before }: ScoreRowProps) {
  const outcome = scores.some(({ passed }) => passed === false)
    ? 'failed'
    : scores.some(({ passed }) => passed === true)
      ? 'passed'
      : 'reported';
  const { icon, color } = LOOKS[outcome];
  const reasons = [...new Set(scores.map(({ reason }) => reason).filter((reason) => reason !== undefined))];
  const title =
    metric.threshold === undefined
      ? metric.title
      : `${metric.title}, threshold ${formatMetricValue(metric.threshold, metric)}`;
  return (
    <tr>
      <th scope="row" title={title}>
        {metric.name}
        {reasons.map((reason) => (
          <div key={reason} class="case-reason dim">
            {showControls(reason)}
          </div>
        ))}
      </th>
      <td class={`case-cell ${color}`}>
        {icon && <Icon name={icon} />} {icon && <span class="visually-hidden">{outcome}</span>}
        <Amount text={meanText(scores, metric)} unknown="undefined" />
      </td>
      {before && (
        <td>
          <Amount text={meanText(before, metric)} unknown="undefined" />
        </td>
      )}
    </tr>
  );
}

function meanText(scores: readonly CellScore[], metric: EvalMetric): string {
  return formatMetricValue(meanOf(scores.map(({ value }) => value ?? undefined)), metric);
}

/** Means of the repeats. */
function Figures({ answers }: { answers: readonly AnswerView[] }) {
  const [first] = answers;
  const mean = (read: (answer: AnswerView) => number | undefined) => meanOf(answers.map(read));
  const estimated = answers.some(({ isEstimated }) => isEstimated);
  const simulated = answers.some((answer) => answer.simulated);
  const cost = mean(({ costUsd }) => costUsd);
  const figures = [
    ['Latency', formatDuration(mean(({ latencyMs }) => latencyMs))],
    ['First token', formatDuration(mean(({ ttftMs }) => ttftMs))],
    [
      'Tokens in',
      formatTokensExactly(
        mean(({ inputTokens }) => inputTokens),
        estimated,
      ),
    ],
    [
      'Tokens out',
      formatTokensExactly(
        mean(({ outputTokens }) => outputTokens),
        estimated,
      ),
    ],
    ['Cost', `${formatUsdExactly(cost)}${simulated && cost !== undefined ? ' (simulated)' : ''}`],
    ['Answered from', first?.isCached ? 'cache' : 'request'],
    ['Ended', first?.finishReason ?? UNKNOWN],
    ['Served by', first?.servedModel ?? UNKNOWN],
  ] as const;
  return (
    <dl class="case-figures">
      {figures.map(([name, text]) => [
        <dt key={`${name}-name`}>{name}</dt>,
        <dd key={name}>
          <Amount text={text} />
        </dd>,
      ])}
    </dl>
  );
}
