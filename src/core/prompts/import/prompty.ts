import { splitFrontMatter } from '../front-matter.ts';
import {
  addInput,
  asText,
  type Draft,
  type DraftMessage,
  type Drafts,
  type ImportSource,
  type Inputs,
  isRecord,
  readData,
  stemOf,
  toRole,
} from './draft.ts';
import { convertJinja } from './jinja.ts';
import { modelRef, readSettings } from './model-settings.ts';
import { convertMustache } from './mustache.ts';
import { schemaEntry } from './write-draft.ts';

/** Prompty of both versions: 1 has `model.configuration` and `parameters`, 2 has `model.id` and `options`. */
export async function importPrompty(source: ImportSource): Promise<Drafts> {
  const notes: string[] = [];
  const { yaml, template } = splitFrontMatter(source.text);
  const data = yaml ? readData(source.text.slice(yaml.start, yaml.end)) : {};
  const isEmpty = yaml !== undefined && source.text.slice(yaml.start, yaml.end).trim() === '';
  if (!isRecord(data) && !isEmpty)
    return { drafts: [], notes: [`The front matter of ${source.path} is not a map of keys.`] };
  return readPrompty(isRecord(data) ? data : {}, {
    source,
    notes,
    body: source.text.slice(template.start, template.end),
  });
}

interface Body {
  source: ImportSource;
  notes: string[];
  body: string;
}

async function readPrompty(data: Record<string, unknown>, { source, notes, body }: Body): Promise<Drafts> {
  const inputs: Inputs = new Map();
  const draft: Draft = {
    name: asText(data.name) ?? stemOf(source.path),
    description: asText(data.description),
    inputs,
    messages: [],
  };
  const threads = readInputs(await fromFile(data.inputs ?? data.inputSchema, { inputs, notes, source }), inputs);
  await readSample(data.sample, { inputs, notes, source });
  readModel(data.model, draft, notes);
  readOutputs(await fromFile(data.outputs ?? data.outputSchema, { inputs, notes, source }), draft);
  if (Array.isArray(data.tools)) readTools(data.tools, draft, notes);
  const mustache = templateKind(data.template) === 'mustache';
  const convert = (text: string) =>
    mustache ? convertMustache(text, { inputs, notes }) : convertJinja(text, { inputs, notes });
  draft.messages = readMessages(body, { threads, notes }).map(({ role, text, history }) =>
    history ? { role, text, history } : { role, text: convertImages(convert(text)) },
  );
  for (const [name, { default: given }] of inputs) {
    if (Array.isArray(given) && given.length === 0 && threads.has(name)) inputs.delete(name);
  }
  return { drafts: [draft], notes };
}

const TYPES: Record<string, string> = {
  string: 'string',
  str: 'string',
  integer: 'integer',
  int: 'integer',
  number: 'number',
  float: 'number',
  double: 'number',
  boolean: 'boolean',
  bool: 'boolean',
};

/** A map of names, or a list of properties with names. A bare value is version 1's sample. */
function readInputs(value: unknown, inputs: Inputs): Set<string> {
  const threads = new Set<string>();
  const fields = isRecord(value) && 'properties' in value ? value.properties : value;
  const entries: [string, unknown][] = Array.isArray(fields)
    ? fields.flatMap((item): [string, unknown][] => (isRecord(item) ? [[String(item.name ?? 'input'), item]] : []))
    : Object.entries(isRecord(fields) ? fields : {});
  for (const [name, field] of entries) {
    if (!isRecord(field)) {
      addInput(inputs, name, typeof field === 'string' && TYPES[field] ? { type: TYPES[field] } : { default: field });
      continue;
    }
    if (field.kind === 'thread' || field.type === 'thread') {
      threads.add(name);
      continue;
    }
    const type = TYPES[String(field.type ?? field.kind ?? '')];
    const choices = field.enumValues ?? field.enum;
    const isArray = (field.type ?? field.kind) === 'array' || (field.type ?? field.kind) === 'list';
    const given = field.default ?? field.sample ?? field.example;
    addInput(inputs, name, {
      type: Array.isArray(choices)
        ? choices.map(String)
        : (type ?? nestedType(field) ?? (isArray || given === undefined ? 'any' : undefined)),
      array: isArray,
      optional: field.required === false || field.is_required === false,
      description: asText(field.description),
      default: given,
    });
  }
  return threads;
}

/** `${file:schema.json}` stands for what is in the file. */
async function fromFile(value: unknown, { notes, source }: Sample): Promise<unknown> {
  const file = typeof value === 'string' ? /^\$\{file:(.*)\}$/.exec(value)?.[1] : undefined;
  if (file === undefined) return value;
  const data = readData((await source.readFile?.(file)) ?? '');
  if (!isRecord(data) && !Array.isArray(data)) notes.push(`The file ${file} could not be read.`);
  return data;
}

/** The fields of an object, or what a list is made of. */
function nestedType(field: Record<string, unknown>): string | Record<string, unknown> | undefined {
  const items = isRecord(field.items) ? field.items : undefined;
  const properties = field.properties ?? items?.properties;
  if (isRecord(properties) || Array.isArray(properties)) {
    const nested: Inputs = new Map();
    readInputs(properties, nested);
    return Object.fromEntries([...nested].map(schemaEntry));
  }
  return items && TYPES[String(items.type ?? items.kind ?? '')];
}

interface Sample {
  inputs: Inputs;
  notes: string[];
  source: ImportSource;
}

