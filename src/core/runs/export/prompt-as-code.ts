import path from 'node:path';
import type { Log } from '../../base/ports.ts';
import type { Message } from '../../models/chat-model.ts';
import type { Connection } from '../../models/connection.ts';
import type { RunSpec } from '../events.ts';
import { type CodeRequest, readCodeRequest } from './code-request.ts';
import { pythonPreamble, typescriptPreamble } from './prompt-file-code.ts';
import type { CodeLanguage } from './request-as-code.ts';

export interface PromptProgram {
  /** The run with the exported request, rendered with `values`. */
  spec: RunSpec;
  connection: Connection;
  /** Inputs as the program sets them. */
  values: Record<string, unknown>;
  /** True where comments or blank lines precede the file's front matter. */
  hasHeader?: boolean;
  /** Messages rendered with the marks of `markInputs` instead of values: those become variables of the program. */
  marked?: Message[] | undefined;
  /** Renders this file, relative to the program, instead of containing its text. Not for curl. */
  file?: string | undefined;
}

/** A standalone program for a prompt: keys are environment variables, inputs are variables at the top. */
export async function promptAsCode(
  program: PromptProgram,
  { language, log }: { language: CodeLanguage; log: Log },
): Promise<string> {
  const { spec, connection, file } = program;
  const messages = language === 'curl' ? spec.messages : (program.marked ?? spec.messages);
  const request = await readRequest({ ...spec, messages }, connection, { language, log });
  if (language === 'curl') return (await import('./curl-code.ts')).toCurl(request);
  const written = file === undefined ? request : { ...request, body: withoutMessages(request) };
  if (language === 'python') {
    const code = (await import('./python-code.ts')).toPython(written);
    return file === undefined
      ? withVariables(code, program, PYTHON)
      : insert(code, pythonPreamble(program, file, request), 'client = ');
  }
  const code = (await import('./typescript-code.ts')).toTypeScript(written);
  return file === undefined
    ? withVariables(code, program, TYPESCRIPT)
    : insert(code, typescriptPreamble(program, file, request), 'const client = ');
}

/** Gemini by key has its own package; the request that runs here uses its OpenAI-compatible address. */
async function readRequest(
  spec: RunSpec,
  connection: Connection,
  { language, log }: { language: CodeLanguage; log: Log },
): Promise<CodeRequest> {
  const request = await readCodeRequest(spec, connection, log);
  if (connection.type !== 'googleai' || language === 'curl') return request;
  const { mapGeminiRequest } = await import('../../models/vertexai/vertexai-request.ts');
  const { modelCapabilities } = await import('../../models/catalogue/catalogue.ts');
  const { messages, parameters, output, tools } = spec;
  const can = modelCapabilities('googleai', request.model);
  const { body } = mapGeminiRequest({ model: request.model, messages, parameters, output, tools }, can);
  return { ...request, client: 'genai', body: { ...body } };
}

const MARK = 'LLMOPSxINPUT';
/** Marks the place of the program's own variable in the printed request. */
const HOLE = 'LLMOPSxVARIABLE';

/** The inputs with marks instead of texts and numbers that are only inserted unchanged, to find where they end up. */
export function markInputs(values: Record<string, unknown>, plain: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value], index) => {
      const isScalar = typeof value === 'number' || (typeof value === 'string' && value !== '');
      return [name, plain.has(name) && isScalar && /^[A-Za-z_]\w*$/.test(name) ? `${MARK}${index}x` : value];
    }),
  );
}

interface Manner {
  assign(name: string, value: string): string;
  text(name: string): string;
  anchor: string;
  reserved: ReadonlySet<string>;
}

const PYTHON: Manner = {
  assign: (name, value) => `${name} = ${value}`,
  text: (name) => `str(${name})`,
  anchor: 'client = ',
  reserved: new Set(
    `client response stream text os genai str from import class def return global lambda with as is in not and or if
    else elif for while try except finally pass break continue yield raise assert del async await None True False
    nonlocal OpenAI AzureOpenAI Anthropic AnthropicVertex print`.split(/\s+/),
  ),
};
const TYPESCRIPT: Manner = {
  assign: (name, value) => `const ${name} = ${value};`,
  text: (name) => `String(${name})`,
  anchor: 'const client = ',
  reserved: new Set(
    `client request response stream text process console String OpenAI AzureOpenAI Anthropic AnthropicVertex GoogleGenAI
    break case catch class const continue debugger default delete do else enum export extends false finally for function
    if import in instanceof new null return super switch this throw true try typeof var void while with yield let static
    await async implements interface package private protected public arguments eval`.split(/\s+/),
  ),
};

/** Replaces the marks in the printed strings with variables, declared above the client. */
function withVariables(code: string, { values }: PromptProgram, manner: Manner): string {
  const used: string[] = [];
  const names = Object.keys(values);
  const text = code.replace(new RegExp(`${MARK}(\\d+)x`, 'g'), (_mark, index: string) => {
    const name = names[Number(index)] ?? '';
    const variable = variableName(name, manner);
    if (!used.includes(name)) used.push(name);
    return `" + ${typeof values[name] === 'string' ? variable : manner.text(variable)} + "`;
  });
  if (used.length === 0) return code;
  const lines = used.map((name) => manner.assign(variableName(name, manner), JSON.stringify(values[name])));
  // An empty string before or after a variable can be omitted.
  const tidy = text.replace(/(?<!\\)"" \+ | \+ ""(?=[,\n)}\]])/g, '');
  return insert(tidy, lines.join('\n'), manner.anchor);
}

function variableName(name: string, { reserved }: Manner): string {
  return reserved.has(name) ? `${name}_input` : name;
}

function insert(code: string, block: string, anchor: string): string {
  const at = code.indexOf(`\n${anchor}`);
  const filled = code.replaceAll(`"${HOLE}system"`, 'system').replaceAll(`"${HOLE}messages"`, 'messages');
  return at < 0 ? `${block}\n\n${filled}` : `${filled.slice(0, at + 1)}${block}\n\n${filled.slice(at + 1)}`;
}

/** The request's body with the program's own variables instead of rendered values. */
function withoutMessages({ client, body }: CodeRequest): Record<string, unknown> {
  const messages = `${HOLE}messages`;
  const system = `${HOLE}system`;
  if (client === 'anthropic' || client === 'anthropic-vertex') return { ...body, system, messages };
  if (client === 'genai') return { ...body, systemInstruction: system, contents: messages };
  const { instructions: _instructions, ...rest } = body;
  return 'input' in rest ? { ...rest, input: messages } : { ...rest, messages };
}

/** The prompt's path relative to the program's folder, with `/` on every system. */
export function relativePrompt(promptPath: string, folder: string): string {
  return path.relative(folder, promptPath).split(path.sep).join('/');
}
