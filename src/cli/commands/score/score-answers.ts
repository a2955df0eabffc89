import { UserError } from '../../../core/base/errors.ts';
import { createScorer } from '../../../core/evals/metrics/create-scorer.ts';
import type { Need } from '../../../core/evals/metrics/metric.ts';
import { readMetric, splitMetrics } from '../../../core/evals/metrics/read-metric.ts';
import { ScoreTable, type WrittenScorer } from '../../../core/evals/metrics/score-table.ts';
import { formatList } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { withProgress } from '../../progress.ts';
import type { ScoreValues } from '../score.ts';
import { printScores } from './print-scores.ts';
import { type AnswerRow, readAnswers } from './read-answers.ts';

/** `llmops score`: no workspace, no model and no database are used. */
export async function run(values: ScoreValues, context: CommandContext): Promise<void> {
  const scorers = await readScorers(values.metric);
  const needsReference = scorers.some(({ needsReference }) => needsReference);
  const table = new ScoreTable(scorers);
  const rows = (signal: AbortSignal): AsyncIterable<AnswerRow> =>
    readAnswers(values.data, { ...values, needsReference, signal, onNotice: context.notices.report });
  await withProgress(
    'Scoring',
    async ({ report, signal }) => {
      let turn = performance.now();
      for await (const { id, sample } of rows(signal)) {
        for (const warning of await table.add(id, sample)) context.notices.report(warning);
        if (performance.now() - turn < TURN_MS) continue;
        report({ done: table.ids.length });
        await new Promise(setImmediate);
        turn = performance.now();
      }
    },
    context,
  ).finally(() => Promise.all(scorers.map(({ scorer }) => scorer.close())));
  if (table.ids.length === 0) {
    throw new UserError(`${values.data} has no rows.`, { code: 'invalid-input', hint: 'Add at least one row.' });
  }
  await printScores(table, context);
}

/** How long rows are scored before signals are handled and progress is shown. */
const TURN_MS = 50;

async function readScorers(options: readonly string[]): Promise<(WrittenScorer & { needsReference: boolean })[]> {
  const written = [...new Set(options.flatMap(splitMetrics))];
  if (written.length === 0) {
    throw new UserError('--metric is missing.', { code: 'usage', hint: 'For example: --metric bleu,rougeL' });
  }
  const scorers: (WrittenScorer & { needsReference: boolean })[] = [];
  for (const one of written) {
    const use = await readMetric(one);
    // whoever names a file on the command line wants it to be run
    const scorer = await createScorer(use, { folder: process.cwd(), isTrusted: true, python: undefined });
    const { id, needs } = scorer.metric;
    const others = needs.filter((need) => need !== 'reference');
    if (others.length > 0) {
      throw new UserError(
        `${id} needs ${formatList(others.map((need) => NEEDS[need]))}, which a row of answers lacks.`,
        {
          code: 'invalid-input',
          hint: 'Use it in an evaluation.',
        },
      );
    }
    const needsReference = needs.includes('reference') && use.parameters.value === undefined;
    scorers.push({ written: one, scorer, needsReference });
  }
  return scorers;
}

const NEEDS: Readonly<Record<Need, string>> = {
  reference: 'a reference',
  schema: 'the output schema of a prompt',
  expectedToolCalls: 'expected tool calls',
  retrieval: 'retrieved and relevant ids',
  figures: 'figures of requests',
  feedback: 'what users said',
};
