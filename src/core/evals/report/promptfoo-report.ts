import { columnTitle } from '../../../shared/column-title.ts';
import { formatJson } from '../../base/json/format-json.ts';
import type { CellWithAnswer, EvalColumn, EvalMetric, EvalRecord } from '../../store/evals/eval-record.ts';
import type { ColumnSource } from '../plan/column-source.ts';
import type { StoredPlan } from '../run/eval-plan.ts';
import type { EvalReport, ReportCase } from './eval-report.ts';

/** promptfoo's names of reasons: none, an assertion, an error. */
const FAILURE_REASONS = { passed: 0, failed: 1, error: 2 } as const;

/** The results file of promptfoo (version 3 of its format), for tools that read it; a repeat is a test of its own. */
export async function* writePromptfooReport(report: EvalReport): AsyncGenerator<string> {
  const { record } = report;
  const sums = record.columns.map(() => new ColumnSums());
  const timestamp = new Date(record.startedAt).toISOString();
  const evalId = `eval-${record.id}`;
  yield `{\n"evalId": ${formatJson(evalId)},\n"results": {\n"version": 3,\n"timestamp": ${formatJson(timestamp)},\n"results": [`;
  let separator = '\n';
  for await (const one of report.cases()) {
    const lines = one.cells.map((cell) => {
      sums[cell.column]?.add(cell, record.metrics);
      return formatJson(toResult(cell, one, record));
    });
    if (lines.length > 0) yield separator + lines.join(',\n');
    if (lines.length > 0) separator = ',\n';
  }
  const sources = (record.plan as StoredPlan | undefined)?.sources ?? [];
  const prompts = record.columns.map((column, index) => toPrompt(column, sources[index], sums[index]!));
  yield `\n],\n"prompts": ${formatJson(prompts, 2)},\n"stats": ${formatJson(statsOf(sums, record), 2)}\n},\n`;
  yield `"config": ${formatJson({ description: record.name })},\n"shareableUrl": null\n}\n`;
}

function toResult(cell: CellWithAnswer, { case: stored }: ReportCase, record: EvalRecord) {
  const { answer, state, cached } = cell;
  const column = record.columns[cell.column];
  const { columns, repeats, metrics } = record;
  const provider = { id: providerOf(column), label: '' };
  const namedScores = Object.fromEntries(scored(cell, metrics).map(({ metric, value }) => [metric.name, value]));
  return {
    id: `${record.id}-${cell.case}-${cell.column}-${cell.repeat}`,
    promptIdx: cell.column,
    testIdx: cell.case * repeats + cell.repeat - 1,
    promptId: column?.sourceHash ?? columnTitle(column ?? {}),
    provider,
    prompt: promptOf(column),
    vars: stored.inputs,
    testCase: {
      description: stored.id,
      vars: stored.inputs,
      assert: metrics.map(assertionOf),
      metadata: metadataOf(stored),
    },
    response: {
      output: answer.output,
      tokenUsage: usageOf(cell),
      cached,
      ...(answer.costUsd !== undefined && { cost: cached ? 0 : answer.costUsd }),
      ...(answer.error && { error: answer.error.message }),
    },
    error: state === 'passed' ? null : (answer.error?.message ?? reasonOf(cell, metrics)),
    failureReason: FAILURE_REASONS[state],
    success: state === 'passed',
    score: scoreOf(cell),
    latencyMs: answer.latencyMs ?? 0,
    cost: cached ? 0 : (answer.costUsd ?? 0),
    namedScores,
    gradingResult: gradingOf(cell, metrics),
    metadata: { columns: columns.length, simulated: answer.simulated },
  };
}

/** promptfoo's prompts have one label; a column is the prompt on a model. */
function promptOf(column: EvalColumn | undefined) {
  const label = columnTitle({ prompt: column?.prompt, version: column?.version });
  return { raw: label, label };
}

function providerOf(column: EvalColumn | undefined): string {
  return column?.model ?? column?.prompt ?? 'dataset';
}

function metadataOf({ id, dataset, number, tags, group }: ReportCase['case']) {
  return { id, row: number, ...(dataset && { dataset }), ...(tags.length > 0 && { tags }), ...(group && { group }) };
}

function assertionOf({ id, name, threshold, weight }: EvalMetric) {
  return { type: id, metric: name, weight, ...(threshold !== undefined && { threshold }) };
}

/** promptfoo has no unknown scores, so a metric without one is left out. */
function scored({ scores }: CellWithAnswer, metrics: readonly EvalMetric[]) {
  return scores.flatMap(({ value, passed, reason }, index) => {
    const metric = metrics[index];
    return metric && value !== null ? [{ metric, value, passed, reason }] : [];
  });
}

