import { formatTokensExactly } from '../../../shared/format.ts';
import { modelCapabilities } from '../../models/catalogue/catalogue.ts';
import { type ConnectionType, TOOL_CHOICES } from '../../models/chat-model.ts';
import { CACHE_TTLS } from '../../prompts/front-matter/own-keys.ts';
import { OUTPUT_FORMATS } from '../../prompts/schema/output-formats.ts';

/** The names of the format with their descriptions, shared by completion, hover, signature help and the checks. */

export type KeyValueKind = 'text' | 'number' | 'boolean' | 'map' | 'list' | 'model' | 'models' | 'path' | 'schema';

export interface KeyDoc {
  key: string;
  value: KeyValueKind;
  doc: string;
  /** The only meaningful values, if they can be listed. */
  values?: readonly string[];
}

const CONFIG_KEYS: readonly KeyDoc[] = [
  {
    key: 'temperature',
    value: 'number',
    doc: 'Sampling temperature: 0 is the most predictable. The range depends on the model.',
  },
  { key: 'maxOutputTokens', value: 'number', doc: 'Maximum number of tokens to generate, including reasoning.' },
  {
    key: 'topP',
    value: 'number',
    doc: 'Samples only from the most likely tokens whose probabilities add up to this value.',
  },
  { key: 'topK', value: 'number', doc: 'Samples only from this many of the most likely tokens.' },
  { key: 'stopSequences', value: 'list', doc: 'Generation stops before any of these strings.' },
  {
    key: 'seed',
    value: 'number',
    doc: 'Requests the same answer for the same request, as far as the provider supports it.',
  },
  {
    key: 'reasoningEffort',
    value: 'text',
    doc: 'How much a reasoning model reasons before it answers.',
    values: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  },
];

/** Keys by their place: the path of the map that contains them, joined by dots; `[]` is an element of a list. */
const FRONT_MATTER_KEYS: Readonly<Record<string, readonly KeyDoc[]>> = {
  '': [
    { key: 'model', value: 'model', doc: 'The model that the prompt runs on, as `connection/model`.' },
    { key: 'description', value: 'text', doc: 'A short description of the prompt.' },
    { key: 'config', value: 'map', doc: 'Model parameters, such as temperature and maxOutputTokens.' },
    { key: 'input', value: 'map', doc: 'The variables of the template: their schema and default values.' },
    { key: 'output', value: 'map', doc: 'The format of the answer and its schema.' },
    { key: 'tools', value: 'list', doc: 'Names of the tools that the model may call.' },
    {
      key: 'toolChoice',
      value: 'text',
      doc: 'Whether the model calls a tool: auto lets it choose, required forces a call, none prevents it.',
      values: TOOL_CHOICES,
    },
    { key: 'toolDefs', value: 'list', doc: 'Tools defined in this file: name, description and input schema.' },
    { key: 'name', value: 'text', doc: 'The name of the prompt. Defaults to the file name.' },
    { key: 'variant', value: 'text', doc: 'The variant of the prompt, usually part of the file name.' },
    { key: 'version', value: 'text', doc: 'The version of the prompt, if versions are not managed with git.' },
    {
      key: 'maxTurns',
      value: 'number',
      doc: 'Genkit: the maximum number of tool call rounds. A run here sends one request and shows the tool calls it returns, so this has no effect.',
    },
    {
      key: 'returnToolRequests',
      value: 'boolean',
      doc: 'Genkit: returns the tool calls instead of running the tools. A run here always does that.',
      values: ['true', 'false'],
    },
    { key: 'metadata', value: 'map', doc: 'Fields for programs that use this prompt. They are not sent to the model.' },
    { key: 'ext', value: 'map', doc: 'Fields of other tools, grouped by namespace.' },
    { key: 'llmops.models', value: 'models', doc: 'The models that Compare uses for this prompt by default.' },
    {
      key: 'llmops.dataset',
      value: 'path',
      doc: 'A JSONL, JSON or CSV file with inputs for this prompt, relative to this file’s folder.',
    },
    {
      key: 'llmops.rag',
      value: 'map',
      doc: 'Where retrieved documents come from: a map or the name of an index. They are available as `@metadata.docs`.',
    },
    {
      key: 'llmops.cache',
      value: 'boolean',
      doc: 'Whether the provider is asked to cache the prompt. A map with `ttl` sets for how long.',
      values: ['true', 'false'],
    },
    { key: 'llmops.media', value: 'list', doc: 'Inputs whose values may be files in the workspace.' },
  ],
  config: CONFIG_KEYS,
  input: [
    { key: 'schema', value: 'schema', doc: 'The type of each variable, in Picoschema or JSON Schema.' },
    { key: 'default', value: 'map', doc: 'Default values for variables that are not set.' },
  ],
  output: [
    {
      key: 'format',
      value: 'text',
      doc: 'The format of the answer: json, text or one of Genkit’s other formats (csv, jsonl, array, enum), which are shown as text and not checked against the schema.',
      values: OUTPUT_FORMATS,
    },
    { key: 'schema', value: 'schema', doc: 'The schema of a JSON answer, in Picoschema or JSON Schema.' },
  ],
  'llmops.rag': [
    { key: 'index', value: 'text', doc: 'The index to search.' },
    { key: 'topK', value: 'number', doc: 'The number of documents to retrieve, most similar first.' },
    { key: 'minScore', value: 'number', doc: 'Documents with a lower similarity (0 to 1) are left out.' },
    { key: 'query', value: 'text', doc: 'The search query. Defaults to the first input.' },
  ],
  'llmops.cache': [{ key: 'ttl', value: 'text', doc: 'How long the provider caches the prompt.', values: CACHE_TTLS }],
  'toolDefs.[]': [
    { key: 'name', value: 'text', doc: 'The name by which the model calls the tool.' },
    { key: 'description', value: 'text', doc: 'What the tool does and when to call it. Sent to the model.' },
    { key: 'inputSchema', value: 'schema', doc: 'The tool’s arguments, in Picoschema or JSON Schema.' },
  ],
};

