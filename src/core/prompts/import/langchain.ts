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
import { escapeText } from './literal-text.ts';
import { modelRef, readSettings } from './model-settings.ts';
import { convertMustache } from './mustache.ts';
import { convertFormat } from './python-format.ts';

interface Reading {
  inputs: Inputs;
  notes: string[];
  source: ImportSource;
}

/** LangChain's prompts as JSON or YAML: the older `_type` files and the serialized objects of `dumps()`. */
export async function importLangChain(source: ImportSource): Promise<Drafts> {
  const notes: string[] = [];
  const data = readData(source.text);
  const root = findPrompt(data);
  if (!root) return { drafts: [], notes: [`There is no prompt of LangChain in ${source.path}.`] };
  const draft: Draft = { name: asText(root.name) ?? stemOf(source.path), inputs: new Map(), messages: [] };
  const reading: Reading = { inputs: draft.inputs, notes, source };
  draft.messages = await readPrompt(root, reading);
  const schema = [root.schema_, root.schema].find(isRecord);
  if (schema) draft.output = { format: 'json', schema };
  for (const [name, value] of Object.entries(isRecord(root.partial_variables) ? root.partial_variables : {})) {
    const facts = draft.inputs.get(name);
    if (facts && typeof value !== 'object') draft.inputs.set(name, { ...facts, default: value });
  }
  for (const name of Array.isArray(root.optional_variables) ? root.optional_variables : []) {
    const facts = draft.inputs.get(String(name));
    if (facts) draft.inputs.set(String(name), { ...facts, optional: true });
  }
  readModel(data, draft, notes);
  if (root.output_parser) notes.push('The output parser is not carried: ask for JSON under `output` instead.');
  return { drafts: [draft], notes };
}

