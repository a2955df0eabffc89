import type { JsonSchema, OutputSpec, Tool } from '../models/chat-model.ts';
import { readOwnKeys } from './own-keys.ts';
import { describe, readParameters } from './parameters.ts';
import { compilePicoschema, type SchemaResolver } from './picoschema.ts';
import type { Diagnostic, Prompt } from './prompt.ts';
import { isRecord, type YamlData } from './yaml-data.ts';

export type Metadata = Pick<
  Prompt,
  'description' | 'model' | 'parameters' | 'input' | 'output' | 'tools' | 'toolNames' | 'ext'
> & { name: string | undefined; variant: string | undefined };

type Path = (string | number)[];

interface Reader {
  yaml: YamlData;
  resolveSchema: SchemaResolver | undefined;
  diagnostics: Diagnostic[];
}

/** Reads dotprompt's keys and the dotted ones; what has the wrong type is reported and left out. */
export function readMetadata(
  yaml: YamlData,
  resolveSchema: SchemaResolver | undefined,
  diagnostics: Diagnostic[],
): Metadata {
  const reader: Reader = { yaml, resolveSchema, diagnostics };
  const { data } = yaml;
  const model = readString(reader, data.model, ['model']);
  const tools = readTools(reader, data.toolDefs);
  const defined = new Set(tools.map((tool) => tool.name));
  const config = readMap(reader, data.config, ['config']);
  const { parameters, problems } = readParameters(config);
  for (const { path, message } of problems) report(reader, ['config', ...path], { code: 'config-type', message });
  const ext = readExtensions(data);
  checkOwnKeys(reader, ext);
  return {
    name: readString(reader, data.name, ['name']),
    variant: readString(reader, data.variant, ['variant']),
    description: readString(reader, data.description, ['description']),
    model: model === undefined ? undefined : { text: model, range: yaml.locate(['model']) },
    parameters,
    input: readInput(reader, data.input),
    output: readOutput(reader, data.output),
    tools,
    toolNames: readStrings(reader, data.tools, ['tools']).filter((name) => !defined.has(name)),
    ext,
  };
}

function report(reader: Reader, path: Path, problem: { code: string; message: string; onKey?: boolean }): void {
  const { code, message, onKey } = problem;
  const range = onKey ? reader.yaml.locateKey(path) : reader.yaml.locate(path);
  reader.diagnostics.push({ code, severity: 'error', message, range });
}

function readString(reader: Reader, value: unknown, path: Path): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.trim() !== '') return value;
  if (typeof value === 'number' && path[0] === 'variant') return String(value);
  report(reader, path, { code: 'key-type', message: `\`${path.join('.')}\` must be a text, not ${describe(value)}.` });
  return undefined;
}

function readMap(reader: Reader, value: unknown, path: Path): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (isRecord(value)) return value;
  const message = `\`${path.join('.')}\` must be a map of keys, not ${describe(value)}.`;
  report(reader, path, { code: 'key-type', message });
  return {};
}

function readStrings(reader: Reader, value: unknown, path: Path): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  const message = `\`${path.join('.')}\` must be a list of names, not ${Array.isArray(value) ? 'a list of other things' : describe(value)}.`;
  report(reader, path, { code: 'key-type', message });
  return [];
}

function readSchema(reader: Reader, source: unknown, path: Path): JsonSchema | undefined {
  const { schema, problems } = compilePicoschema(source, reader.resolveSchema);
  for (const { path: below, message, onKey = false } of problems) {
    report(reader, [...path, ...below], { code: 'picoschema', message, onKey });
  }
  return schema;
}

function readInput(reader: Reader, value: unknown): Prompt['input'] {
  const input = readMap(reader, value, ['input']);
  return {
    schema: readSchema(reader, input.schema, ['input', 'schema']),
    defaults: readMap(reader, input.default, ['input', 'default']),
  };
}

/** A schema without a format means JSON: nothing else could be held against it. */
function readOutput(reader: Reader, value: unknown): OutputSpec {
  const output = readMap(reader, value, ['output']);
  const schema = readSchema(reader, output.schema, ['output', 'schema']);
  const format = readString(reader, output.format, ['output', 'format']);
  if (format !== undefined && format !== 'json' && format !== 'text') {
    const message = `Output format \`${format}\` is not known here, and the answer is taken as text. Known: json, text.`;
    const range = reader.yaml.locate(['output', 'format']);
    reader.diagnostics.push({ code: 'output-format', severity: 'warning', message, range });
  }
  const isJson = format === 'json' || (format === undefined && schema !== undefined);
  return schema ? { format: isJson ? 'json' : 'text', schema } : { format: isJson ? 'json' : 'text' };
}

function readTools(reader: Reader, value: unknown): Tool[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    report(reader, ['toolDefs'], { code: 'key-type', message: `\`toolDefs\` must be a list, not ${describe(value)}.` });
    return [];
  }
  return value.flatMap((item: unknown, index): Tool[] => {
    const path = ['toolDefs', index];
    const fields = readMap(reader, item ?? '', path);
    const name = readString(reader, fields.name, [...path, 'name']);
    if (name === undefined) {
      if (isRecord(item)) report(reader, path, { code: 'key-type', message: 'A tool definition needs a `name`.' });
      return [];
    }
    const description = readString(reader, fields.description, [...path, 'description']);
    const inputSchema = readSchema(reader, fields.inputSchema, [...path, 'inputSchema']);
    return [
      { name, ...(description ? { description } : {}), inputSchema: inputSchema ?? { type: 'object', properties: {} } },
    ];
  });
}

/** dotprompt puts every dotted key into `ext`, split at its last dot. */
function readExtensions(data: Record<string, unknown>): Prompt['ext'] {
  const spaces = new Map<string, [string, unknown][]>();
  for (const [key, value] of Object.entries(data)) {
    const dot = key.lastIndexOf('.');
    if (dot < 0) continue;
    const entries = spaces.get(key.slice(0, dot)) ?? [];
    spaces.set(key.slice(0, dot), [...entries, [key.slice(dot + 1), value]]);
  }
  return Object.fromEntries([...spaces].map(([space, entries]) => [space, Object.fromEntries(entries)]));
}

function checkOwnKeys(reader: Reader, ext: Prompt['ext']): void {
  for (const key of ['models', 'media']) {
    const value = ext.llmops?.[key];
    if (typeof value === 'string') continue;
    readStrings(reader, value, [`llmops.${key}`]);
  }
  for (const { path, message } of readOwnKeys(ext).problems) {
    const [key = '', ...inner] = path;
    report(reader, [`llmops.${key}`, ...inner], { code: 'llmops-value', message });
  }
}