function gradingOf(cell: CellWithAnswer, metrics: readonly EvalMetric[]) {
  return {
    pass: cell.state === 'passed',
    score: scoreOf(cell),
    reason: cell.state === 'passed' ? 'All assertions passed' : reasonOf(cell, metrics),
    componentResults: scored(cell, metrics).map(({ metric, value, passed, reason }) => {
      return { pass: passed ?? true, score: value, reason: reason ?? '', assertion: assertionOf(metric) };
    }),
    ...(cell.comment !== undefined && { comment: cell.comment }),
  };
}

function reasonOf({ scores, answer }: CellWithAnswer, metrics: readonly EvalMetric[]): string {
  const failed = scores.flatMap(({ value, passed, reason }, index) => {
    const name = metrics[index]?.name;
    return passed === false && name !== undefined ? [`${name} ${value ?? ''}${reason ? `: ${reason}` : ''}`] : [];
  });
  return answer.error?.message ?? failed.join('; ');
}

/** Without metrics of a 0–1 scale, promptfoo's score is whether it passed. */
function scoreOf({ score, state }: CellWithAnswer): number {
  return score ?? (state === 'passed' ? 1 : 0);
}

function usageOf({ answer: { usage }, cached }: Pick<CellWithAnswer, 'answer' | 'cached'>) {
  const { inputTokens: prompt = 0, outputTokens: completion = 0 } = usage;
  const total = prompt + completion;
  return cached ? { total, cached: total } : { total, prompt, completion, numRequests: 1 };
}

/** Figures of a column; promptfoo's format has no unknown ones, which count as 0. */
class ColumnSums {
  readonly passed = { passed: 0, failed: 0, error: 0 };
  readonly asserts = { passed: 0, failed: 0 };
  readonly usage = { total: 0, prompt: 0, completion: 0, cached: 0, numRequests: 0 };
  readonly namedScores: Record<string, number> = {};
  readonly namedScoresCount: Record<string, number> = {};
  score = 0;
  latencyMs = 0;
  cost = 0;

  add(cell: CellWithAnswer, metrics: readonly EvalMetric[]): void {
    const { answer, state, cached } = cell;
    this.passed[state] += 1;
    this.score += scoreOf(cell);
    this.latencyMs += answer.latencyMs ?? 0;
    if (!cached) this.cost += answer.costUsd ?? 0;
    const usage = usageOf(cell);
    for (const [name, count] of Object.entries(usage)) this.usage[name as keyof typeof this.usage] += count;
    for (const { metric, value, passed } of scored(cell, metrics)) {
      this.namedScores[metric.name] = (this.namedScores[metric.name] ?? 0) + value;
      this.namedScoresCount[metric.name] = (this.namedScoresCount[metric.name] ?? 0) + 1;
      if (passed !== null) this.asserts[passed ? 'passed' : 'failed'] += 1;
    }
  }
}

function toPrompt(column: EvalColumn, source: ColumnSource | undefined, sums: ColumnSums) {
  return {
    ...promptOf(column),
    ...(source?.kind === 'prompt' && { raw: source.source }),
    ...(column.sourceHash && { id: column.sourceHash }),
    provider: providerOf(column),
    metrics: {
      score: sums.score,
      testPassCount: sums.passed.passed,
      testFailCount: sums.passed.failed,
      testErrorCount: sums.passed.error,
      assertPassCount: sums.asserts.passed,
      assertFailCount: sums.asserts.failed,
      totalLatencyMs: sums.latencyMs,
      tokenUsage: sums.usage,
      namedScores: sums.namedScores,
      namedScoresCount: sums.namedScoresCount,
      cost: sums.cost,
    },
  };
}

function statsOf(all: readonly ColumnSums[], { workedMs }: EvalRecord) {
  const sum = (figureOf: (sums: ColumnSums) => number) => all.reduce((total, one) => total + figureOf(one), 0);
  return {
    successes: sum(({ passed }) => passed.passed),
    failures: sum(({ passed }) => passed.failed),
    errors: sum(({ passed }) => passed.error),
    tokenUsage: {
      total: sum(({ usage }) => usage.total),
      prompt: sum(({ usage }) => usage.prompt),
      completion: sum(({ usage }) => usage.completion),
      cached: sum(({ usage }) => usage.cached),
      numRequests: sum(({ usage }) => usage.numRequests),
    },
    ...(workedMs !== undefined && { durationMs: workedMs }),
  };
}
