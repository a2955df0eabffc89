import { toErrorInfo } from '../../../core/base/errors.ts';
import { textPieces } from '../../../core/base/json/json-pieces.ts';
import type { RunResult, RunSpec } from '../../../core/runs/events.ts';
import { summarizeRepeats, totalsOf } from '../../../core/runs/statistics.ts';
import { formatDuration, formatRate, formatSpread, formatTokens, formatUsd, UNKNOWN } from '../../../shared/format.ts';
import { isCostEstimated } from '../../../shared/is-cost-estimated.ts';
import { formatSplitCost, type KnownCost, markSimulated, splitCost } from '../../../shared/simulated-cost.ts';
import { formatTable, left, right } from '../../output/table.ts';
import type { Terminal } from '../../output/terminal.ts';

/** A run with its request. */
export interface ReportedRun {
  spec: RunSpec;
  result: RunResult;
}

const COLUMNS = [
  ...left('MODEL', 'RESULT'),
  ...right('INPUT', 'CACHED', 'OUTPUT', 'TTFT', 'TIME', 'SPEED', 'COST'),
  ...left('SCHEMA'),
];

/** Prints the table of runs, a summary, and the answers. */
export function printReport(runs: readonly ReportedRun[], terminal: Terminal): void {
  const { out, style, clean } = terminal;
  const version = runs[0]?.spec.prompt.version;
  if (version) out(clean(`${runs[0]?.spec.prompt.name} at ${namesOf(version).join(', ')}\n\n`));
  out(
    formatTable(
      COLUMNS,
      runs.map((run) => rowOf(run, runs)),
      style.bold,
    ),
  );
  const lines = [...spreadLines(runs), totalLine(runs)].filter((line) => line !== undefined);
  if (lines.length > 0) out(`\n${clean(lines.join('\n'))}\n`);
  for (const run of runs) {
    out(`\n${style.bold(`── ${clean(titleOf(run, runs))} `.padEnd(72, '─'))}\n`);
    printAnswer(run, terminal);
  }
}

function printAnswer(run: ReportedRun, { out, clean }: Terminal): void {
  const { text } = run.result;
  let below: string;
  try {
    below = linesBelow(run, clean);
  } catch (error) {
    // An error in one answer must not hide the answers after it.
    out(`✗ This answer could not be printed: ${toErrorInfo(error).message}\n`);
    return;
  }
  // In pieces: a single write of megabytes would be copied more than once.
  for (const piece of textPieces(text)) out(clean(piece));
  if (text !== '' && !text.endsWith('\n')) out('\n');
  out(below);
}

function linesBelow(run: ReportedRun, clean: Terminal['clean']): string {
  const calls = run.result.toolCalls.map(({ name, input }) => clean(`calls ${name}(${JSON.stringify(input)})`));
  const notes = notesOf(run).map((note) => `${note.bad ? '✗ ' : '! '}${clean(note.text).replaceAll('\n', '\n  ')}`);
  return [...calls, ...notes].map((line) => `${line}\n`).join('');
}

/** `production, a1b2c3d`; only the hash if the version was specified by its hash. */
function namesOf({ label, commit }: { label: string; commit: string }): string[] {
  return commit.startsWith(label) ? [commit.slice(0, 10)] : [label, commit.slice(0, 10)];
}

/** Warnings and errors of a run, each with one or more lines. */
export function notesOf({ result }: ReportedRun): { text: string; bad: boolean }[] {
  const { error, schemaCheck, warnings } = result;
  const notes = warnings.map(({ message }) => ({ text: message, bad: false }));
  if (schemaCheck && !schemaCheck.valid) {
    notes.push({ text: `The answer does not match the schema: ${schemaCheck.problems.join('; ')}`, bad: true });
  }
  if (error) notes.push({ text: [error.message, error.hint].filter(Boolean).join('\n'), bad: true });
  return notes;
}

/** The figures of a streamed answer in one line. */
export function figuresLine({ result }: ReportedRun): string {
  const { usage, usageEstimated, ttftMs, elapsedMs, tokensPerSecond } = result.figures;
  return [
    stateOf(result),
    `${formatTokens(usage.inputTokens, usageEstimated)} in, ${formatTokens(usage.outputTokens, usageEstimated)} out`,
    `first token ${formatDuration(ttftMs)}`,
    `${formatDuration(elapsedMs)} total`,
    formatRate(tokensPerSecond),
    costOf(result),
  ].join(' · ');
}

function rowOf(run: ReportedRun, runs: readonly ReportedRun[]): string[] {
  const { result } = run;
  const { usage, usageEstimated, ttftMs, elapsedMs, tokensPerSecond } = result.figures;
  const { schemaCheck } = result;
  return [
    titleOf(run, runs),
    stateOf(result),
    formatTokens(usage.inputTokens, usageEstimated),
    formatTokens(usage.cacheReadTokens),
    formatTokens(usage.outputTokens, usageEstimated),
    formatDuration(ttftMs),
    formatDuration(elapsedMs),
    formatRate(tokensPerSecond),
    costOf(result),
    schemaCheck === undefined ? UNKNOWN : schemaCheck.valid ? 'valid' : 'invalid',
  ];
}

/** A cost reported by the provider is marked, since it may include more than tokens (searches, a fee). */
function costOf({ figures, simulated }: RunResult): string {
  const { totalUsd, reported } = figures.cost;
  return markSimulated(`${formatUsd(totalUsd, isCostEstimated(figures))}${reported ? ' (reported)' : ''}`, simulated);
}

