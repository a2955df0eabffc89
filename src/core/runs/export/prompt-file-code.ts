import type { RunSpec } from '../events.ts';
import type { CodeRequest } from './code-request.ts';
import { literal } from './python-code.ts';
import { isResponsesApi } from './sdk-options.ts';

type CodeClient = CodeRequest['client'];

/** A program that renders a prompt's file. */
interface FileProgram {
  /** The run with the exported request. */
  spec: RunSpec;
  /** Inputs as the program sets them. */
  values: Record<string, unknown>;
  /** True where comments or blank lines precede the file's front matter. */
  hasHeader?: boolean;
}

/** Python that renders the file with the format's own package and provides `system` and `messages` for the client. */
export function pythonPreamble(program: FileProgram, file: string, { client }: CodeRequest): string {
  const { values, hasHeader } = program;
  const inputs = literal(values);
  const source = 'prompt_file.read_text(encoding="utf-8")';
  return `# pip install dotpromptz
import asyncio
import inspect
${hasHeader ? 'import re\n' : ''}from pathlib import Path

from dotpromptz.dotprompt import Dotprompt
from dotpromptz.typing import DataArgument

prompt_file = Path(__file__).parent / ${JSON.stringify(file)}
inputs = ${inputs}
partials = {path.stem[1:]: path.read_text(encoding="utf-8") for path in prompt_file.parent.glob("_*.prompt")}
${hasHeader ? `# ${HEADER_NOTE}\nsource = re.sub(r"\\A\\ufeff?(?:(?:#.*|[ \\t]*)\\r?\\n)+(?=---)", "", ${source})\n` : ''}rendered = Dotprompt(partials=partials).render(${hasHeader ? 'source' : source}, DataArgument(input=inputs))
if inspect.isawaitable(rendered):
    rendered = asyncio.run(rendered)


def role_of(message):
    name = str(getattr(message.role, "value", message.role))
    return ${assistantOf(client) === 'model' ? 'name' : '"assistant" if name == "model" else name'}


def text_of(message):
    return "".join(getattr(part, "text", None) or "" for part in message.content)


${hasMedia(program) ? `# ${MEDIA_NOTE}\n` : ''}${pythonMessages(client)}`;
}

function assistantOf(client: CodeClient): 'model' | 'assistant' {
  return client === 'genai' ? 'model' : 'assistant';
}

function pythonMessages(client: CodeClient): string {
  const system =
    'system = "\\n\\n".join(text_of(message) for message in rendered.messages if role_of(message) == "system")\n';
  const others = '    for message in rendered.messages\n    if role_of(message) != "system"\n]';
  if (client === 'genai') {
    return `${system}messages = [\n    {"role": role_of(message), "parts": [{"text": text_of(message)}]}\n${others}`;
  }
  if (client === 'anthropic' || client === 'anthropic-vertex') {
    return `${system}messages = [\n    {"role": role_of(message), "content": text_of(message)}\n${others}`;
  }
  return 'messages = [{"role": role_of(message), "content": text_of(message)} for message in rendered.messages]';
}

/** TypeScript that renders the file with the format's own package and provides the client's `system` and `messages`. */
export function typescriptPreamble(program: FileProgram, file: string, request: CodeRequest): string {
  const { values, hasHeader } = program;
  const { client } = request;
  const source = "await readFile(promptFile, 'utf8')";
  const assistant = assistantOf(client);
  return `// npm install dotprompt
import { readFile } from 'node:fs/promises';
import { Dotprompt } from 'dotprompt';

const promptFile = new URL(${JSON.stringify(encodeURI(relative(file)))}, import.meta.url);
const input = ${JSON.stringify(values, null, 2)};
const dotprompt = new Dotprompt({
  partialResolver: (name) => readFile(new URL(\`_\${name}.prompt\`, promptFile), 'utf8'),
});
${hasHeader ? `// ${HEADER_NOTE}\nconst source = (${source}).replace(/^\\ufeff?(?:(?:#.*|[ \\t]*)\\r?\\n)+(?=---)/, '');\n` : ''}const rendered = await dotprompt.render(${hasHeader ? 'source' : source}, { input });
const turns = rendered.messages.map(({ role, content }) => ({
  role: role === 'model' ? ('${assistant}' as const) : role,
  text: content.map((part) => ('text' in part ? part.text : '')).join(''),
}));
${hasMedia(program) ? `// ${MEDIA_NOTE}\n` : ''}${typescriptMessages(request)}`;
}

function relative(file: string): string {
  return file.startsWith('.') ? file : `./${file}`;
}

/** dotprompt 1.1.2 treats front matter as text if comment lines precede it. */
const HEADER_NOTE =
  'Comments before the front matter are removed: some versions of the package send the front matter as text.';

/** Each client requires images in its own format; a request with images can be copied with its text inside. */
const MEDIA_NOTE = 'Only text is read from the file: images and documents must be added to the messages.';

function hasMedia({ spec }: FileProgram): boolean {
  return spec.messages.some(({ parts }) => parts.some(({ type }) => type === 'media'));
}

function typescriptMessages(request: CodeRequest): string {
  const { client } = request;
  const system =
    "const system = turns.flatMap(({ role, text }) => (role === 'system' ? [text] : [])).join('\\n\\n');\n";
  const others = "turns.flatMap(({ role, text }) =>\n  role === 'system' ? [] : ";
  if (client === 'genai') return `${system}const messages = ${others}[{ role, parts: [{ text }] }],\n);`;
  if (client === 'anthropic' || client === 'anthropic-vertex') {
    return `${system}const messages = ${others}[{ role: role === 'assistant' ? role : ('user' as const), content: text }],\n);`;
  }
  const type = isResponsesApi(request) ? 'OpenAI.Responses.ResponseInput' : 'OpenAI.ChatCompletionMessageParam[]';
  return `const messages = turns.map(({ role, text }) => ({ role, content: text })) as ${type};`;
}
