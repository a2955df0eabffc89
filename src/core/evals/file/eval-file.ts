import path from 'node:path';
import schema from '../../../../media/schemas/evaluation.schema.json' with { type: 'json' };
import { isRecord } from '../../../shared/is-record.ts';
import { UserError } from '../../base/errors.ts';
import { type ConfigChecks, type ConfigRules, checkConfig, collectProblems } from '../../config/check-config.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import { type ConfigFile, LONGEST_YAML } from '../../config/read-config-text.ts';
import { readYaml } from '../../config/read-yaml.ts';
import { lineStarts } from '../../prompts/position.ts';
import type { BaselineSpec, ConfidenceSpec, EvalSpec } from './eval-spec.ts';
import { checkInlineRows } from './inline-rows.ts';
import type { MetricTable } from './metric-table.ts';
import { readGates } from './read-gates.ts';
import { readMetricList, takeMetrics } from './read-metrics.ts';
import { readDatasets, readModel, readModels, readPrompts } from './read-sources.ts';
import { readTargets } from './read-targets.ts';
import { relativeTo } from './relative-to.ts';

export const EVAL_EXTENSION = '.eval.yaml';
const UNUSED = 'The evaluation cannot run.';
export const EVALUATIONS: Omit<ConfigFile, 'path'> = {
  unused: UNUSED,
  tooLong: `This file is larger than 100 KB and is not read. ${UNUSED} Put its rows into a dataset.`,
};
const DEFAULTS = { repeats: 1, concurrency: 8, cache: 'read', confidence: 0.95 } as const;

interface ReadEval {
  /** Undefined if there is an error. */
  spec: EvalSpec | undefined;
  problems: ConfigProblem[];
  rangeOf(keys: readonly string[]): ConfigProblem['range'];
}

export interface ReadingOptions {
  /** The baseline is given elsewhere, such as by `--baseline`, so gates may need it. */
  hasBaseline?: boolean | undefined;
}

/** Reads an evaluation file: all its problems that need no other file, with their positions. Never throws. */
export async function parseEvalFile(
  text: string,
  file: string,
  table: MetricTable,
  options: ReadingOptions = {},
): Promise<ReadEval> {
  if (text.length > LONGEST_YAML) {
    const problem = { where: file, message: EVALUATIONS.tooLong };
    return { spec: undefined, problems: [problem], rangeOf: () => undefined };
  }
  const { value, problem, rangeOf } = readYaml(text, file, UNUSED);
  if (problem) return { spec: undefined, problems: [problem], rangeOf };
  const { report, problems } = collectProblems({ where: file, rangeOf });
  const spec = checkConfig(value, rulesFor({ file, metrics: await readMetricList(value, table), ...options }), report);
  const found = problems();
  const isBroken = found.some(({ severity = 'error' }) => severity === 'error');
  return { spec: isBroken ? undefined : spec, problems: found, rangeOf };
}

/**
 * The same for code that needs the evaluation: throws UserError `invalid-evaluation` with all errors and their lines.
 * Several files may have one name, so it is named from the workspace folder.
 */
export async function requireEvalSpec(
  text: string,
  file: string,
  table: MetricTable,
  { folder = path.dirname(file), ...options }: ReadingOptions & { folder?: string | undefined } = {},
): Promise<EvalSpec> {
  const { spec, problems } = await parseEvalFile(text, file, table, options);
  if (spec) return spec;
  const starts = lineStarts(text);
  const errors = problems.filter(({ severity = 'error' }) => severity === 'error');
  const lines = errors.map(({ message, range }) => {
    const line = starts.findLastIndex((start) => start <= (range?.start ?? 0)) + 1;
    return `  ${relativeTo(folder, file)}:${line}: ${message}`;
  });
  throw new UserError(`The evaluation cannot run:\n${lines.join('\n')}`, {
    code: 'invalid-evaluation',
    hint: 'Fix the file and try again. No request was sent.',
  });
}

type ReadMetrics = Awaited<ReturnType<typeof readMetricList>>;

interface Reading extends ReadingOptions {
  file: string;
  metrics: ReadMetrics;
}

