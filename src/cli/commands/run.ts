import { argument, count, defineCommand, flag, seconds, text, textList, type Values } from '../define-command.ts';

const HELP = `
Inputs are converted to the types in the prompt's schema; name:=JSON passes a JSON value unchanged.
Keys are read from the providers' usual environment variables (OPENAI_API_KEY, ANTHROPIC_API_KEY, …) and are sent only
to the provider's own address, or to addresses in LLMOPS_ALLOW_ORIGINS: NAME=https://host/path for any variable,
https://host for the provider's usual variables and LLMOPS_*. LLMOPS_LINKED_FOLDERS lists folders that .llmops may
link to.

Examples:
  llmops run prompts/churn.prompt --input plan=Gold --model demo/swift --model demo/balanced
  llmops run prompts/churn.prompt --input-file customers.jsonl --row 3 --json
  llmops run churn-analysis@production --input plan=Gold
  llmops run prompts/reply.prompt --stream > reply.md`;

const parameters = {
  prompt: argument('<prompt>', 'a .prompt file or a name, or a version of one: NAME@production, FILE@v3'),
  model: textList('-m, --model <connection/model>', 'a model; repeat for several (default: the model in the file)'),
  input: textList('-i, --input <name=value>', 'an input; repeat for several'),
  inputFile: text('--input-file <file>', 'read inputs from a row of a .jsonl, .json, .csv or .tsv file'),
  row: count('--row <n>', 'row of the input file, starting at 1', { max: 10_000_000 }),
  strict: flag('--strict', 'reject input-file columns that are not inputs, and text that is not UTF-8'),
  repeat: count('--repeat <n>', 'run each model n times', { max: 1000, otherwise: 1 }),
  timeout: seconds('--timeout <seconds>', 'stop a run after this long without data'),
  stream: flag('--stream', 'print the answer as it arrives; with --json, one event per line'),
  json: flag('--json', 'print results as JSON'),
  record: flag('--no-record', 'do not add the runs to the history or to git notes'),
};

export type RunValues = Values<typeof parameters>;

export const runCommand = defineCommand({
  name: 'run',
  description: 'run a prompt on one model or several, side by side',
  parameters,
  help: HELP,
  format: ({ json, stream }) => (json && stream ? 'ndjson' : json ? 'json' : 'text'),
  load: () => import('./run/run-prompt.ts'),
});
