import {
  argument,
  type CommandGroup,
  choice,
  count,
  defineCommand,
  flag,
  text,
  type Values,
} from '../define-command.ts';

const COMPARE_HELP = `
A and B are JSONL files with one case a line: { "id", "group"?, "score" } or { "id", "group"?, "passed" }. Cases are
joined by their id. B is compared with A.

Examples:
  llmops eval compare base.jsonl head.jsonl
  llmops eval compare base.jsonl head.jsonl --metric ter --format json
  llmops eval compare base.jsonl head.jsonl --lower-is-better`;

const compareParameters = {
  a: argument('<a>', 'the result to compare with'),
  b: argument('<b>', 'the result that may be better or worse'),
  metric: text('--metric <name>', 'the metric of the scores, such as ter: its direction decides what is better'),
  lowerIsBetter: flag('--lower-is-better', 'a lower score is better, whatever the metric'),
  bootstrap: flag('--bootstrap', 'compute intervals by resampling the cases'),
  seed: count('--seed <n>', 'the seed of resampling and of random flips', { max: 2 ** 31 - 1 }),
  format: choice('--format <format>', 'the output format', { choices: ['table', 'json'], otherwise: 'table' }),
  json: flag('--json', 'the same as --format json'),
};

export type CompareValues = Values<typeof compareParameters>;

export const evalCommands: CommandGroup = {
  name: 'eval',
  description: 'compare results of evaluations',
  commands: [
    defineCommand({
      name: 'compare',
      description: 'compare two results case by case, with intervals and a verdict',
      parameters: compareParameters,
      help: COMPARE_HELP,
      format: ({ format, json }) => (json || format === 'json' ? 'json' : 'text'),
      load: () => import('./eval/compare.ts'),
    }),
  ],
};
