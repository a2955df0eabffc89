import { formatTokensExactly } from '../../../shared/format.ts';
import { modelCapabilities } from '../../models/catalogue/catalogue.ts';
import { type ConnectionType, TOOL_CHOICES } from '../../models/chat-model.ts';
import { CACHE_TTLS } from '../../prompts/front-matter/own-keys.ts';
import { OUTPUT_FORMATS } from '../../prompts/schema/output-formats.ts';

/** What the format knows by name, in words for people: completion, hover, signature help and the checks share it. */

export type KeyValueKind = 'text' | 'number' | 'boolean' | 'map' | 'list' | 'model' | 'models' | 'path' | 'schema';

export interface KeyDoc {
  key: string;
  value: KeyValueKind;
  doc: string;
  /** The only values that make sense, where they can be listed. */
  values?: readonly string[];
}

const CONFIG_KEYS: readonly KeyDoc[] = [
  {
    key: 'temperature',
    value: 'number',
    doc: 'How freely the model chooses its words: 0 is the most predictable. The range depends on the model.',
  },
  { key: 'maxOutputTokens', value: 'number', doc: 'The answer is cut after this many tokens, reasoning included.' },
  { key: 'topP', value: 'number', doc: 'Samples only from the likeliest words that together have this probability.' },
  { key: 'topK', value: 'number', doc: 'Samples only from this many likeliest words.' },
  { key: 'stopSequences', value: 'list', doc: 'The answer ends where one of these texts would begin.' },
  { key: 'seed', value: 'number', doc: 'Asks for the same answer to the same request, as far as the provider can.' },
  {
    key: 'reasoningEffort',
    value: 'text',
    doc: 'How much a reasoning model thinks before it answers.',
    values: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  },
];

/** Keys by where they may stand: the path of the map that holds them, joined by dots; `[]` is an element of a list. */
const FRONT_MATTER_KEYS: Readonly<Record<string, readonly KeyDoc[]>> = {
  '': [
    { key: 'model', value: 'model', doc: 'The model that the prompt runs on, as `connection/model`.' },
    { key: 'description', value: 'text', doc: 'What the prompt is for, in a sentence.' },
    { key: 'config', value: 'map', doc: 'Parameters of the model: temperature, maxOutputTokens and others.' },
    { key: 'input', value: 'map', doc: 'The variables of the template: their schema and their default values.' },
    { key: 'output', value: 'map', doc: 'The form of the answer: its format and its schema.' },
    { key: 'tools', value: 'list', doc: 'Names of the tools that the model may call.' },
    {
      key: 'toolChoice',
      value: 'text',
      doc: 'Whether the model calls a tool: auto lets it choose, required makes it call one, none forbids it.',
      values: TOOL_CHOICES,
    },
    { key: 'toolDefs', value: 'list', doc: 'Tools defined in this file: name, description and input schema.' },
    { key: 'name', value: 'text', doc: 'The prompt’s name; without it, the file’s own.' },
    { key: 'variant', value: 'text', doc: 'The name of this variant of the prompt; usually part of the file’s name.' },
    { key: 'version', value: 'text', doc: 'The prompt’s version, where something else than git gives one.' },
    {
      key: 'maxTurns',
      value: 'number',
      doc: 'Genkit: how many times it runs tools and asks the model again. A run here sends one request and shows the tool calls that come back, so this has no effect.',
    },
    {
      key: 'returnToolRequests',
      value: 'boolean',
      doc: 'Genkit: returns the tool calls instead of running the tools. A run here always does that.',
      values: ['true', 'false'],
    },
    { key: 'metadata', value: 'map', doc: 'Fields for programs that use this prompt. No model is sent them.' },
    { key: 'ext', value: 'map', doc: 'Fields of other tools, by their namespace.' },
    { key: 'llmops.models', value: 'models', doc: 'The models that this prompt is compared on by default.' },
    {
      key: 'llmops.dataset',
      value: 'path',
      doc: 'A JSONL, JSON or CSV file with inputs of this prompt, from this file’s folder.',
    },
    {
      key: 'llmops.rag',
      value: 'map',
      doc: 'Where retrieved documents come from, a map or the name of an index; they arrive as `@metadata.docs`.',
    },
    {
      key: 'llmops.cache',
      value: 'boolean',
      doc: 'Whether the provider is asked to cache the prompt; a map with `ttl` says for how long.',
      values: ['true', 'false'],
    },
    { key: 'llmops.media', value: 'list', doc: 'The inputs whose values may be files of the workspace.' },
  ],
  config: CONFIG_KEYS,
  input: [
    { key: 'schema', value: 'schema', doc: 'The type of each variable, in Picoschema or JSON Schema.' },
    { key: 'default', value: 'map', doc: 'Values of variables that are not given.' },
  ],
  output: [
    {
      key: 'format',
      value: 'text',
      doc: 'The form of the answer: json, text, or one of Genkit’s others (csv, jsonl, array, enum), which are shown as text and not held to the schema.',
      values: OUTPUT_FORMATS,
    },
    { key: 'schema', value: 'schema', doc: 'What a JSON answer must look like, in Picoschema or JSON Schema.' },
  ],
  'llmops.rag': [
    { key: 'index', value: 'text', doc: 'The index that is searched.' },
    { key: 'topK', value: 'number', doc: 'How many documents are taken, the nearest first.' },
    { key: 'minScore', value: 'number', doc: 'Documents that are less similar, from 0 to 1, are left out.' },
    { key: 'query', value: 'text', doc: 'What is searched for; without it, the first input.' },
  ],
  'llmops.cache': [{ key: 'ttl', value: 'text', doc: 'How long the provider keeps the prompt.', values: CACHE_TTLS }],
  'toolDefs.[]': [
    { key: 'name', value: 'text', doc: 'The name by which the model calls the tool.' },
    { key: 'description', value: 'text', doc: 'What the tool does and when to call it: the model reads this.' },
    { key: 'inputSchema', value: 'schema', doc: 'The tool’s arguments, in Picoschema or JSON Schema.' },
  ],
};

