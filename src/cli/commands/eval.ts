import { REPORT_FORMATS } from '../../core/evals/report/report-formats.ts';
import {
  argument,
  type CommandGroup,
  choice,
  count,
  defineCommand,
  dollars,
  flag,
  optionalText,
  optionalTextList,
  text,
  type Values,
} from '../define-command.ts';

const EVAL_HELP = `
FILE ends in .eval.yaml. Everything is checked before the first request. The gates of the file always count; --gate adds
one, such as 'equals>=0.8', 'costUsd<=0.5', 'latencyMs<=2000' or 'pass^k(equals)>=0.9', and without an expression it
requires the file to have gates. A result is an ID of llmops eval list or its beginning; --resume and --rescore without
one take the newest result of the file.

On a terminal, a question names who receives data and what it may cost, unless only demo models answer. With --baseline
and no --format, output that is not a terminal is Markdown, for a comment on a pull request. With several files,
--format json prints one object a line.

Exit codes: 130 interrupted, else 3 when more answers are errors than maxErrors, else 2 when the budget or --max-cost
stopped it, else 1 when a gate fails. The report is printed in each of these cases.

Examples:
  llmops eval evals/churn.eval.yaml
  llmops eval evals/churn.eval.yaml --baseline origin/main --format markdown
  llmops eval evals/churn.eval.yaml --gate 'equals>=0.8' --max-cost 0.50 --yes
  llmops eval evals/churn.eval.yaml --sample 50 --seed 1
  llmops eval evals/churn.eval.yaml --resume`;

const COMPARE_HELP = `
A and B are stored results, by their ID, or JSONL files with one case a line: { "id", "group"?, "score" } or
{ "id", "group"?, "passed" }. Cases are joined by their id. B is compared with A.

Examples:
  llmops eval compare 3f2a 9c41 --metric equals
  llmops eval compare base.jsonl head.jsonl
  llmops eval compare base.jsonl head.jsonl --metric ter --format json
  llmops eval compare base.jsonl head.jsonl --lower-is-better`;

const SHOW_HELP = `
Examples:
  llmops eval show                                     the newest result
  llmops eval show 3f2a --format html > report.html
  llmops eval show 3f2a --format failed-rows > data/failed.jsonl`;

const SPLIT_HELP = `
The files are written next to the dataset: cases.jsonl becomes cases.dev.jsonl and cases.test.jsonl. Rows of one group, and
rows with the same id or the same inputs, come into the same file. The same seed divides the same rows in the same way.

Examples:
  llmops eval split data/cases.jsonl
  llmops eval split data/cases.csv --parts train=70,validation=15,test=15 --seed 7`;

const formats = REPORT_FORMATS.map(({ format }) => format);
const json = flag('--json', 'the same as --format json');

