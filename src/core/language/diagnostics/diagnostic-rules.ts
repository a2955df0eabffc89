import type { Severity } from '../../prompts/prompt.ts';

export interface DiagnosticRule {
  severity: Severity;
  title: string;
  /** The meaning and the fix; the documentation page consists of these. */
  help: string;
}

/** Every diagnostic code. Codes are stable, because settings and reports refer to them. */
export const DIAGNOSTIC_RULES: Readonly<Record<string, DiagnosticRule>> = {
  'front-matter-unclosed': {
    severity: 'error',
    title: 'Front matter is not closed',
    help: 'The file begins with `---`, but no second `---` line ends the front matter. Add one above the template.',
  },
  'front-matter-type': {
    severity: 'error',
    title: 'Front matter is not a map',
    help: 'Front matter consists of keys with values, such as `model: demo/balanced`.',
  },
  'fence-in-text': {
    severity: 'warning',
    title: 'A `---` line is sent as text',
    help: 'Only lines that begin with `#` and blank lines may come before front matter, and its first line is `---` alone. After them, `---` opens front matter only if there are keys with values between it and the next `---`. Add the keys, or use another rule such as `***` if you want a horizontal line.',
  },
  'yaml-syntax': {
    severity: 'error',
    title: 'YAML cannot be read',
    help: 'The front matter is YAML. Text that contains `:`, `#`, `[` or `{` needs quotes; lists and maps are indented with spaces.',
  },
  'inexact-number': {
    severity: 'error',
    title: 'A number cannot be represented exactly',
    help: 'Integers beyond 2^53 (9007199254740992) and numbers beyond the range of a double cannot be represented exactly, so a different number would be sent. Write such a number in quotes, as text.',
  },
  'invalid-encoding': {
    severity: 'error',
    title: 'The file is not UTF-8',
    help: 'Prompts must be UTF-8. Invalid bytes would be sent to the model as U+FFFD. Save the file as UTF-8; in VS Code, use Change File Encoding, then Save with Encoding.',
  },
  'conflict-marker': {
    severity: 'error',
    title: 'The file has an unresolved merge conflict',
    help: 'Choose one side and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`.',
  },
  'key-type': {
    severity: 'error',
    title: 'A value has the wrong type',
    help: 'The format requires another type here: text, a map or a list.',
  },
  'unknown-key': {
    severity: 'warning',
    title: 'Unknown key',
    help: 'The format has no such key, and its value is ignored. Keys of other tools have a namespace: `tool.key`.',
  },
  'misplaced-key': {
    severity: 'warning',
    title: 'A key is in the wrong place',
    help: 'The key belongs under another key: `temperature` under `config`, `schema` under `input` or `output`.',
  },
  'config-type': {
    severity: 'error',
    title: 'A parameter has the wrong type',
    help: 'Numbers are written without quotes, and `stopSequences` is a list.',
  },
  'config-value': {
    severity: 'warning',
    title: 'A parameter is outside the range of the model',
    help: 'The provider rejects the request or clamps the value. The limits are those of the model in the file.',
  },
  'config-parameter': {
    severity: 'warning',
    title: 'The model does not support this parameter',
    help: 'Models differ: some reasoning models, for example, do not support `temperature`, and providers have different names for parameters. Remove the parameter or choose another model.',
  },
  'config-key': {
    severity: 'warning',
    title: 'A parameter may be misspelled',
    help: 'Unknown parameters are sent to the provider unchanged. This one looks like a known parameter with a typo.',
  },
  picoschema: {
    severity: 'error',
    title: 'A schema cannot be compiled',
    help: 'A field is a type (`string`, `number`, `integer`, `boolean`, `any`, `null`), a map of fields, or `name(array)`, `name(object)`, `name(enum): [a, b]`. Other names refer to schemas in a `schemas` folder.',
  },
  'output-format': {
    severity: 'warning',
    title: 'Unknown output format',
    help: 'The known formats are `json` and `text`, and Genkit’s `csv`, `jsonl`, `array` and `enum`. With any format other than `json`, the answer is treated as text.',
  },
  'output-unchecked': {
    severity: 'info',
    title: 'The answer is not checked against the schema',
    help: 'Only JSON answers are checked. With `csv`, `jsonl`, `array`, `enum` or `text` the schema is neither sent to the provider nor checked.',
  },
  'schema-in-code': {
    severity: 'warning',
    title: 'No file defines the schema',
    help: 'Programs can register schemas by name (Genkit’s `defineSchema`); only files in folders named `schemas` are known here. The prompt runs, but the schema is neither sent to the provider nor checked. Add the file with the quick fix, or correct the name.',
  },
  'tool-choice': {
    severity: 'warning',
    title: 'Unknown tool choice',
    help: '`toolChoice` is `auto`, `required` or `none`. Any other value is not sent.',
  },
  'no-effect': {
    severity: 'info',
    title: 'A key has no effect here',
    help: 'Genkit runs tools and asks the model again, up to `maxTurns` times. A run here sends one request and shows the tool calls that come back, as Genkit does with `returnToolRequests: true`.',
  },
  'json-without-schema': {
    severity: 'info',
    title: 'JSON output without a schema',
    help: 'With `output.schema`, the provider can enforce the structure of the answer, and the answer is checked when it arrives.',
  },
  'template-syntax': {
    severity: 'error',
    title: 'The template cannot be read',
    help: 'A tag is not closed, a block is closed with another name, or braces do not match.',
  },
  'template-too-large': {
    severity: 'error',
    title: 'The template is too large',
    help: 'It has too many expressions, or nests them too deeply.',
  },
  'template-unknown-helper': {
    severity: 'error',
    title: 'A helper does not exist',
    help: 'Helpers are role, history, media, section, json, lookup, log, and the blocks if, unless, each, with, ifEquals, unlessEquals.',
  },
  'template-block': {
    severity: 'error',
    title: 'A helper is used in the wrong form',
    help: '`{{role "system"}}` and other markers have no closing tag; `if`, `each` and similar helpers are blocks.',
  },
  'template-arguments': {
    severity: 'error',
    title: 'A helper has the wrong arguments',
    help: 'The helper expects a different number of arguments, or has no argument of that name (a warning). `media` gets its address as `url=…`.',
  },
  'template-role': {
    severity: 'error',
    title: 'A role does not exist',
    help: 'Roles are system, user, model and tool.',
  },
  'unbalanced-braces': {
    severity: 'warning',
    title: 'Braces do not match',
    help: 'A variable is written `{{name}}`, with two braces on each side. With a single brace, it is sent as text.',
  },
  'stray-braces': {
    severity: 'warning',
    title: 'Closing braces without a tag',
    help: 'They are sent to the model as text; the prompt still runs. They usually remain after a tag was closed twice: completion adds the braces that are missing after the cursor, so typing `}}` after accepting a suggestion adds a second pair wherever the editor had not closed the braces itself (directly before a word, or above an unmatched `}`). A quick fix removes them. Matching braces of JSON and LaTeX, and code in backticks, are not reported.',
  },
  'undefined-variable': {
    severity: 'warning',
    title: 'A variable is not declared',
    help: 'The input schema does not declare it, or the object has no such field. Declare it in the schema, or correct its name.',
  },
  'default-value': {
    severity: 'warning',
    title: 'A default value does not match the schema',
    help: 'Runs that use the default are refused, because defaults are checked against the schema like any other value.',
  },
  'unused-variable': {
    severity: 'hint',
    title: 'A variable is never used',
    help: 'Neither the template nor a partial that it includes uses it.',
  },
  'missing-partial': {
    severity: 'warning',
    title: 'A partial does not exist',
    help: '`{{> name}}` refers to the file `_name.prompt` in the folder of the prompt or in a parent folder, up to the workspace folder.',
  },
  'unreadable-file': {
    severity: 'error',
    title: 'The file cannot be read',
    help: 'It is a symbolic link to a target outside the workspace or to itself, it is not a regular file, or it is too large. Such a file is never sent. Replace it with a copy of the intended file.',
  },
  'missing-dataset': {
    severity: 'warning',
    title: 'A dataset does not exist',
    help: '`llmops.dataset` is a path relative to the folder of the prompt, such as `../data/customers.jsonl`, to a file in the workspace. It is not checked for unsaved prompts and prompts of a commit.',
  },
  'render-limit': {
    severity: 'warning',
    title: 'The template renders too much',
    help: 'A run renders at most 1,000,000 values, 2,000,000 loop iterations and 32,000,000 characters. A loop over all entries inside another such loop exceeds this with a few thousand entries. Shorten the default values, or loop only over the items of each entry.',
  },
  'circular-partial': {
    severity: 'error',
    title: 'A partial includes itself endlessly',
    help: 'Recursion needs a condition to end: put the call inside `{{#if}}` or `{{#each}}`.',
  },
  'unknown-connection': {
    severity: 'warning',
    title: 'A connection does not exist',
    help: 'The part of `model` before the slash is a connection. Declare it in `llmops/connections.yaml`, or correct its name.',
  },
  'unknown-model': {
    severity: 'warning',
    title: 'A model may be misspelled',
    help: 'The connection does not list this model, but lists one with a similar name.',
  },
  'model-sunset': {
    severity: 'warning',
    title: 'A model has reached its end of life',
    help: 'The provider has announced that the model is not available after this date. Choose its successor.',
  },
  'context-window': {
    severity: 'warning',
    title: 'The prompt does not fit the model',
    help: 'The text alone, without the values of its variables, is estimated to exceed the context window of the model.',
  },
  'pasted-secret': {
    severity: 'warning',
    title: 'The file contains what looks like an API key',
    help: 'It would be sent to the provider and committed to git. Remove it, and revoke the key. Keys belong to the connection.',
  },
  'system-variable': {
    severity: 'hint',
    title: 'A variable is used in the system role',
    help: 'Whoever provides the value, including list elements and retrieved documents, can give the model instructions with the highest priority. Put text from users into the user role.',
  },
  'llmops-value': {
    severity: 'error',
    title: 'An llmops key has an invalid value',
    help: '`llmops.dataset` is a path, `llmops.rag` the name of an index or a map with `index`, `topK`, `minScore` and `query`, `llmops.cache` true, false or a map with `ttl` (`5m` or `1h`), `llmops.models` a list of models.',
  },
  'connection-file': {
    severity: 'error',
    title: 'A connection cannot be used as declared',
    help: '`llmops/connections.yaml` is a map: an id for each connection, and below it its `type`, its `baseUrl` where the type needs one, and what else applies. A field with a mistake is not used, nor is a connection without a valid type and address. Keys do not belong in this file.',
  },
  'price-file': {
    severity: 'error',
    title: 'A price cannot be used',
    help: '`llmops/prices.yaml` is a map from `connection/model` (`*` matches any text) to prices in US dollars per million tokens (`inputUsd`, `outputUsd`, `cacheReadUsd`, …), or `usdPerHour`. An entry with an error is ignored.',
  },
  'evaluation-file': {
    severity: 'error',
    title: 'An evaluation cannot run as written',
    help: '`*.eval.yaml` names what is evaluated (`prompts` and `models`, or `targets`), on which cases (`dataset` or `rows`), and by which `metrics`. Nothing runs while the file has an error, because an ignored key would change the result.',
  },
  'missing-file': {
    severity: 'warning',
    title: 'A file of an evaluation does not exist',
    help: 'The paths of prompts and datasets are relative to the evaluation file. A dataset that is created later is needed only when the evaluation runs.',
  },
  'unknown-prompt': {
    severity: 'warning',
    title: 'A prompt of an evaluation does not exist',
    help: 'No prompt of the repository has this name. Correct it, or write the path of the file.',
  },
  'unknown-version': {
    severity: 'warning',
    title: 'A version of a prompt does not exist',
    help: 'What follows the `@` is a label, a saved version such as `v3`, or a git revision. Save the version or move the label first, or correct the name. With `baseline`, the evaluation needs this version of each prompt that is listed without one.',
  },
  'unknown-metric': {
    severity: 'error',
    title: 'A metric does not exist',
    help: 'The metrics and their parameters are listed in the documentation of evaluations. A gate refers to a metric by its `name`, or else as it is written in `metrics`.',
  },
  'metric-parameter': {
    severity: 'error',
    title: 'A parameter of a metric is invalid',
    help: 'The metric has no such parameter, needs another one, or the value does not fit, such as a regular expression that is not valid.',
  },
  'invalid-gate': {
    severity: 'error',
    title: 'A gate cannot be checked',
    help: 'A gate has exactly one of `threshold`, `margin`, `pass^k`, `costUsd` and `latencyMs`. The first three are of a `metric`; a `margin` needs a `baseline`, and `pass^k` as many `repeats` and a metric that passes or fails.',
  },
  'no-cases': {
    severity: 'error',
    title: 'There is nothing to evaluate',
    help: 'An evaluation needs a `dataset` or `rows` with at least one case.',
  },
  'duplicate-case-id': {
    severity: 'error',
    title: 'Two cases have the same ID',
    help: 'Results of two runs are joined by ID, so IDs that are written must differ. Rows without an ID get a hash of their inputs.',
  },
};

const PAGE_HEAD = `# Diagnostics

The setting \`llmops.diagnostics.severity\` changes the severity of a code, or turns it \`off\`.
`;

/** The documentation page; `media/docs/diagnostics.md` is this text. */
export function rulesPage(): string {
  const rules = Object.entries(DIAGNOSTIC_RULES).map(
    ([code, { severity, title, help }]) => `\n## ${code}\n\n${title} (${severity}). ${help}\n`,
  );
  return PAGE_HEAD + rules.join('');
}

/** The line of the page that explains a code, from 1. */
export function lineOfRule(code: string): number {
  const lines = rulesPage().split('\n');
  return lines.indexOf(`## ${code}`) + 1 || 1;
}