/** The keys of the map at a path; a file may have a key `constructor`. */
export function keysAt(path: string): readonly KeyDoc[] | undefined {
  return Object.hasOwn(FRONT_MATTER_KEYS, path) ? FRONT_MATTER_KEYS[path] : undefined;
}

/** The documentation of a key by the path of the map that contains it. */
export function findKeyDoc(parent: readonly string[], key: string): KeyDoc | undefined {
  return keysAt(parent.join('.'))?.find((doc) => doc.key === key);
}

/** The config keys that a model supports; all of them for a model that is not in the catalogue. */
export function configKeysFor(type: ConnectionType | undefined, modelId: string): readonly KeyDoc[] {
  const can = type === undefined ? undefined : modelCapabilities(type, modelId);
  if (!can) return CONFIG_KEYS;
  return CONFIG_KEYS.flatMap((doc): KeyDoc[] => {
    switch (doc.key) {
      case 'temperature': {
        if (can.temperature === false) return [];
        if (can.temperature === undefined) return [doc];
        if (can.temperature === 'without-reasoning') {
          return [{ ...doc, doc: `${doc.doc} This model supports it only with \`reasoningEffort: none\`.` }];
        }
        const { min, max } = can.temperature;
        return [{ ...doc, doc: `${doc.doc} Range for this model: ${min} to ${max}.` }];
      }
      case 'maxOutputTokens':
        if (can.maxOutputTokens === undefined) return [doc];
        return [{ ...doc, doc: `${doc.doc} Maximum for this model: ${formatTokensExactly(can.maxOutputTokens)}.` }];
      case 'topP':
      case 'topK':
      case 'seed':
      case 'stopSequences':
        return can[doc.key] === false ? [] : [doc];
      case 'reasoningEffort': {
        const efforts = can.reasoningEfforts;
        if (efforts === undefined) return [doc];
        return efforts.length === 0 ? [] : [{ ...doc, values: efforts }];
      }
      default:
        return [doc];
    }
  });
}

