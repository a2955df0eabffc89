import { isRecord } from '../../../shared/is-record.ts';
import { type JsonSchema, type OutputSpec, TOOL_CHOICES, type Tool, type ToolChoice } from '../../models/chat-model.ts';
import type { Diagnostic, DiagnosticData, Prompt, Severity } from '../prompt.ts';
import { OUTPUT_FORMATS } from '../schema/output-formats.ts';
import { compilePicoschema, type SchemaResolver } from '../schema/picoschema.ts';
import { readOwnKeys } from './own-keys.ts';
import { describe, readParameters } from './parameters.ts';
import type { YamlData } from './yaml-data.ts';

type Metadata = Pick<
  Prompt,
  'description' | 'model' | 'parameters' | 'input' | 'output' | 'tools' | 'toolNames' | 'ext'
> & { name: string | undefined; variant: string | undefined };

type Path = (string | number)[];

interface Reader {
  yaml: YamlData;
  resolveSchema: SchemaResolver | undefined;
  diagnostics: Diagnostic[];
}

/** Reads dotprompt's keys and the dotted ones; values of the wrong type are reported and ignored. */
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
  const toolChoice = readToolChoice(reader, data.toolChoice);
  if (toolChoice !== undefined) parameters.toolChoice = toolChoice;
  checkGenkitKeys(reader, data);
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

interface Problem {
  code: string;
  message: string;
  onKey?: boolean;
  severity?: Severity;
  data?: DiagnosticData | undefined;
}

function report(reader: Reader, path: Path, { code, message, onKey, severity = 'error', data }: Problem): void {
  const range = onKey ? reader.yaml.locateKey(path) : reader.yaml.locate(path);
  reader.diagnostics.push({ code, severity, message, range, ...(data ? { data } : {}) });
}

function readString(reader: Reader, value: unknown, path: Path): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.trim() !== '') return value;
  if (typeof value === 'number' && path[0] === 'variant') return String(value);
  report(reader, path, { code: 'key-type', message: `\`${path.join('.')}\` must be text, not ${describe(value)}.` });
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
  for (const { path: below, message, onKey = false, inCode, near } of problems) {
    const at = [...path, ...below];
    if (inCode === undefined) {
      const data = near && { suggestion: near.meant, replaces: near.wrong };
      report(reader, at, { code: 'picoschema', message, onKey, data });
    } else {
      const data: DiagnosticData = { owner: inCode, kind: below.length === 0 ? 'whole' : 'field' };
      report(reader, at, { code: 'schema-in-code', severity: 'warning', message, onKey, data });
    }
  }
  // If the whole schema is a name that only a program knows, there is nothing to send or to check.
  return problems.some(({ path: below, inCode }) => inCode !== undefined && below.length === 0) ? undefined : schema;
}

function readInput(reader: Reader, value: unknown): Prompt['input'] {
  const input = readMap(reader, value, ['input']);
  return {
    schema: readSchema(reader, input.schema, ['input', 'schema']),
    defaults: readMap(reader, input.default, ['input', 'default']),
  };
}

/** A schema without a format means JSON: no other format could be checked. */
function readOutput(reader: Reader, value: unknown): OutputSpec {
  const output = readMap(reader, value, ['output']);
  const schema = readSchema(reader, output.schema, ['output', 'schema']);
  const format = readString(reader, output.format, ['output', 'format']);
  const hasSchema = output.schema !== undefined && output.schema !== null && output.schema !== '';
  if (format !== undefined) checkFormat(reader, format, hasSchema);
  const isJson = format === 'json' || (format === undefined && hasSchema);
  return schema ? { format: isJson ? 'json' : 'text', schema } : { format: isJson ? 'json' : 'text' };
}

function checkFormat(reader: Reader, format: string, hasSchema: boolean): void {
  const path = ['output', 'format'];
  if (!OUTPUT_FORMATS.includes(format)) {
    const message = `Output format \`${format}\` is unknown; the answer is treated as text. Known formats: ${OUTPUT_FORMATS.join(', ')}.`;
    report(reader, path, { code: 'output-format', severity: 'warning', message });
  } else if (format !== 'json' && hasSchema) {
    const message = `An answer in the format \`${format}\` is treated as text: the schema is neither sent nor checked.`;
    report(reader, path, { code: 'output-unchecked', severity: 'info', message });
  }
}

/** An unknown choice is not sent; the prompt runs without it, as it did before the key was supported. */
function readToolChoice(reader: Reader, value: unknown): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  const known = TOOL_CHOICES.find((choice) => choice === value);
  if (known !== undefined) return known;
  const message = `\`toolChoice\` must be ${TOOL_CHOICES.join(', ').replace(/, (\w+)$/, ' or $1')}, not ${describe(value)}: it is not sent.`;
  report(reader, ['toolChoice'], { code: 'tool-choice', severity: 'warning', message });
  return undefined;
}

/** Genkit runs tools and calls the model again; a run here is one request. Unsupported keys are reported. */
function checkGenkitKeys(reader: Reader, { maxTurns, returnToolRequests }: Record<string, unknown>): void {
  const say = (key: string, why: string) => {
    const message = `\`${key}\` has no effect here: ${why}`;
    report(reader, [key], { code: 'no-effect', severity: 'info', message, onKey: true });
  };
  if (maxTurns !== undefined && maxTurns !== null) {
    say('maxTurns', 'a run sends one request and shows the tool calls it returns.');
  }
  if (returnToolRequests === false) say('returnToolRequests', 'tools are not run, and tool calls are always shown.');
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