/** The first prompt in a file; a serialized chain holds it among its steps. Serialized fields stand under `kwargs`. */
function findPrompt(value: unknown, depth = 0): Record<string, unknown> | undefined {
  if (depth > 8 || typeof value !== 'object' || value === null) return undefined;
  if (isRecord(value)) {
    const fields = fieldsOf(value);
    const type = typeOf(value);
    if (/Prompt(?:Template)?$/.test(type) || ['prompt', 'few_shot', 'chat', 'chat_prompt'].includes(type))
      return fields;
    if ('template' in fields || 'template_path' in fields) return fields;
  }
  for (const item of Object.values(value)) {
    const found = findPrompt(item, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function fieldsOf(value: Record<string, unknown>): Record<string, unknown> {
  const own = isRecord(value.kwargs) ? value.kwargs : value;
  return { ...own, $type: typeOf(value) };
}

function typeOf(value: Record<string, unknown>): string {
  return String(Array.isArray(value.id) ? value.id.at(-1) : (value._type ?? value.$type ?? ''));
}

async function readPrompt(fields: Record<string, unknown>, reading: Reading): Promise<DraftMessage[]> {
  if (Array.isArray(fields.messages)) {
    const messages: DraftMessage[] = [];
    for (const item of fields.messages) messages.push(...(await readMessage(item, reading)));
    return messages;
  }
  if (/FewShotChat/.test(String(fields.$type))) return exampleTurns(fields, reading);
  if (fields.$type === 'few_shot' || 'suffix' in fields)
    return [{ role: 'user', text: await fewShot(fields, reading) }];
  return [{ role: 'user', text: await readTemplate(fields, reading) }];
}

async function readMessage(item: unknown, reading: Reading): Promise<DraftMessage[]> {
  if (Array.isArray(item)) {
    const [role, text] = item;
    if (role === 'placeholder') return [{ role: 'user', text: '', history: true }];
    return [{ role: toRole(role, reading.notes), text: convertText(String(text), 'f-string', reading) }];
  }
  if (!isRecord(item)) return [];
  const fields = fieldsOf(item);
  const type = typeOf(item);
  if (/MessagesPlaceholder/.test(type) || 'variable_name' in fields) {
    const name = String(fields.variable_name ?? 'history');
    if (name !== 'history') reading.notes.push(`The messages of \`${name}\` go where \`{{history}}\` stands.`);
    return [{ role: 'user', text: '', history: true }];
  }
  if (/FewShotChat/.test(type)) return exampleTurns(fields, reading);
  const role = toRole(
    asText(fields.role) ?? (type.replace(/Message(?:PromptTemplate)?$/, '') || undefined),
    reading.notes,
  );
  const prompts = Array.isArray(fields.prompt) ? fields.prompt : fields.prompt === undefined ? [] : [fields.prompt];
  if (prompts.length === 0) {
    const literal = asText(fields.content);
    return literal ? [{ role, text: escapeText(literal) }] : [];
  }
  const texts: string[] = [];
  for (const prompt of prompts) if (isRecord(prompt)) texts.push(await readTemplate(fieldsOf(prompt), reading));
  return [{ role, text: texts.join('\n') }];
}

async function readTemplate(fields: Record<string, unknown>, reading: Reading): Promise<string> {
  const format = asText(fields.template_format) ?? 'f-string';
  const path = asText(fields.template_path);
  const template = path ? await reading.source.readFile?.(path) : fields.template;
  if (path && template === undefined) reading.notes.push(`The template file ${path} could not be read.`);
  if (isRecord(template)) {
    const url = asText(template.url) ?? asText(isRecord(template.image_url) ? template.image_url.url : undefined);
    const variable = url && /^\{{1,2}\s*(\w+)\s*\}{1,2}$/.exec(url)?.[1];
    if (variable) addInput(reading.inputs, variable, { description: 'the address of a picture' });
    if (url) return `{{media url=${variable ?? JSON.stringify(url)}}}`;
  }
  return convertText(typeof template === 'string' ? template : '', format, reading);
}

function convertText(text: string, format: string, { inputs, notes }: Reading): string {
  if (format === 'jinja2') return convertJinja(text, { inputs, notes });
  return format === 'mustache' ? convertMustache(text, { inputs, notes }) : convertFormat(text, { inputs, notes });
}

/** Examples become an input of their own, so that they can be changed without touching the text. */
async function fewShot(fields: Record<string, unknown>, reading: Reading): Promise<string> {
  const { notes } = reading;
  const example = await fieldsAt(fields, 'example_prompt', reading);
  const inner: Inputs = new Map();
  const line = await readTemplate(example, { ...reading, inputs: inner });
  let examples = fields.examples;
  if (typeof examples === 'string') examples = readData((await reading.source.readFile?.(examples)) ?? '');
  if (!Array.isArray(examples)) {
    notes.push('The examples could not be read: put them into `input.default.examples`.');
    examples = undefined;
  }
  addInput(reading.inputs, 'examples', { type: 'any', array: true, default: examples });
  const format = asText(fields.template_format) ?? 'f-string';
  const part = async (name: string) => {
    const path = asText(fields[`${name}_path`]);
    const value = path ? await reading.source.readFile?.(path) : fields[name];
    if (path && value === undefined) notes.push(`The file ${path} of the ${name} could not be read.`);
    return typeof value === 'string' ? convertText(value, format, reading) : '';
  };
  const separator = typeof fields.example_separator === 'string' ? fields.example_separator : '\n\n';
  const body = `{{#each examples}}${line}${separator}{{/each}}`;
  return [await part('prefix'), `${body}${await part('suffix')}`].filter((text) => text !== '').join(separator);
}

/** A prompt inside of a prompt, written in place or named as a file. */
async function fieldsAt(fields: Record<string, unknown>, name: string, { source, notes }: Reading) {
  const path = asText(fields[`${name}_path`]);
  const value = path ? readData((await source.readFile?.(path)) ?? '') : fields[name];
  if (path && !isRecord(value)) notes.push(`The prompt file ${path} could not be read.`);
  return isRecord(value) ? fieldsOf(value) : {};
}

/** Examples of a chat are turns of it: their texts are written out, since a list of turns cannot be an input. */
async function exampleTurns(fields: Record<string, unknown>, reading: Reading): Promise<DraftMessage[]> {
  const example = await fieldsAt(fields, 'example_prompt', reading);
  const templates = Array.isArray(example.messages) ? example.messages : [example];
  if (!Array.isArray(fields.examples) || fields.example_selector) {
    reading.notes.push('Examples that a selector chooses at run time are not carried.');
    return [];
  }
  const turns: DraftMessage[] = [];
  for (const values of fields.examples.filter(isRecord)) {
    for (const template of templates) {
      const inputs: Inputs = new Map();
      for (const turn of await readMessage(template, { ...reading, inputs })) {
        turns.push({ ...turn, text: fillIn(turn.text, values) });
      }
    }
  }
  return turns;
}

function fillIn(template: string, values: Record<string, unknown>): string {
  return template.replace(/\{\{~?(\w+)~?\}\}/g, (whole, name: string) =>
    values[name] === undefined ? whole : escapeText(String(values[name])),
  );
}

/** A serialized chain names its model beside the prompt. */
function readModel(value: unknown, draft: Draft, notes: string[], depth = 0): void {
  if (depth > 8 || typeof value !== 'object' || value === null || draft.model) return;
  if (isRecord(value) && isRecord(value.kwargs) && Array.isArray(value.id)) {
    const { model, model_name, ...settings } = value.kwargs;
    const name = asText(model) ?? asText(model_name);
    if (name) {
      draft.model = modelRef(name, undefined, notes);
      const { temperature, max_tokens, top_p, stop } = settings;
      readSettings({ temperature, max_tokens, top_p, stop }, draft, notes);
      return;
    }
  }
  for (const item of Object.values(value)) readModel(item, draft, notes, depth + 1);
}