async function readSample(sample: unknown, { inputs, notes, source }: Sample): Promise<void> {
  let values = sample;
  if (typeof sample === 'string') {
    const file = sample.replace(/^\$\{file:(.*)\}$/, '$1');
    const text = await source.readFile?.(file);
    values = text === undefined ? undefined : readData(text);
    if (!isRecord(values)) notes.push(`The sample of inputs in ${file} could not be read.`);
  }
  for (const [name, value] of Object.entries(isRecord(values) ? values : {})) {
    const known = inputs.get(name);
    inputs.set(name, { ...known, default: known?.default ?? value });
  }
}

function readModel(value: unknown, draft: Draft, notes: string[]): void {
  if (typeof value === 'string') draft.model = modelRef(value, undefined, notes);
  if (!isRecord(value)) return;
  // Later files of version 1 say `connection` for what earlier ones call `configuration`.
  const configuration = [value.configuration, value.connection].find(isRecord) ?? {};
  const provider = asText(value.provider) ?? asText(configuration.type);
  const id = value.id ?? configuration.azure_deployment ?? configuration.name ?? configuration.model;
  draft.model = modelRef(id, provider, notes);
  const options = [value.parameters, value.options].find(isRecord) ?? {};
  const { additionalProperties, ...own } = options;
  readSettings({ ...own, ...(isRecord(additionalProperties) ? additionalProperties : {}) }, draft, notes);
  const place = [value.connection, configuration].find(
    (item) => isRecord(item) && (item.endpoint ?? item.azure_endpoint),
  );
  if (place)
    notes.push('The address of the model’s endpoint belongs into llmops/connections.yaml, and is not carried.');
  const api = asText(value.api) ?? asText(value.apiType);
  if (api && api !== 'chat' && api !== 'responses')
    notes.push(`The API \`${api}\` is not carried: prompts run as chats.`);
}

function readOutputs(value: unknown, draft: Draft): void {
  const outputs: Inputs = new Map();
  readInputs(value, outputs);
  if (outputs.size === 0 || draft.output?.schema) return;
  draft.output = { format: 'json', schema: Object.fromEntries([...outputs].map(schemaEntry)) };
}

/** Version 2 lists a function's parameters one by one, as it lists inputs. */
function readTools(tools: unknown[], draft: Draft, notes: string[]): void {
  for (const tool of tools) {
    if (!isRecord(tool) || (tool.kind !== undefined && tool.kind !== 'function')) {
      notes.push(
        `The tool \`${isRecord(tool) ? String(tool.name ?? tool.kind) : String(tool)}\` is no function and is not carried.`,
      );
      continue;
    }
    const list = Array.isArray(tool.parameters) ? tool.parameters.filter(isRecord) : undefined;
    if (!list) {
      readSettings({ tools: [tool] }, draft, notes);
      continue;
    }
    const properties = list.map((field) => [
      String(field.name),
      {
        type: TYPES[String(field.kind ?? field.type)] ?? 'string',
        ...(asText(field.description) ? { description: field.description } : {}),
      },
    ]);
    const required = list.filter((field) => field.required === true).map((field) => field.name);
    const parameters = { type: 'object', properties: Object.fromEntries(properties), required };
    readSettings({ tools: [{ name: tool.name, description: tool.description, parameters }] }, draft, notes);
  }
}

function templateKind(value: unknown): string {
  const format = isRecord(value) ? (value.format ?? value.type) : value;
  return String(isRecord(format) ? (format.kind ?? 'jinja2') : (format ?? 'jinja2'));
}

/** Where earlier turns go: a thread by its name, or a loop that prints roles and texts. */
function historyPattern(threads: ReadonlySet<string>): RegExp {
  const names = [...threads].map((name) => name.replace(/\W/g, '')).filter((name) => name !== '');
  const loop = String.raw`\{%-?\s*for\s+(\w+)\s+in\s+\w+\s*-?%\}\s*\{\{-?\s*\1\.role\s*-?\}\}:\s*\{\{-?\s*\1\.content\s*-?\}\}\s*\{%-?\s*endfor\s*-?%\}`;
  const thread = names.length > 0 ? String.raw`|\{\{-?\s*(?:${names.join('|')})\s*-?\}\}` : '';
  return new RegExp(`${loop}${thread}`);
}

const ROLE_LINE = /^[ \t]*#?[ \t]*(system|developer|user|assistant|tool|function)(?:\[[^\]]*\])?[ \t]*:[ \t]*$/gim;

function readMessages(body: string, { threads, notes }: { threads: Set<string>; notes: string[] }): DraftMessage[] {
  const messages: DraftMessage[] = [];
  let role: unknown;
  let end = 0;
  const pattern = historyPattern(threads);
  const push = (text: string) => {
    const found = pattern.exec(text);
    if (found) {
      threads.add(/\sin\s+(\w+)/.exec(found[0])?.[1] ?? '');
      push(text.slice(0, found.index));
      messages.push({ role: 'user', text: '', history: true });
      push(text.slice(found.index + found[0].length));
    } else if (text.trim() !== '') messages.push({ role: toRole(role ?? 'system', notes), text });
  };
  for (const match of body.matchAll(ROLE_LINE)) {
    push(body.slice(end, match.index));
    role = match[1];
    end = match.index + match[0].length;
  }
  // A text without any marker is the model's instructions in Prompty; a prompt of one text is the user's here.
  if (role === undefined) return body.trim() === '' ? [] : [{ role: 'user' as const, text: body }];
  push(body.slice(end));
  return messages;
}

/** `![alt](picture.png)` and `![alt]({{url}})` are images to Prompty. */
function convertImages(text: string): string {
  return text.replace(/!\[[^\]]*\]\((?:\{\{([\w.]+)\}\}|([^)\s{}"]+))\)/g, (_all, path?: string, url?: string) =>
    path ? `{{media url=${path}}}` : `{{media url="${url}"}}`,
  );
}