function rulesFor(reading: Reading): ConfigRules<EvalSpec | undefined> {
  return {
    schema,
    nameEntry: (key) => (Object.hasOwn(schema.properties, key) ? `${key}: ` : ''),
    read(value, checks) {
      if (value === undefined || value === null) checks.report([], `The file is empty. ${UNUSED}`);
      return isRecord(value) ? readSpec(value, { ...reading, checks }) : undefined;
    },
  };
}

interface Context extends Reading {
  checks: ConfigChecks;
}

function readSpec(value: Record<string, unknown>, { file, metrics: read, hasBaseline, checks }: Context): EvalSpec {
  checkCombination(value, checks);
  const folder = path.dirname(file);
  const metrics = takeMetrics(read, checks);
  const repeats = numberOf(value.repeats) ?? DEFAULTS.repeats;
  const baseline = readBaseline(value.baseline);
  const isCompared = baseline !== undefined || (hasBaseline === true && value.prompts !== undefined);
  const datasets = readDatasets(value, folder, checks);
  checkInlineRows(datasets, checks);
  return {
    path: file,
    name: textOf(value.name) ?? path.basename(file).slice(0, -EVAL_EXTENSION.length),
    description: textOf(value.description),
    prompts: readPrompts(value.prompts, folder, checks),
    models: readModels(value.models, checks),
    targets: readTargets(value.targets, folder, checks),
    datasets,
    metrics,
    repeats,
    judge: readModel(value.judge, ['judge'], checks),
    embedder: textOf(value.embedder),
    baseline,
    gates: readGates(value.gates, { metrics, repeats, hasBaseline: isCompared }, checks),
    concurrency: numberOf(value.concurrency) ?? DEFAULTS.concurrency,
    budgetUsd: numberOf(value.budget),
    cache: value.cache === 'off' || value.cache === 'refresh' ? value.cache : DEFAULTS.cache,
    sample: readSample(value.sample),
    confidence: readConfidence(value.confidence),
    maxErrors: numberOf(value.maxErrors) ?? 0,
  };
}

/** What is evaluated, and on what; keys that would do nothing are errors, because their author expects something. */
function checkCombination(value: Record<string, unknown>, { report }: ConfigChecks): void {
  const has = (key: string) => value[key] !== undefined;
  if (!has('dataset') && !has('rows')) {
    report(
      Object.keys(value).slice(0, 1),
      'The evaluation needs "dataset", the path of a file with cases, or "rows".',
      { code: 'no-cases' },
    );
  }
  if (has('prompts') && has('targets')) {
    report(['targets'], '"targets" cannot be used together with "prompts". Write two files.');
  }
  for (const key of ['models', 'baseline']) {
    if (!has(key) || has('prompts')) continue;
    const isResult = key === 'baseline' && isRecord(value.baseline);
    if (!isResult) report([key], `"${key}" needs "prompts".`);
  }
  if (!has('prompts') && !has('targets') && has('repeats')) {
    report(['repeats'], '"repeats" needs "prompts" or "targets".');
  }
  const columns = isRecord(value.columns) ? value.columns : {};
  if (columns.output !== undefined && (has('prompts') || has('targets'))) {
    const message = 'The answers of this column are not scored, because the file has prompts or targets.';
    report(['columns', 'output'], `columns: ${message}`, { severity: 'warning' });
  }
}

function readBaseline(value: unknown): BaselineSpec | undefined {
  if (typeof value === 'string') return { ref: value.trim() };
  return isRecord(value) ? { result: String(value.result) } : undefined;
}

function readSample(value: unknown): EvalSpec['sample'] {
  return isRecord(value) ? { n: Number(value.n), seed: numberOf(value.seed) ?? 0 } : undefined;
}

function readConfidence(value: unknown): ConfidenceSpec {
  const fields = isRecord(value) ? value : { level: value };
  return {
    level: numberOf(fields.level) ?? DEFAULTS.confidence,
    method: fields.method === 'bootstrap' ? 'bootstrap' : 't',
    seed: numberOf(fields.seed) ?? 0,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
