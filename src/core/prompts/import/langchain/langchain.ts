import { isRecord } from '../../../../shared/is-record.ts';
import { readChatMessages } from '../chat-messages.ts';
import {
  addInput,
  asText,
  type Draft,
  type DraftMessage,
  type Drafts,
  type ImportSource,
  type Inputs,
  readData,
  stemOf,
  toRole,
} from '../draft.ts';
import { modelRef, readSettings } from '../model-settings.ts';
import { readNamedFile } from '../named-files.ts';
import { joinParts, type MessagePart } from '../template/message-parts.ts';
import { hasContent, mergeTexts, type Piece } from '../template/pieces.ts';
import { convertText, fieldsOf, type Reading, readPartials, readTemplate, typeOf } from './langchain-templates.ts';

/** LangChain's prompts as JSON or YAML: the older `_type` files and the serialized objects of `dumps()`. */
export async function importLangChain(source: ImportSource): Promise<Drafts> {
  const notes: string[] = [];
  const data = readData(source.text);
  const root = findPrompt(data);
  if (!root) return { drafts: [], notes: [`No LangChain prompt was found in ${source.path}.`] };
  const draft: Draft = { name: asText(root.name) ?? stemOf(source.path), inputs: new Map(), messages: [] };
  const reading: Reading = { inputs: draft.inputs, notes, source, calls: { open: [], count: 0 } };
  draft.messages = await readPrompt(root, reading);
  const schema = [root.schema_, root.schema].find(isRecord);
  if (schema) draft.output = { format: 'json', schema };
  readPartials(root, reading);
  for (const name of Array.isArray(root.optional_variables) ? root.optional_variables : []) {
    const details = draft.inputs.get(String(name));
    if (details) draft.inputs.set(String(name), { ...details, optional: true });
  }
  readModel(data, draft, notes);
  if (root.output_parser) notes.push('The output parser is not imported: request JSON under `output` instead.');
  if (isRecord(root.metadata) && Object.keys(root.metadata).length > 0) notes.push('The metadata is not imported.');
  if (Array.isArray(root.tags) && root.tags.length > 0) notes.push(`Tags are not imported: ${root.tags.join(', ')}.`);
  return { drafts: [draft], notes };
}

/** The first prompt in a file; a serialized chain contains it among its steps. Serialized fields are under `kwargs`. */
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

async function readPrompt(fields: Record<string, unknown>, reading: Reading): Promise<DraftMessage[]> {
  if (Array.isArray(fields.messages)) {
    const messages: DraftMessage[] = [];
    for (const item of fields.messages) messages.push(...(await readMessage(item, reading)));
    return messages;
  }
  if (/FewShotChat/.test(String(fields.$type))) return readExampleTurns(fields, reading, readMessage);
  if (fields.$type === 'few_shot' || 'suffix' in fields)
    return [{ role: 'user', content: await readFewShot(fields, reading) }];
  return [{ role: 'user', content: joinParts(await readTemplate(fields, reading)) }];
}

async function readMessage(item: unknown, reading: Reading): Promise<DraftMessage[]> {
  if (Array.isArray(item)) {
    const [role, text] = item;
    if (role === 'placeholder') return [{ role: 'user', content: [], history: true }];
    return [{ role: toRole(role, reading.notes), content: convertText(String(text), 'f-string', reading) }];
  }
  if (!isRecord(item)) return [];
  const fields = fieldsOf(item);
  const type = typeOf(item);
  if (/MessagesPlaceholder/.test(type) || 'variable_name' in fields) {
    const name = String(fields.variable_name ?? 'history');
    if (name !== 'history') reading.notes.push(`The messages of \`${name}\` go where \`{{history}}\` is.`);
    if (fields.n_messages !== undefined && fields.n_messages !== null)
      reading.notes.push(
        `The original sends only the last ${String(fields.n_messages)} earlier messages; here all are sent.`,
      );
    return [{ role: 'user', content: [], history: true }];
  }
  if (/FewShotChat/.test(type)) return readExampleTurns(fields, reading, readMessage);
  const roleName = asText(fields.role) ?? (type.replace(/Message(?:PromptTemplate)?$/, '') || undefined);
  const prompts = Array.isArray(fields.prompt) ? fields.prompt : fields.prompt === undefined ? [] : [fields.prompt];
  if (prompts.length === 0) {
    const { content, tool_calls, tool_call_id, name } = fields;
    const message = { role: roleName, content, tool_call_id, ...(name === undefined ? {} : { name }) };
    const calls = Array.isArray(tool_calls) && tool_calls.length > 0 ? { tool_calls } : {};
    return readChatMessages([{ ...message, ...calls }], reading);
  }
  const parts: MessagePart[] = [];
  for (const prompt of prompts) if (isRecord(prompt)) parts.push(...(await readTemplate(fieldsOf(prompt), reading)));
  return [{ role: toRole(roleName, reading.notes), content: joinParts(parts) }];
}