/** The scalar types of Picoschema, and what is allowed in the parentheses of a key. */
export const SCHEMA_TYPES: readonly { name: string; doc: string }[] = [
  { name: 'string', doc: 'Text.' },
  { name: 'number', doc: 'A number, with or without a fraction.' },
  { name: 'integer', doc: 'A whole number.' },
  { name: 'boolean', doc: 'True or false.' },
  { name: 'any', doc: 'Any value.' },
  { name: 'null', doc: 'The null value.' },
];

export const SCHEMA_FORMS: readonly { name: string; doc: string; snippet: string }[] = [
  {
    name: 'array',
    doc: 'A list. The type of its elements follows.',
    snippet: '${1:name}(array, ${2:description}): ${3:string}',
  },
  {
    name: 'object',
    doc: 'A map of fields, each on its own line.',
    snippet: '${1:name}(object, ${2:description}):\n  ${3:field}: ${4:string}',
  },
  {
    name: 'enum',
    doc: 'One of the values in the list.',
    snippet: '${1:name}(enum, ${2:description}): [${3:first}, ${4:second}]',
  },
];

/** The roles of a message; `assistant` is treated as `model`. */
export const ROLES: readonly { name: string; doc: string }[] = [
  { name: 'system', doc: 'Instructions that take precedence over the conversation. Do not put untrusted text here.' },
  { name: 'user', doc: 'The user’s message. Text before the first role belongs to it, too.' },
  { name: 'model', doc: 'An answer from the model: an example or an earlier turn.' },
  { name: 'tool', doc: 'The result of a tool that the model called.' },
];

export interface HelperDoc {
  name: string;
  /** Written `{{#name}}…{{/name}}`. */
  block: boolean;
  /** Positional parameters, then named ones as `key=`. */
  parameters: readonly { name: string; doc: string; named?: boolean; optional?: boolean }[];
  doc: string;
  example: string;
  /** The text that completion inserts after `{{` or `{{#`, including the closing braces. */
  snippet: string;
}

