import type { Severity } from '../../prompts/prompt.ts';

export interface DiagnosticRule {
  severity: Severity;
  title: string;
  /** What it means and what to do about it; the documentation page is made of these. */
  help: string;
}

/** Every code that a check of a prompt can give. Codes are stable: settings and reports name them. */
export const DIAGNOSTIC_RULES: Readonly<Record<string, DiagnosticRule>> = {
  'front-matter-unclosed': {
    severity: 'error',
    title: 'Front matter is never closed',
    help: 'The file begins with a line of `---`, and no second one ends the front matter. Add it above the template.',
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
    help: 'The front matter is YAML. Texts with `:`, `#`, `[` or `{` in them need quotes; lists and maps are indented by spaces.',
  },
  'inexact-number': {
    severity: 'error',
    title: 'A number would be changed',
    help: 'Integers beyond 2^53 (9007199254740992) and numbers beyond the range of a double cannot be kept exactly: they would be sent as another number. Write such a number in quotes, as text.',
  },
  'invalid-encoding': {
    severity: 'error',
    title: 'The file is not UTF-8',
    help: 'Prompts are UTF-8. A byte that is not would be sent to the model as U+FFFD. Save the file as UTF-8; in VS Code: Change File Encoding, Save with Encoding.',
  },
  'conflict-marker': {
    severity: 'error',
    title: 'A merge conflict is left in the file',
    help: 'Choose one side and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`.',
  },
  'key-type': {
    severity: 'error',
    title: 'A value has the wrong type',
    help: 'The format asks for another type here: a text, a map or a list.',
  },
  'unknown-key': {
    severity: 'warning',
    title: 'A key is not known',
    help: 'The format has no such key, and whatever stands under it is ignored. Keys of other tools carry their namespace: `tool.key`.',
  },
  'misplaced-key': {
    severity: 'warning',
    title: 'A key stands in the wrong place',
    help: 'The key is known, but under another one: `temperature` belongs to `config`, `schema` to `input` or `output`.',
  },
  'config-type': {
    severity: 'error',
    title: 'A parameter has the wrong type',
    help: 'Numbers are written without quotes, and `stopSequences` is a list.',
  },
  'config-value': {
    severity: 'warning',
    title: 'A parameter lies outside of what the model takes',
    help: 'The provider refuses the request or cuts the value. The limits are those of the model that the file names.',
  },
  'config-parameter': {
    severity: 'warning',
    title: 'The model does not take this parameter',
    help: 'Models differ: reasoning models, for one, take no temperature, and what one provider calls a parameter means nothing to another. Remove the parameter or choose another model.',
  },
  'config-key': {
    severity: 'warning',
    title: 'A parameter may be misspelt',
    help: 'What is not known is sent to the provider as it stands. This one looks like a known parameter with a typing mistake.',
  },
  picoschema: {
    severity: 'error',
    title: 'A schema cannot be compiled',
    help: 'A field is a type (`string`, `number`, `integer`, `boolean`, `any`, `null`), a map of fields, or `name(array)`, `name(object)`, `name(enum): [a, b]`. Other names are schemas of the folder `schemas`.',
  },
  'output-format': {
    severity: 'warning',
    title: 'The output format is not known',
    help: 'The known formats are `json` and `text`, and Genkit’s `csv`, `jsonl`, `array` and `enum`. With any format other than `json`, the answer is treated as text.',
  },
  'output-unchecked': {
    severity: 'info',
    title: 'The answer is not checked against the schema',
    help: 'Only JSON answers are. With `csv`, `jsonl`, `array`, `enum` or `text` the schema is neither sent to the provider nor checked.',
  },
  'schema-in-code': {
    severity: 'warning',
    title: 'No file defines the schema',
    help: 'Programs can register schemas by name (Genkit’s `defineSchema`); only files in folders named `schemas` are known here. The prompt runs, but the schema is neither sent to the provider nor checked. Add the file with the quick fix, or correct the name.',
  },
  'tool-choice': {
    severity: 'warning',
    title: 'The tool choice is not known',
    help: '`toolChoice` is `auto`, `required` or `none`. Any other value is not sent.',
  },
  'no-effect': {
    severity: 'info',
    title: 'A key has no effect here',
    help: 'Genkit runs tools and asks the model again, up to `maxTurns` times. A run here sends one request and shows the tool calls that come back, as Genkit does with `returnToolRequests: true`.',
  },
  'json-without-schema': {
    severity: 'info',
    title: 'JSON is asked for without a schema',
    help: 'With `output.schema` the provider can hold the answer to its form, and it is checked when it arrives.',
  },
  'template-syntax': {
    severity: 'error',
    title: 'The template cannot be read',
    help: 'A tag is not closed, a block is not closed by its own name, or braces do not match.',
  },
  'template-too-large': {
    severity: 'error',
    title: 'The template is too large',
    help: 'It has more expressions, or nests them deeper, than any prompt needs.',
  },
  'template-unknown-helper': {
    severity: 'error',
    title: 'A helper does not exist',
    help: 'Helpers are role, history, media, section, json, lookup, log, and the blocks if, unless, each, with, ifEquals, unlessEquals.',
  },
  'template-block': {
    severity: 'error',
    title: 'A helper is used in the wrong form',
    help: '`{{role "system"}}` and the other markers stand alone and have no closing tag; `if`, `each` and their like are blocks.',
  },
  'template-arguments': {
    severity: 'error',
    title: 'A helper has the wrong arguments',
    help: 'The number of arguments differs from what the helper takes, or none has that name, which is a warning; `media` takes its address by name, `url=…`.',
  },
  'template-role': {
    severity: 'error',
    title: 'A role does not exist',
    help: 'Roles are system, user, model and tool.',
  },
  'unbalanced-braces': {
    severity: 'warning',
    title: 'Braces do not match',
    help: 'A variable is written `{{name}}`, with two braces on either side. With one brace before it, it is sent as text.',
  },
  'stray-braces': {
    severity: 'warning',
    title: 'Closing braces close nothing',
    help: 'The model is sent them as text, and the prompt still runs. They are left over where a tag got its closing braces twice: type `}}` only if it is not there yet. Completion adds the braces that are missing behind the cursor, so if you type `}}` after accepting a suggestion in a place where the editor had not closed the braces itself (directly before a word, or above an unmatched `}`), there are two pairs. A quick fix removes the ones that close nothing. Braces of JSON and LaTeX that match each other, and code between backticks, are not reported.',
  },
  'undefined-variable': {
    severity: 'warning',
    title: 'A variable is not declared',
    help: 'The input schema of the file does not have it, or the map has no such field. Declare it there, or correct its name.',
  },
  'default-value': {
    severity: 'warning',
    title: 'A default does not fit the schema',
    help: 'A run without a value for this variable is refused, since the default is held to the schema as any value is.',
  },
  'unused-variable': {
    severity: 'hint',
    title: 'A variable is never used',
    help: 'Neither the template nor a partial that it calls uses it.',
  },
  'missing-partial': {
    severity: 'warning',
    title: 'A partial does not exist',
    help: '`{{> name}}` means the file `_name.prompt` in the folder of the prompt or in one above it, up to the workspace folder.',
  },
  'unreadable-file': {
    severity: 'error',
    title: 'The file cannot be read',
    help: 'It is a symbolic link that leads out of the workspace or in a circle, it is not a regular file, or it is too large. Such a file is never sent. Replace it with a copy of the file that you meant.',
  },
  'missing-dataset': {
    severity: 'warning',
    title: 'A dataset does not exist',
    help: '`llmops.dataset` is a path from the folder of the prompt, such as `../data/customers.jsonl`, to a file of the workspace. This is not checked for a prompt that is not saved or that is read from a commit.',
  },
  'render-limit': {
    severity: 'warning',
    title: 'The template renders too much',
    help: 'A run renders at most 1,000,000 values, 2,000,000 loop iterations and 32,000,000 characters, and is refused beyond that. A loop over all entries inside another loop reaches this with a few thousand entries. Shorten the defaults, or loop only over what belongs to each entry.',
  },
  'circular-partial': {
    severity: 'error',
    title: 'A partial calls itself without end',
    help: 'Recursion ends only behind a condition: put the call into `{{#if}}` or `{{#each}}`.',
  },
  'unknown-connection': {
    severity: 'warning',
    title: 'A connection does not exist',
    help: 'The part of `model` before the slash is a connection. Declare it in `llmops/connections.yaml`, or correct its name.',
  },
  'unknown-model': {
    severity: 'warning',
    title: 'A model may be misspelt',
    help: 'The connection lists no such model, and one with nearly the same name.',
  },
  'model-sunset': {
    severity: 'warning',
    title: 'A model is past its last day',
    help: 'The provider has announced this day as the end of the model. Choose its successor.',
  },
  'context-window': {
    severity: 'warning',
    title: 'The prompt does not fit the model',
    help: 'The text alone, without its variables, is estimated to be longer than what the model reads.',
  },
  'pasted-secret': {
    severity: 'warning',
    title: 'What looks like an API key stands in the file',
    help: 'It would be sent to the provider and committed to git. Remove it, and revoke the key. Keys belong to the connection.',
  },
  'system-variable': {
    severity: 'hint',
    title: 'A variable stands in the system role',
    help: 'Whoever fills the variable, a list’s elements and retrieved documents too, can give the model instructions of the highest rank. Put what users write into the user role.',
  },
  'llmops-value': {
    severity: 'error',
    title: 'A key of this tool has a wrong value',
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
    help: '`llmops/prices.yaml` is a map: `connection/model`, with `*` for any text, and below it prices in US dollars per million tokens (`inputUsd`, `outputUsd`, `cacheReadUsd`, …), or `usdPerHour`. An entry with a mistake is not used.',
  },
};

const PAGE_HEAD = `# What the checks of a prompt say

Each code can be given another severity, or \`off\`, in the setting \`llmops.diagnostics.severity\`.
`;

/** The documentation page; `media/docs/diagnostics.md` is this text. */
export function rulesPage(): string {
  const rules = Object.entries(DIAGNOSTIC_RULES).map(
    ([code, { severity, title, help }]) => `\n## ${code}\n\n${title} (${severity}). ${help}\n`,
  );
  return PAGE_HEAD + rules.join('');
}

/** The line of the page on which a code is explained, from 1. */
export function lineOfRule(code: string): number {
  const lines = rulesPage().split('\n');
  return lines.indexOf(`## ${code}`) + 1 || 1;
}