/** The keys of the map at a path; a file may well call a key `constructor`. */
export function keysAt(path: string): readonly KeyDoc[] | undefined {
  return Object.hasOwn(FRONT_MATTER_KEYS, path) ? FRONT_MATTER_KEYS[path] : undefined;
}

/** The documentation of a key by the path of the map that holds it. */
export function findKeyDoc(parent: readonly string[], key: string): KeyDoc | undefined {
  return keysAt(parent.join('.'))?.find((doc) => doc.key === key);
}

/** The config keys that a model takes; of a model that the catalogue does not know, all of them. */
export function configKeysFor(type: ConnectionType | undefined, modelId: string): readonly KeyDoc[] {
  const can = type === undefined ? undefined : modelCapabilities(type, modelId);
  if (!can) return CONFIG_KEYS;
  return CONFIG_KEYS.flatMap((doc): KeyDoc[] => {
    switch (doc.key) {
      case 'temperature': {
        if (can.temperature === false) return [];
        if (can.temperature === undefined) return [doc];
        if (can.temperature === 'without-reasoning') {
          return [{ ...doc, doc: `${doc.doc} This model takes it only with reasoningEffort none.` }];
        }
        const { min, max } = can.temperature;
        return [{ ...doc, doc: `${doc.doc} For this model from ${min} to ${max}.` }];
      }
      case 'maxOutputTokens':
        if (can.maxOutputTokens === undefined) return [doc];
        return [{ ...doc, doc: `${doc.doc} This model writes at most ${formatTokensExactly(can.maxOutputTokens)}.` }];
      case 'topP':
        return can.topP === false ? [] : [doc];
      case 'topK':
        return can.topK === false ? [] : [doc];
      case 'seed':
        return can.seed === false ? [] : [doc];
      case 'stopSequences':
        return can.stopSequences === false ? [] : [doc];
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

/** The scalar types of Picoschema, and what may stand in the parentheses of a key. */
export const SCHEMA_TYPES: readonly { name: string; doc: string }[] = [
  { name: 'string', doc: 'Text.' },
  { name: 'number', doc: 'A number, with or without a fraction.' },
  { name: 'integer', doc: 'A whole number.' },
  { name: 'boolean', doc: 'True or false.' },
  { name: 'any', doc: 'Any value.' },
  { name: 'null', doc: 'Nothing.' },
];

export const SCHEMA_FORMS: readonly { name: string; doc: string; snippet: string }[] = [
  {
    name: 'array',
    doc: 'A list; its elements’ type follows.',
    snippet: '${1:name}(array, ${2:description}): ${3:string}',
  },
  {
    name: 'object',
    doc: 'A map of fields, each on a line of its own.',
    snippet: '${1:name}(object, ${2:description}):\n  ${3:field}: ${4:string}',
  },
  {
    name: 'enum',
    doc: 'One of the values in the list.',
    snippet: '${1:name}(enum, ${2:description}): [${3:first}, ${4:second}]',
  },
];

/** The roles of a message; `assistant` is read as `model`. */
export const ROLES: readonly { name: string; doc: string }[] = [
  { name: 'system', doc: 'Rules that stand above the conversation. Put no untrusted text here.' },
  { name: 'user', doc: 'What the user says; text before the first role is the user’s too.' },
  { name: 'model', doc: 'What the model answered: an example, or an earlier turn.' },
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
  /** What completion inserts after `{{` or `{{#`, up to and with the closing braces. */
  snippet: string;
}

export const HELPERS: readonly HelperDoc[] = [
  {
    name: 'role',
    block: false,
    parameters: [{ name: 'name', doc: 'system, user, model or tool.' }],
    doc: 'Begins a message of this role; it lasts up to the next role.',
    example: '{{role "system"}}\nYou answer briefly.',
    snippet: 'role "${1|system,user,model,tool|}"}}',
  },
  {
    name: 'history',
    block: false,
    parameters: [],
    doc: 'Where the earlier turns of a conversation go. Without it they go before the last user message.',
    example: '{{history}}',
    snippet: 'history}}',
  },
  {
    name: 'media',
    block: false,
    parameters: [
      { name: 'url', doc: 'An address, a data: URL, or a file in the workspace.', named: true },
      { name: 'contentType', doc: 'The MIME type, where the address does not tell it.', named: true, optional: true },
    ],
    doc: 'Puts an image or a document into the message.',
    example: '{{media url=photo contentType="image/png"}}',
    snippet: 'media url=${1:photo}}}',
  },
  {
    name: 'section',
    block: false,
    parameters: [{ name: 'name', doc: 'What the section is called.' }],
    doc: 'Marks a part of the prompt that a program fills or reads.',
    example: '{{section "output"}}',
    snippet: 'section "${1:name}"}}',
  },
  {
    name: 'json',
    block: false,
    parameters: [
      { name: 'value', doc: 'What is written as JSON.' },
      { name: 'indent', doc: 'How many spaces each level is indented by.', named: true, optional: true },
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
      { name: 'key', doc: 'The name or the index of what is taken out of it.' },
    ],
    doc: 'Takes out of a map or a list what stands under a name that is itself a value.',
    example: '{{lookup prices plan}}',
    snippet: 'lookup ${1:object} ${2:key}}}',
  },
  {
    name: 'log',
    block: false,
    parameters: [{ name: 'value', doc: 'What is written to the log.' }],
    doc: 'Writes to the log of whatever renders the prompt, and nothing to the prompt.',
    example: '{{log customer}}',
    snippet: 'log ${1:value}}}',
  },
  {
    name: 'if',
    block: true,
    parameters: [{ name: 'condition', doc: 'False, empty, 0 and an empty list count as no.' }],
    doc: 'Writes its body where the condition holds, else what follows `{{else}}`.',
    example: '{{#if urgent}}Be quick.{{else}}Take your time.{{/if}}',
    snippet: 'if ${1:condition}}}$0{{/if}}',
  },
  {
    name: 'unless',
    block: true,
    parameters: [{ name: 'condition', doc: 'False, empty, 0 and an empty list count as no.' }],
    doc: 'Writes its body where the condition does not hold.',
    example: '{{#unless facts}}Nothing is known.{{/unless}}',
    snippet: 'unless ${1:condition}}}$0{{/unless}}',
  },
  {
    name: 'each',
    block: true,
    parameters: [{ name: 'list', doc: 'A list, or a map whose values are gone through.' }],
    doc: 'Writes its body once for each element. Inside, `this` is the element, `@index` its number, `@key` its name.',
    example: '{{#each facts as |fact|}}\n- {{fact}}\n{{/each}}',
    snippet: 'each ${1:list}}}\n$0{{this}}\n{{/each}}',
  },
  {
    name: 'with',
    block: true,
    parameters: [{ name: 'value', doc: 'The map whose fields the body names.' }],
    doc: 'Inside, names are those of the value’s fields.',
    example: '{{#with customer}}{{name}}, {{age}}{{/with}}',
    snippet: 'with ${1:value}}}$0{{/with}}',
  },
  {
    name: 'ifEquals',
    block: true,
    parameters: [
      { name: 'left', doc: 'One value.' },
      { name: 'right', doc: 'The other value; both must have the same type.' },
    ],
    doc: 'Writes its body where both values are the same.',
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
    doc: 'Writes its body where the values differ.',
    example: '{{#unlessEquals plan "Basic"}}Offer a call.{{/unlessEquals}}',
    snippet: 'unlessEquals ${1:left} ${2:right}}}$0{{/unlessEquals}}',
  },
];

export function findHelper(name: string): HelperDoc | undefined {
  return HELPERS.find((helper) => helper.name === name);
}

/** How a call is written, as signature help shows it: `media url=… [contentType=…]`. */
export function helperSignature({ name, block, parameters }: HelperDoc): { label: string; parts: string[] } {
  const parts = parameters.map(({ name: parameter, named, optional }) => {
    const written = named ? `${parameter}=…` : parameter;
    return optional ? `[${written}]` : written;
  });
  return { label: [`${block ? '#' : ''}${name}`, ...parts].join(' '), parts };
}

/** `@` variables that Handlebars gives inside blocks, and those that a host gives. */
export const DATA_VARIABLES: readonly { name: string; doc: string; inLoop: boolean }[] = [
  { name: '@index', doc: 'The number of the element, from 0.', inLoop: true },
  { name: '@key', doc: 'The name of the element, where a map is gone through.', inLoop: true },
  { name: '@first', doc: 'Whether this is the first element.', inLoop: true },
  { name: '@last', doc: 'Whether this is the last element.', inLoop: true },
  { name: '@root', doc: 'The whole input, from anywhere: `@root.name`.', inLoop: false },
  { name: '@metadata.docs', doc: 'Retrieved documents.', inLoop: false },
];