export const HELPERS: readonly HelperDoc[] = [
  {
    name: 'role',
    block: false,
    parameters: [{ name: 'name', doc: 'system, user, model or tool.' }],
    doc: 'Starts a message with this role. It ends at the next role.',
    example: '{{role "system"}}\nYou answer briefly.',
    snippet: 'role "${1|system,user,model,tool|}"}}',
  },
  {
    name: 'history',
    block: false,
    parameters: [],
    doc: 'Inserts the earlier turns of a conversation. Without it, they are inserted before the last user message.',
    example: '{{history}}',
    snippet: 'history}}',
  },
  {
    name: 'media',
    block: false,
    parameters: [
      { name: 'url', doc: 'A URL, a data: URL or a file in the workspace.', named: true },
      { name: 'contentType', doc: 'The MIME type, if the URL does not show it.', named: true, optional: true },
    ],
    doc: 'Adds an image or a document to the message.',
    example: '{{media url=photo contentType="image/png"}}',
    snippet: 'media url=${1:photo}}}',
  },
  {
    name: 'section',
    block: false,
    parameters: [{ name: 'name', doc: 'The name of the section.' }],
    doc: 'Marks a part of the prompt that a program fills or reads.',
    example: '{{section "output"}}',
    snippet: 'section "${1:name}"}}',
  },
  {
    name: 'json',
    block: false,
    parameters: [
      { name: 'value', doc: 'The value to write as JSON.' },
      { name: 'indent', doc: 'The number of spaces to indent each level by.', named: true, optional: true },
    ],
    doc: 'Writes a value as JSON.',
    example: '{{json customer indent=2}}',
    snippet: 'json ${1:value}}}',
  },
  {
    name: 'lookup',
    block: false,
    parameters: [
      { name: 'object', doc: 'A map or a list.' },
      { name: 'key', doc: 'The key or index to look up.' },
    ],
    doc: 'Looks up a value in a map or list by a key that is itself a value.',
    example: '{{lookup prices plan}}',
    snippet: 'lookup ${1:object} ${2:key}}}',
  },
  {
    name: 'log',
    block: false,
    parameters: [{ name: 'value', doc: 'The value to log.' }],
    doc: 'Writes to the log of the program that renders the prompt. Adds nothing to the prompt.',
    example: '{{log customer}}',
    snippet: 'log ${1:value}}}',
  },
  {
    name: 'if',
    block: true,
    parameters: [{ name: 'condition', doc: 'False, empty text, 0 and an empty list count as false.' }],
    doc: 'Renders its body if the condition is true, otherwise what follows `{{else}}`.',
    example: '{{#if urgent}}Be quick.{{else}}Take your time.{{/if}}',
    snippet: 'if ${1:condition}}}$0{{/if}}',
  },
  {
    name: 'unless',
    block: true,
    parameters: [{ name: 'condition', doc: 'False, empty text, 0 and an empty list count as false.' }],
    doc: 'Renders its body if the condition is false.',
    example: '{{#unless facts}}Nothing is known.{{/unless}}',
    snippet: 'unless ${1:condition}}}$0{{/unless}}',
  },
  {
    name: 'each',
    block: true,
    parameters: [{ name: 'list', doc: 'A list, or a map whose values are iterated.' }],
    doc: 'Renders its body once for each element. Inside, `this` is the element, `@index` its index, `@key` its key.',
    example: '{{#each facts as |fact|}}\n- {{fact}}\n{{/each}}',
    snippet: 'each ${1:list}}}\n$0{{this}}\n{{/each}}',
  },
  {
    name: 'with',
    block: true,
    parameters: [{ name: 'value', doc: 'The map whose fields the body uses.' }],
    doc: 'Inside its body, names refer to the fields of the value.',
    example: '{{#with customer}}{{name}}, {{age}}{{/with}}',
    snippet: 'with ${1:value}}}$0{{/with}}',
  },
  {
    name: 'ifEquals',
    block: true,
    parameters: [
      { name: 'left', doc: 'One value.' },
      { name: 'right', doc: 'The other value. Both must have the same type.' },
    ],
    doc: 'Renders its body if the values are equal.',
    example: '{{#ifEquals plan "Gold"}}Offer a call.{{/ifEquals}}',
    snippet: 'ifEquals ${1:left} ${2:right}}}$0{{/ifEquals}}',
  },
  {
    name: 'unlessEquals',
    block: true,
    parameters: [
      { name: 'left', doc: 'One value.' },
      { name: 'right', doc: 'The other value.' },
    ],
    doc: 'Renders its body if the values differ.',
    example: '{{#unlessEquals plan "Basic"}}Offer a call.{{/unlessEquals}}',
    snippet: 'unlessEquals ${1:left} ${2:right}}}$0{{/unlessEquals}}',
  },
];

export function findHelper(name: string): HelperDoc | undefined {
  return HELPERS.find((helper) => helper.name === name);
}

/** A call's form in signature help: `media url=… [contentType=…]`. */
export function helperSignature({ name, block, parameters }: HelperDoc): { label: string; parts: string[] } {
  const parts = parameters.map(({ name: parameter, named, optional }) => {
    const written = named ? `${parameter}=…` : parameter;
    return optional ? `[${written}]` : written;
  });
  return { label: [`${block ? '#' : ''}${name}`, ...parts].join(' '), parts };
}

/** `@` variables that Handlebars defines inside blocks, and those that a host defines. */
export const DATA_VARIABLES: readonly { name: string; doc: string; inLoop: boolean }[] = [
  { name: '@index', doc: 'The index of the element, starting at 0.', inLoop: true },
  { name: '@key', doc: 'The key of the element, when iterating over a map.', inLoop: true },
  { name: '@first', doc: 'Whether this is the first element.', inLoop: true },
  { name: '@last', doc: 'Whether this is the last element.', inLoop: true },
  { name: '@root', doc: 'The whole input, from anywhere: `@root.name`.', inLoop: false },
  { name: '@metadata.docs', doc: 'Retrieved documents.', inLoop: false },
];