/** How a program reaches a model, not what it requests. */
const PROGRAM =
  /api|base|url|cache|verbose|callback|^name$|metadata|tags|retries|timeout|streaming|organization|proxy|disable/i;

/** A serialized chain has its model next to the prompt. */
function readModel(value: unknown, draft: Draft, notes: string[], depth = 0): void {
  if (depth > 8 || typeof value !== 'object' || value === null || draft.model) return;
  // Tools are bound to a model by what is around it.
  if (isRecord(value) && typeOf(value) === 'RunnableBinding' && isRecord(value.kwargs) && isRecord(value.kwargs.kwargs))
    readSettings(value.kwargs.kwargs, draft, notes);
  if (isRecord(value) && isRecord(value.kwargs) && Array.isArray(value.id)) {
    const { model, model_name, ...settings } = value.kwargs;
    const name = asText(model) ?? asText(model_name);
    if (name) {
      const provider = value.id.at(-2) ?? value.id.at(-1);
      draft.model = modelRef(name, asText(provider), notes);
      const own = Object.entries(settings).filter(([key, item]) => !isRecord(item) && !PROGRAM.test(key));
      readSettings(Object.fromEntries(own), draft, notes);
      return;
    }
  }
  for (const item of Object.values(value)) readModel(item, draft, notes, depth + 1);
}

/** Examples become a separate input, so that they can be changed without touching the text. */
async function readFewShot(fields: Record<string, unknown>, reading: Reading): Promise<Piece[]> {
  const { notes, source } = reading;
  const example = await fieldsAt(fields, 'example_prompt', reading);
  const line = joinParts(await readTemplate(example, { ...reading, inputs: new Map() }));
  let { examples } = fields;
  if (typeof examples === 'string') {
    const text = await readNamedFile(source, examples, { what: 'The file of examples', notes });
    examples = readData(text ?? '');
  }
  if (!Array.isArray(examples)) {
    notes.push('The examples could not be read: put them into `input.default.examples`.');
    examples = undefined;
  }
  const format = asText(fields.template_format) ?? 'f-string';
  const part = async (name: string): Promise<Piece[]> => {
    const path = asText(fields[`${name}_path`]);
    const value = path ? await readNamedFile(source, path, { what: `The file of the ${name}`, notes }) : fields[name];
    return typeof value === 'string' ? convertText(value, format, reading) : [];
  };
  const separator = typeof fields.example_separator === 'string' ? fields.example_separator : '\n\n';
  const prefix = await part('prefix');
  addInput(reading.inputs, 'examples', { type: 'any', array: true, default: examples });
  const suffix = await part('suffix');
  readPartials(fields, reading);
  const each: Piece[] = [{ code: '{{#each examples}}' }, ...line, { text: separator }, { code: '{{/each}}' }];
  const before: Piece[] = mergeTexts(prefix).length > 0 ? [...prefix, { text: separator }] : [];
  return [...before, ...each, ...suffix];
}

/** A prompt inside a prompt, inline or as a file reference. */
async function fieldsAt(fields: Record<string, unknown>, name: string, { source, notes }: Reading) {
  const path = asText(fields[`${name}_path`]);
  const text = path ? await readNamedFile(source, path, { what: 'The prompt file', notes }) : undefined;
  const value = path ? readData(text ?? '') : fields[name];
  return isRecord(value) ? fieldsOf(value) : {};
}

/** Examples of a chat become turns: their texts are written out, since a list of turns cannot be an input. */
async function readExampleTurns(
  fields: Record<string, unknown>,
  reading: Reading,
  readMessage: (item: unknown, reading: Reading) => Promise<DraftMessage[]>,
): Promise<DraftMessage[]> {
  const example = await fieldsAt(fields, 'example_prompt', reading);
  const templates = Array.isArray(example.messages) ? example.messages : [example];
  if (!Array.isArray(fields.examples) || fields.example_selector) {
    reading.notes.push('Examples that a selector chooses at run time are not imported.');
    return [];
  }
  const turns: DraftMessage[] = [];
  for (const values of fields.examples.filter(isRecord)) {
    for (const template of templates) {
      const inputs: Inputs = new Map();
      for (const turn of await readMessage(template, { ...reading, inputs })) {
        turns.push({ ...turn, content: fillIn(turn.content, values) });
      }
    }
  }
  return turns.filter(({ content, history }) => history || hasContent(content));
}

function fillIn(template: readonly Piece[], values: Record<string, unknown>): Piece[] {
  return template.map((piece) => {
    const name = 'code' in piece ? /^\{\{~?(\w+)~?\}\}$/.exec(piece.code)?.[1] : undefined;
    return name === undefined || values[name] === undefined ? piece : { text: String(values[name]) };
  });
}
