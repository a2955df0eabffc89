import { isRecord } from '../../../../shared/is-record.ts';
import { addInput, asText, type Draft, type ImportSource, type Inputs, readData } from '../draft.ts';
import { readNamedFile } from '../named-files.ts';
import { schemaEntry } from '../write-draft.ts';

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

/** Inputs that are not text. */
export interface InputKinds {
  /** Earlier turns of the conversation. */
  threads: Set<string>;
  /** Images, audio and other files. */
  files: Set<string>;
}

/** A map of names, or a list of properties with names. A plain value is version 1's sample. */
export function readInputs(value: unknown, inputs: Inputs): InputKinds {
  const kinds: InputKinds = { threads: new Set(), files: new Set() };
  const fields = isRecord(value) && 'properties' in value ? value.properties : value;
  const entries: [string, unknown][] = Array.isArray(fields)
    ? fields.flatMap((item): [string, unknown][] => (isRecord(item) ? [[String(item.name ?? 'input'), item]] : []))
    : Object.entries(isRecord(fields) ? fields : {});
  for (const [name, field] of entries) {
    if (!isRecord(field)) {
      addInput(inputs, name, typeof field === 'string' && TYPES[field] ? { type: TYPES[field] } : { default: field });
      continue;
    }
    const kind = String(field.type ?? field.kind ?? '');
    if (field.kind === 'thread' || kind === 'thread') {
      kinds.threads.add(name);
      continue;
    }
    const isFile = /^(?:image|file|audio)$/.test(kind);
    if (isFile) kinds.files.add(name);
    const choices = field.enumValues ?? field.enum;
    const isArray = kind === 'array' || kind === 'list';
    addInput(inputs, name, {
      type: Array.isArray(choices)
        ? choices.map(String)
        : ((isFile ? 'string' : TYPES[kind]) ?? nestedType(field) ?? (isArray ? 'any' : undefined)),
      array: isArray,
      optional: field.required === false || field.is_required === false,
      description:
        asText(field.description) ??
        (isFile ? `the address of ${kind === 'image' ? 'an image' : 'a file'}, a path or a data URL` : undefined),
      default: field.default ?? field.sample ?? field.example,
    });
  }
  return kinds;
}

/** The fields of an object, or the items of a list. */
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

interface FilePlace {
  notes: string[];
  source: ImportSource;
}

/** Deeper than any sample is nested. */
const MOST_DEPTH = 20;

/** `${file:schema.json}`, wherever it is written, becomes the file's content; parsed if the file contains data. */
export async function withFiles(value: unknown, place: FilePlace, depth = 0): Promise<unknown> {
  if (typeof value === 'string') return fromFile(value, place);
  if (depth > MOST_DEPTH || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await withFiles(item, place, depth + 1));
    return items;
  }
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) entries.push([key, await withFiles(item, place, depth + 1)]);
  return Object.fromEntries(entries);
}

async function fromFile(value: string, { notes, source }: FilePlace): Promise<unknown> {
  const file = /^\$\{file:([^{}]*)\}$/.exec(value.slice(0, 4_000))?.[1];
  if (file === undefined) return value;
  const text = await readNamedFile(source, file, { what: 'The file', notes });
  if (text === undefined || !/\.(?:json|ya?ml)$/i.test(file)) return text;
  const data = readData(text);
  if (data === undefined) notes.push(`The file ${file} contains no data that could be read.`);
  return data;
}

export async function readSample(sample: unknown, { inputs, ...place }: FilePlace & { inputs: Inputs }): Promise<void> {
  const { notes } = place;
  const whole = typeof sample === 'string' ? `\${file:${sample.replace(/^\$\{file:([^{}]*)\}$/, '$1')}}` : sample;
  const values = await withFiles(whole, place);
  if (typeof sample === 'string' && values !== undefined && !isRecord(values))
    notes.push(`The sample of inputs in ${sample.slice(0, 200)} is not a map of names.`);
  for (const [name, value] of Object.entries(isRecord(values) ? values : {})) {
    const known = inputs.get(name);
    inputs.set(name, { ...known, default: known?.default ?? value });
  }
  const fromEnv = [...inputs].filter(([, details]) => /\$\{env:/.test(JSON.stringify(details.default ?? null)));
  if (fromEnv.length > 0)
    notes.push(
      `The sample of ${fromEnv.map(([name]) => `\`${name}\``).join(', ')} takes a value from the environment, which is kept as written.`,
    );
}

export function readOutputs(value: unknown, draft: Draft): void {
  const outputs: Inputs = new Map();
  readInputs(value, outputs);
  if (outputs.size === 0 || draft.output?.schema) return;
  draft.output = { format: 'json', schema: Object.fromEntries([...outputs].map(schemaEntry)) };
}

export const scalarType = (name: unknown): string | undefined => TYPES[String(name)];
