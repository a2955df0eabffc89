import { type Cell, csvLines } from '../../core/datasets/write-rows.ts';
import type { RunFigures, SchemaCheck } from '../../core/runs/events.ts';
import { formatDuration, formatTokens, formatUsd, UNKNOWN } from '../../shared/format.ts';
import { markSimulated } from '../../shared/simulated-cost.ts';

/** One answer to copy, with its request. Undefined values are unknown. */
export interface CopiedRun {
  model: string;
  /** True if a demo model answered, which costs nothing. */
  simulated: boolean;
  /** The version that ran; undefined for the working copy. */
  version: string | undefined;
  /** Starts at 1; set if the column ran several times. */
  repeat: number | undefined;
  parameters: Record<string, unknown>;
  input: Record<string, unknown>;
  state: string;
  answer: string;
  figures: RunFigures | undefined;
  estimated: boolean;
  schema: SchemaCheck;
  error: string | undefined;
  /** `inputs changed since this run`. */
  stale: string | undefined;
}

export interface CopiedComparison {
  /** The prompt's path in the workspace. */
  prompt: string;
  runs: CopiedRun[];
}

/** One row per answer. */
export function comparisonCsv({ prompt, runs }: CopiedComparison): string {
  const [inputs, parameters] = [namesOf(runs, 'input'), namesOf(runs, 'parameters')];
  const head = [
    'prompt',
    'model',
    'version',
    'repeat',
    ...parameters.map((name) => `parameter.${name}`),
    ...inputs.map((name) => `input.${name}`),
    ...['state', 'answer', 'time_s', 'time_to_first_token_s', 'input_tokens', 'output_tokens', 'tokens_estimated'],
    ...['cost_usd', 'cost_kind', 'fits_schema', 'schema_problems', 'error', 'changed_since'],
  ];
  const rows = runs.map((run): Cell[] => {
    const { usage, cost, elapsedMs, ttftMs, usageEstimated } = run.figures ?? {};
    return [
      prompt,
      run.model,
      run.version ?? 'working copy',
      run.repeat,
      ...parameters.map((name) => cellOf(run.parameters[name])),
      ...inputs.map((name) => cellOf(run.input[name])),
      ...[run.state, run.answer, seconds(elapsedMs), seconds(ttftMs), usage?.inputTokens, usage?.outputTokens],
      run.figures && (usageEstimated ? 'yes' : 'no'),
      cost?.totalUsd,
      costKind(run),
      ...[
        run.schema && (run.schema.valid ? 'yes' : 'no'),
        run.schema?.valid === false ? run.schema.problems.join('\n') : undefined,
      ],
      ...[run.error, run.stale],
    ];
  });
  return csvLines([head, ...rows]);
}

function costKind(run: CopiedRun): string | undefined {
  if (run.figures?.cost.totalUsd === undefined) return undefined;
  const kind = run.simulated ? 'simulated' : 'paid';
  return run.estimated ? `${kind}, estimated` : kind;
}

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);

function namesOf(runs: CopiedRun[], what: 'input' | 'parameters'): string[] {
  return [
    ...new Set(
      runs.flatMap((run) => Object.entries(run[what]).flatMap(([name, value]) => (value === undefined ? [] : [name]))),
    ),
  ];
}

function cellOf(value: unknown): Cell {
  if (value === undefined || typeof value === 'string' || typeof value === 'number') return value;
  return JSON.stringify(value);
}

/** A table of the figures, followed by each answer in its own code block. */
export function comparisonMarkdown({ prompt, runs }: CopiedComparison): string {
  const inputs = new Set(runs.map((run) => JSON.stringify(run.input)));
  const shared = inputs.size === 1 ? runs[0]?.input : undefined;
  const parts = [
    `# ${inline(prompt)}`,
    ...(shared ? inputPart(shared) : []),
    table([['Model', 'Version', 'State', 'Time', 'Tokens in → out', 'Cost', 'Schema'], ...runs.map(figureCells)]),
    ...runs.map((run) => answerPart(run, shared === undefined)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function figureCells(run: CopiedRun): string[] {
  const { usage, usageEstimated, cost, elapsedMs } = run.figures ?? {};
  const tokens = [usage?.inputTokens, usage?.outputTokens].map((count) => formatTokens(count, usageEstimated));
  return [
    nameOf(run),
    run.version ?? 'working copy',
    [run.state, run.stale].filter(Boolean).join('; '),
    formatDuration(elapsedMs),
    tokens.join(' → '),
    markSimulated(formatUsd(cost?.totalUsd, run.estimated), run.simulated),
    run.schema === undefined ? UNKNOWN : run.schema.valid ? 'valid' : 'invalid',
  ];
}

const nameOf = ({ model, repeat }: CopiedRun) => (repeat === undefined ? model : `${model}, run ${repeat}`);

function answerPart(run: CopiedRun, withInput: boolean): string {
  const version = run.version === undefined ? '' : ` at ${run.version}`;
  const parameters = Object.entries(run.parameters).filter(([, value]) => value !== undefined);
  return [
    `## ${inline(nameOf(run) + version)}`,
    ...(parameters.length > 0
      ? [`Parameters: ${parameters.map(([name, value]) => code(`${name} ${JSON.stringify(value)}`)).join(', ')}`]
      : []),
    ...(withInput ? inputPart(run.input) : []),
    ...(run.answer === '' ? ['*No text.*'] : [fence(run.answer, isJson(run.answer) ? 'json' : '')]),
    ...(run.schema?.valid === false
      ? [['Does not match the schema:', ...run.schema.problems.map((problem) => `- ${inline(problem)}`)].join('\n')]
      : []),
    ...(run.error === undefined ? [] : [`Error: ${inline(run.error)}`]),
  ].join('\n\n');
}

function inputPart(input: Record<string, unknown>): string[] {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? [] : ['Inputs:', fence(JSON.stringify(Object.fromEntries(entries), null, 2), 'json')];
}

/** A fence longer than any run of backticks in the text, so that the text cannot end it. */
function fence(text: string, language: string): string {
  const marks = '`'.repeat(Math.max(3, longestTicks(text) + 1));
  return `${marks}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${marks}`;
}

function code(text: string): string {
  const marks = '`'.repeat(longestTicks(text) + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${marks}${space}${oneLine(text)}${space}${marks}`;
}

const longestTicks = (text: string) => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

function table([head, ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => inline(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head ?? []), `|${' --- |'.repeat(head?.length ?? 0)}`, ...rows.map(line)].join('\n');
}

/** Escapes text, so that nothing in it is Markdown. */
const inline = (text: string) => oneLine(text).replace(/[\\`*_[\]<>#!~]/g, '\\$&');

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
