import { isRecord } from '../../../shared/is-record.ts';
import { compilePicoschema } from '../schema/picoschema.ts';
import { asText, type Draft } from './draft.ts';

/** Names in other APIs for dotprompt's parameters. */
const NAMES: Record<string, string> = {
  max_tokens: 'maxOutputTokens',
  max_completion_tokens: 'maxOutputTokens',
  max_output_tokens: 'maxOutputTokens',
  maxTokens: 'maxOutputTokens',
  top_p: 'topP',
  top_k: 'topK',
  stop: 'stopSequences',
  stop_sequences: 'stopSequences',
  reasoning_effort: 'reasoningEffort',
};
const KNOWN = new Set(['temperature', 'maxOutputTokens', 'topP', 'topK', 'stopSequences', 'seed', 'reasoningEffort']);
/** Extra parameters that the providers of most models accept unchanged. */
const EXTRA = new Set('frequency_penalty presence_penalty logit_bias top_logprobs verbosity service_tier'.split(' '));
/** Settings of the program: how it reads the answer, not what it requests. */
const SILENT = new Set('stream stream_options model messages input instructions system user store'.split(' '));

/** Reads a request's parameters into a draft: sampling, the answer's format, tools. Unsupported ones are reported. */
export function readSettings(settings: Record<string, unknown>, draft: Draft, notes: string[]): void {
  const config: Record<string, unknown> = { ...draft.config };
  for (const [key, value] of Object.entries(settings)) {
    if (value === null || value === undefined || SILENT.has(key)) continue;
    const name = NAMES[key] ?? key;
    if (name === 'stopSequences') config[name] = Array.isArray(value) ? value : [value];
    else if (KNOWN.has(name) || EXTRA.has(name)) config[name] = value;
    else if (key === 'text' && isRecord(value)) {
      if (value.verbosity !== undefined && value.verbosity !== null) config.verbosity = value.verbosity;
      if (value.format !== undefined) readFormat(value, draft, notes);
    } else if (key === 'response_format') readFormat(value, draft, notes);
    else if (key === 'reasoning' && isRecord(value) && asText(value.effort)) config.reasoningEffort = value.effort;
    else if (key === 'tools') readTools(value, draft, notes);
    else if (key === 'tool_choice' && value === 'auto') continue;
    else notes.push(`The setting \`${key}\` is not imported.`);
  }
  if (Object.keys(config).length > 0) draft.config = config;
}

function readFormat(value: unknown, draft: Draft, notes: string[]): void {
  const format = isRecord(value) && isRecord(value.format) ? value.format : value;
  const type = isRecord(format) ? format.type : format;
  if (type === 'text') return;
  if (type !== 'json_object' && type !== 'json_schema' && type !== 'json') {
    notes.push('The output format is not imported: it is not a supported JSON format.');
    return;
  }
  const named = isRecord(format) && isRecord(format.json_schema) ? format.json_schema : format;
  const schema = isRecord(named) && isRecord(named.schema) ? named.schema : undefined;
  draft.output = { format: 'json', ...(schema ? { schema } : {}) };
}

/** OpenAI's function tools and Anthropic's, as dotprompt's `toolDefs`. */
function readTools(value: unknown, draft: Draft, notes: string[]): void {
  if (!Array.isArray(value)) notes.push('The tools are not imported: they are not a list of functions.');
  for (const tool of Array.isArray(value) ? value : []) {
    const fields = isRecord(tool) && isRecord(tool.function) ? tool.function : tool;
    const name = isRecord(fields) ? asText(fields.name) : undefined;
    if (!isRecord(fields) || name === undefined) {
      const kind = isRecord(tool) ? String(tool.type ?? tool.kind ?? 'unnamed') : 'unnamed';
      notes.push(`The tool \`${kind}\` is specific to the provider and is not imported.`);
      continue;
    }
    const parameters = [fields.parameters, fields.input_schema].find(isRecord);
    const schema = parameters ? compilePicoschema(parameters).schema : undefined;
    const description = asText(fields.description);
    draft.toolDefs = [
      ...(draft.toolDefs ?? []),
      { name, ...(description ? { description } : {}), ...(schema ? { inputSchema: schema } : {}) },
    ];
  }
}

const PROVIDERS: [RegExp, string][] = [
  [/^azure/, 'azure-openai'],
  [/^(openai|gpt)/, 'openai'],
  [/^anthropic/, 'anthropic'],
  [/^vertex/, 'vertexai'],
  [/^(google|gemini|palm)/, 'googleai'],
  [/^ollama/, 'ollama'],
];
const FAMILIES: [RegExp, string][] = [
  [/^(gpt-|chatgpt|o\d\b|ft:gpt)/, 'openai'],
  [/^claude/, 'anthropic'],
  [/^gemini/, 'googleai'],
];

/** True for a provider with a connection type. */
export const isKnownProvider = (provider: string): boolean =>
  PROVIDERS.some(([pattern]) => pattern.test(provider.toLowerCase()));

/** `connection/model` for a model of another tool; undefined, with a note, if its provider is unknown. */
export function modelRef(id: unknown, provider: string | undefined, notes: string[]): string | undefined {
  const name = asText(id)?.trim();
  if (name === undefined) return undefined;
  if (/\$\{|\{\{/.test(name)) {
    notes.push(`The model \`${name}\` comes from the environment and is not imported.`);
    return undefined;
  }
  const search = (table: [RegExp, string][], text: string) => table.find(([pattern]) => pattern.test(text))?.[1];
  const connection = (provider && search(PROVIDERS, provider.toLowerCase())) || search(FAMILIES, name.toLowerCase());
  if (connection) return `${connection}/${name}`;
  notes.push(`The model \`${name}\` has no known provider: write it in the file as \`connection/model\`.`);
  return undefined;
}
