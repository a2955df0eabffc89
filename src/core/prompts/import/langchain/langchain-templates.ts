import { isRecord } from '../../../../shared/is-record.ts';
import { asText, type ImportSource, type Inputs, type ToolCalls } from '../draft.ts';
import { readNamedFile } from '../named-files.ts';
import { convertJinja } from '../template/jinja.ts';
import { mediaPart } from '../template/media-part.ts';
import type { MessagePart } from '../template/message-parts.ts';
import { convertMustache } from '../template/mustache.ts';
import type { Piece } from '../template/pieces.ts';
import { convertFormat } from '../template/python-format.ts';

export interface Reading {
  inputs: Inputs;
  notes: string[];
  source: ImportSource;
  calls: ToolCalls;
}

/** Values in the prompt itself are defaults; those of an inner prompt belong to the same inputs. */
export function readPartials(fields: Record<string, unknown>, { inputs, notes }: Reading): void {
  for (const [name, value] of Object.entries(isRecord(fields.partial_variables) ? fields.partial_variables : {})) {
    const details = inputs.get(name);
    if (!details || details.default !== undefined) continue;
    const isFunction = isRecord(value) && (value.type === 'not_implemented' || Array.isArray(value.id));
    if (isFunction || value === null)
      notes.push(`The value of \`${name}\` is computed by the program (partial_variables): pass it as an input.`);
    else inputs.set(name, { ...details, default: value });
  }
}

export function fieldsOf(value: Record<string, unknown>): Record<string, unknown> {
  const own = isRecord(value.kwargs) ? value.kwargs : value;
  return { ...own, $type: typeOf(value) };
}

export function typeOf(value: Record<string, unknown>): string {
  return String(Array.isArray(value.id) ? value.id.at(-1) : (value._type ?? value.$type ?? ''));
}

/** A prompt's template as parts; that of an image is a map with its address. */
export async function readTemplate(fields: Record<string, unknown>, reading: Reading): Promise<MessagePart[]> {
  const { notes, inputs, source } = reading;
  const format = asText(fields.template_format) ?? 'f-string';
  const path = asText(fields.template_path);
  const template = path ? await readNamedFile(source, path, { what: 'The template file', notes }) : fields.template;
  if (isRecord(template)) {
    const url = asText(template.url) ?? asText(isRecord(template.image_url) ? template.image_url.url : undefined);
    if (template.detail !== undefined) notes.push('The detail level of an image is not imported.');
    if (url === undefined) {
      notes.push(`A part with ${Object.keys(template).join(', ')} is not imported.`);
      return [];
    }
    const address = mediaPart(convertText(url, format, reading), { inputs, notes });
    readPartials(fields, reading);
    return [address];
  }
  const text = convertText(typeof template === 'string' ? template : '', format, reading);
  readPartials(fields, reading);
  return [{ text }];
}

export function convertText(
  text: string,
  format: string,
  { inputs, notes }: Pick<Reading, 'inputs' | 'notes'>,
): Piece[] {
  if (format === 'jinja2') return convertJinja(text, { inputs, notes });
  return format === 'mustache'
    ? convertMustache(text, { inputs, notes, escapes: true })
    : convertFormat(text, { inputs, notes });
}