function stateOf({ state, finishReason, error }: RunResult): string {
  if (state === 'done') return finishReason ?? 'done';
  return error ? `${state}: ${error.code}` : state;
}

function titleOf({ spec, result }: ReportedRun, runs: readonly ReportedRun[]): string {
  const repeated = runs.some((other) => other.spec.repeat > 0);
  return [spec.model, result.simulated ? '(demo)' : '', repeated ? `#${spec.repeat + 1}` : '']
    .filter(Boolean)
    .join(' ');
}

function spreadLines(runs: readonly ReportedRun[]): string[] {
  if (!runs.some(({ spec }) => spec.repeat > 0)) return [];
  return [...columnsOf(runs)].map(([, column]) => {
    const model = column[0]?.spec.model ?? '';
    const statistics = summarizeRepeats(column.map(({ result }) => result));
    const parts = [
      `time ${formatSpread(statistics.latencyMs, formatDuration)}`,
      `first token ${formatSpread(statistics.ttftMs, formatDuration)}`,
      `output ${formatSpread(statistics.outputTokens, formatTokens)}`,
      `cost ${markSimulated(formatSpread(statistics.costUsd, formatUsd), column[0]?.result.simulated)}`,
    ];
    return `${model}: ${statistics.done} of ${column.length} done, ${parts.join(', ')}`;
  });
}

function columnsOf(runs: readonly ReportedRun[]): Map<number, ReportedRun[]> {
  return Map.groupBy(runs, ({ spec }) => spec.column);
}

function totalLine(runs: readonly ReportedRun[]): string | undefined {
  if (runs.length < 2) return undefined;
  const columns = [...columnsOf(runs).values()];
  const totals = totalsOf(columns.map((column) => column.map(({ result }) => result)));
  const model = (index: number | undefined) => (index === undefined ? undefined : columns[index]?.[0]?.spec.model);
  const cost = formatSplitCost(splitCost(runs.map(pricedRun)), formatUsd);
  const parts = [
    model(totals.fastest) && `fastest ${model(totals.fastest)}`,
    model(totals.cheapest) && `cheapest ${model(totals.cheapest)}`,
    `total ${cost}${totals.incomplete ? ' or more (a cost is unknown)' : ''}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

function pricedRun({ result: { figures, simulated } }: ReportedRun): KnownCost {
  return { simulated, usd: figures.cost.totalUsd, estimated: isCostEstimated(figures) };
}

/** The results for other programs: every field is always present, and unknown values are null. */
export function toJsonReport(runs: readonly ReportedRun[], notices: readonly string[]): Record<string, unknown> {
  const [first] = runs;
  return {
    prompt: first?.spec.prompt.name ?? null,
    version: first?.spec.prompt.version ?? null,
    sourceHash: first?.spec.prompt.sourceHash ?? null,
    contentHash: first?.spec.prompt.contentHash ?? null,
    comparisonId: first?.spec.comparisonId ?? null,
    input: first?.spec.input ?? {},
    runs: runs.map(toPrintableRun),
    notices,
    totalCostUsd: rounded(totalsOf([runs.map(({ result }) => result)]).totalUsd, 12),
    simulatedCostUsd: rounded(splitCost(runs.map(pricedRun)).simulated?.usd, 12),
  };
}

/** A run that cannot be converted to JSON must not hide the others. */
function toPrintableRun(run: ReportedRun): Record<string, unknown> {
  const json = toJsonRun(run);
  try {
    // Strings can always be converted, so they are skipped: converting a long one would only copy it.
    JSON.stringify(json, (_key, value: unknown) => (typeof value === 'string' ? '' : value));
    return json;
  } catch (error) {
    const { runId, model, state, text, reasoning } = json;
    return { runId, model, state, text, reasoning, error: toErrorInfo(error) };
  }
}

function toJsonRun({ spec, result }: ReportedRun): Record<string, unknown> {
  const { usage, usageEstimated, cost, ttftMs, elapsedMs, tokensPerSecond } = result.figures;
  const { schemaCheck } = result;
  return {
    runId: spec.runId,
    model: spec.model,
    servedModel: result.servedModel ?? null,
    demo: result.simulated,
    repeat: spec.repeat,
    state: result.state,
    finishReason: result.finishReason ?? null,
    text: result.text,
    rawText: result.rawText ?? null,
    reasoning: result.reasoning,
    toolCalls: result.toolCalls,
    usage: {
      inputTokens: usage.inputTokens ?? null,
      outputTokens: usage.outputTokens ?? null,
      cacheReadTokens: usage.cacheReadTokens ?? null,
      cacheWriteTokens: usage.cacheWriteTokens ?? null,
      reasoningTokens: usage.reasoningTokens ?? null,
      estimated: usageEstimated,
    },
    costUsd: rounded(cost.totalUsd, 12),
    costReported: cost.reported === true,
    costEstimated: cost.totalUsd === undefined ? null : isCostEstimated(result.figures),
    costEstimatedBecause: cost.estimatedBecause ?? null,
    priceSource: cost.source ?? null,
    priceDate: cost.asOf ?? null,
    ttftMs: rounded(ttftMs, 6),
    elapsedMs: rounded(elapsedMs, 6),
    tokensPerSecond: rounded(tokensPerSecond, 6),
    schemaValid: schemaCheck?.valid ?? null,
    schemaProblems: schemaCheck && !schemaCheck.valid ? schemaCheck.problems : [],
    warnings: result.warnings,
    error: result.error ?? null,
  };
}

/** Rounds to significant digits, to remove the noise of binary fractions. */
function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : Number(value.toPrecision(digits));
}
