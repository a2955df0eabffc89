import { argument, count, defineCommand, flag, seconds, text, textList } from '../define-command.ts';

const HELP = `
Inputs are read by the types of the prompt's schema; name:=JSON gives a value as it is written.
Keys come from the providers' usual environment variables (OPENAI_API_KEY, ANTHROPIC_API_KEY, …) and go only to
the provider's own address, or to where LLMOPS_ALLOW_ORIGINS lets one go: NAME=https://host/path for any variable,
https://host for the provider's usual ones and LLMOPS_*. LLMOPS_LINKED_FOLDERS names folders that .llmops may link to.

Examples:
  llmops run prompts/churn.prompt --input plan=Gold --model demo/swift --model demo/balanced
  llmops run prompts/churn.prompt --input-file customers.jsonl --row 3 --json
  llmops run churn-analysis@production --input plan=Gold
  llmops run prompts/reply.prompt --stream > reply.md`;

export const runCommand = defineCommand({
  name: 'run',
  description: 'run a prompt on one model or several, side by side',
  parameters: {
    prompt: argument('<prompt>', 'a .prompt file, a name, or a version of it: NAME@production, FILE@v3'),
    model: textList('-m, --model <connection/model>', 'a model; repeat for several (default: that of the file)'),
    input: textList('-i, --input <name=value>', 'an input; repeat for several'),
    inputFile: text('--input-file <file>', 'inputs from a row of a .jsonl, .json, .csv or .tsv file'),
    row: count('--row <n>', 'which row of the input file, from 1', { max: 10_000_000 }),
    strict: flag('--strict', 'refuse input-file columns that are not inputs, and text that is not UTF-8'),
    repeat: count('--repeat <n>', 'run each model n times', { max: 1000, otherwise: 1 }),
    timeout: seconds('--timeout <seconds>', 'give up after so long a silence'),
    stream: flag('--stream', 'print the answer as it comes; with --json, each event as a line'),
    json: flag('--json', 'print results as JSON'),
    record: flag('--no-record', 'keep the runs out of the history and of git’s notes'),
  },
  help: HELP,
  format: ({ json, stream }) => (json && stream ? 'ndjson' : json ? 'json' : 'text'),
  load: () => import('./run/run-prompt.ts'),
});
