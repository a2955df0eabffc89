import { isRecord } from '../../../../shared/is-record.ts';
import { splitFrontMatter } from '../../front-matter/front-matter.ts';
import { asText, type Draft, type Drafts, type ImportSource, type Inputs, readData, stemOf } from '../draft.ts';
import { modelRef, readSettings } from '../model-settings.ts';
import { convertJinja } from '../template/jinja.ts';
import { convertMustache } from '../template/mustache.ts';
import type { Piece } from '../template/pieces.ts';
import { type InputKinds, readInputs, readOutputs, readSample, scalarType, withFiles } from './prompty-inputs.ts';
import { readMessages } from './prompty-messages.ts';

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
    // With trailing whitespace, which version 2 sends.
    body: source.text.slice(template.start),
  });
}

async function readPrompty(
  given: Record<string, unknown>,
  { source, notes, body }: { source: ImportSource; notes: string[]; body: string },
): Promise<Drafts> {
  const inputs: Inputs = new Map();
  const draft: Draft = {
    name: asText(given.name) ?? stemOf(source.path),
    description: asText(given.description),
    inputs,
    messages: [],
  };
  const { sample, ...rest } = given;
  const data = (await withFiles(rest, { notes, source })) as Record<string, unknown>;
  const kinds = readInputs(data.inputs ?? data.inputSchema, inputs);
  await readSample(sample, { inputs, notes, source });
  readModel(data.model, draft, notes);
  readOutputs(data.outputs ?? data.outputSchema, draft);
  if (Array.isArray(data.tools)) readTools(data.tools, draft, notes);
  noteUnsupported(data, notes);
  const mustache = templateKind(data.template) === 'mustache';
  const version = 'parameters' in modelOf(data) || 'configuration' in modelOf(data) || 'inputs' in data ? 1 : 2;
  const convert = (text: string): Piece[] =>
    mustache
      ? convertMustache(text, { inputs, notes, escapes: true })
      : convertJinja(text, { inputs, notes, keepLineBreak: true });
  draft.messages = readMessages(body, { kinds, notes, inputs, convert, version: versionOf(data, version) });
  dropThreads(inputs, kinds);
  if (kinds.files.size > 0) draft.media = [...kinds.files].filter((name) => inputs.has(name));
  return { drafts: [draft], notes };
}

const modelOf = ({ model }: Record<string, unknown>): Record<string, unknown> => (isRecord(model) ? model : {});

/** Version 2 describes inputs by their kinds; both versions may call them `inputs`. */
function versionOf(data: Record<string, unknown>, guess: 1 | 2): 1 | 2 {
  if ('inputSchema' in data || 'outputSchema' in data || 'id' in modelOf(data) || 'options' in modelOf(data)) return 2;
  const listed = isRecord(data.inputs) ? Object.values(data.inputs) : data.inputs;
  const hasKinds = Array.isArray(listed) && listed.some((field) => isRecord(field) && 'kind' in field);
  return hasKinds ? 2 : guess;
}

/** Earlier turns of a conversation are not an input here; an empty list is only a sample. */
function dropThreads(inputs: Inputs, { threads }: InputKinds): void {
  for (const [name, { default: given }] of inputs) {
    if (Array.isArray(given) && given.length === 0 && threads.has(name)) inputs.delete(name);
  }
}

const CARRIED = new Set(
  'name description model inputs inputSchema outputs outputSchema sample tools template $schema kind'.split(' '),
);

function noteUnsupported(data: Record<string, unknown>, notes: string[]): void {
  const lost = Object.keys(data).filter((key) => !CARRIED.has(key));
  if (lost.includes('base'))
    notes.push(`The prompty \`${String(data.base)}\` that this one is based on is not imported: import it as well.`);
  const rest = lost.filter((key) => key !== 'base');
  if (rest.length > 0) notes.push(`Not imported: ${rest.map((key) => `\`${key}\``).join(', ')}.`);
}

function templateKind(value: unknown): string {
  const format = isRecord(value) ? (value.format ?? value.type) : value;
  return String(isRecord(format) ? (format.kind ?? 'jinja2') : (format ?? 'jinja2'));
}

function readModel(value: unknown, draft: Draft, notes: string[]): void {
  if (typeof value === 'string') draft.model = modelRef(value, undefined, notes);
  if (!isRecord(value)) return;
  // Later files of version 1 have `connection` instead of `configuration`.
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
  if (place) notes.push('The model endpoint belongs in llmops/connections.yaml and is not imported.');
  const api = asText(value.api) ?? asText(value.apiType);
  if (api && api !== 'chat' && api !== 'responses')
    notes.push(`The API \`${api}\` is not imported: prompts run as chats.`);
}

/** Version 2 lists a function's parameters one by one, as it lists inputs. */
function readTools(tools: unknown[], draft: Draft, notes: string[]): void {
  for (const tool of tools) {
    if (!isRecord(tool) || (tool.kind !== undefined && tool.kind !== 'function')) {
      notes.push(
        `The tool \`${isRecord(tool) ? String(tool.name ?? tool.kind) : String(tool)}\` is not a function and is not imported.`,
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
        type: scalarType(field.kind ?? field.type) ?? 'string',
        ...(asText(field.description) ? { description: field.description } : {}),
      },
    ]);
    const required = list.filter((field) => field.required === true).map((field) => field.name);
    const parameters = { type: 'object', properties: Object.fromEntries(properties), required };
    readSettings({ tools: [{ name: tool.name, description: tool.description, parameters }] }, draft, notes);
  }
}