const PARAMETERS = {
  run: {
    files: argument('[file...]', 'evaluations (*.eval.yaml)'),
    baseline: text('--baseline <revision>', 'compare with this label or revision of each prompt, such as origin/main'),
    gate: optionalTextList('--gate [expression]', "what must hold, such as 'equals>=0.8'; repeatable"),
    maxCost: dollars('--max-cost <usd>', 'start no request that could make the run cost more'),
    resume: optionalText('--resume [id]', 'continue a result that was stopped'),
    rescore: optionalText('--rescore [id]', 'score the stored answers again, without calling models'),
    sample: count('--sample <n>', 'evaluate only n cases, chosen by the seed', { max: 2 ** 31 - 1 }),
    seed: count('--seed <n>', 'the seed of the sample (default: 0)', { min: 0, max: 2 ** 31 - 1 }),
    yes: flag('-y, --yes', 'do not ask before data is sent'),
    format: choice('--format <format>', 'the output format (default: table)', {
      choices: ['table', 'json', 'junit', 'markdown', 'html'],
    }),
    json,
  },
  compare: {
    a: argument('<a>', 'the result to compare with'),
    b: argument('<b>', 'the result that may be better or worse'),
    metric: text('--metric <name>', 'the metric of the scores, such as ter: its direction decides what is better'),
    lowerIsBetter: flag('--lower-is-better', 'a lower score is better, whatever the metric'),
    column: text('--column <name>', 'of stored results with several columns: the prompt or the model'),
    bootstrap: flag('--bootstrap', 'compute intervals by resampling the cases'),
    seed: count('--seed <n>', 'the seed of resampling and of random flips', { max: 2 ** 31 - 1 }),
    format: choice('--format <format>', 'the output format', { choices: ['table', 'json'], otherwise: 'table' }),
    json,
  },
  list: {
    file: argument('[file]', 'only results of this evaluation'),
    limit: count('--limit <n>', 'the maximum number of results', { max: 10_000, otherwise: 20 }),
    format: choice('--format <format>', 'the output format', { choices: ['table', 'json'], otherwise: 'table' }),
    json,
  },
  show: {
    id: argument('[id]', 'the result (default: the newest)'),
    format: choice('--format <format>', 'the output format', { choices: ['table', ...formats], otherwise: 'table' }),
    json,
  },
  split: {
    data: argument('<data>', 'a dataset (.jsonl, .json, .csv or .tsv)'),
    parts: text('--parts <parts>', 'the names of the parts with their shares (default: dev=80,test=20)'),
    seed: count('--seed <n>', 'which rows come into which part', { max: 2 ** 31 - 1, otherwise: 0 }),
    force: flag('--force', 'replace files that exist'),
    json: flag('--json', 'print the files as JSON'),
  },
  delete: {
    ids: argument('<id...>', 'the results'),
    force: flag('--force', 'delete pinned results too'),
    yes: flag('-y, --yes', 'do not ask'),
    json: flag('--json', 'print what was deleted as JSON'),
  },
  pin: {
    id: argument('<id>', 'the result'),
    remove: flag('--remove', 'remove the pin'),
    json: flag('--json', 'print the result as JSON'),
  },
} as const;

export type EvalValues = { [Verb in keyof typeof PARAMETERS]: Values<(typeof PARAMETERS)[Verb]> };

const tableOrJson = ({ format, json: asJson }: { format: 'table' | 'json'; json: boolean }) =>
  asJson || format === 'json' ? 'json' : 'text';

export const evalCommands: CommandGroup = {
  name: 'eval',
  description: 'run evaluations, and compare and export their results',
  help: EVAL_HELP,
  own: defineCommand({
    name: 'eval',
    description: 'run evaluations',
    parameters: PARAMETERS.run,
    format: ({ format, json: asJson, baseline }, outIsTty) => {
      if (asJson) return 'json';
      if (format === undefined) return baseline !== undefined && !outIsTty ? 'markdown' : 'text';
      return format === 'table' ? 'text' : format;
    },
    load: () => import('./eval/run-evaluations.ts'),
  }),
  commands: [
    defineCommand({
      name: 'compare',
      description: 'compare two results case by case, with intervals and a verdict',
      parameters: PARAMETERS.compare,
      help: COMPARE_HELP,
      format: tableOrJson,
      load: () => import('./eval/compare.ts'),
    }),
    defineCommand({
      name: 'list',
      description: 'list the stored results',
      parameters: PARAMETERS.list,
      format: tableOrJson,
      load: () => import('./eval/list.ts'),
    }),
    defineCommand({
      name: 'show',
      description: 'print a stored result in any format',
      parameters: PARAMETERS.show,
      help: SHOW_HELP,
      format: ({ format, json: asJson }) => (asJson ? 'json' : format === 'table' ? 'text' : format),
      load: () => import('./eval/show.ts'),
    }),
    defineCommand({
      name: 'split',
      description: 'split a dataset into files by a seed, keeping groups together',
      parameters: PARAMETERS.split,
      help: SPLIT_HELP,
      load: () => import('./eval/split.ts'),
    }),
    defineCommand({
      name: 'delete',
      description: 'delete stored results with their answers',
      parameters: PARAMETERS.delete,
      load: () => import('./eval/delete.ts'),
    }),
    defineCommand({
      name: 'pin',
      description: 'mark a result as a baseline to keep',
      parameters: PARAMETERS.pin,
      load: () => import('./eval/pin.ts'),
    }),
  ],
};
