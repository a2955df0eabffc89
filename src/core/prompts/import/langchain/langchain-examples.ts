import { isRecord } from '../../../base/is-record.ts';
import { addInput, asText, type DraftMessage, type Inputs, readData } from '../draft.ts';
import { readNamedFile } from '../named-files.ts';
import { joinParts } from '../template/message-parts.ts';
import { hasContent, mergeTexts, type Piece } from '../template/pieces.ts';
import { convertText, fieldsOf, type Reading, readPartials, readTemplate } from './langchain-templates.ts';

/** Examples become a separate input, so that they can be changed without touching the text. */
export async function readFewShot(fields: Record<string, unknown>, reading: Reading): Promise<Piece[]> {
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
export async function readExampleTurns(
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
