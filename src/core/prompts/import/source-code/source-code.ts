import { isRecord } from '../../../base/is-record.ts';
import { type Draft, type Drafts, type ImportSource, readData, stemOf } from '../draft.ts';
import { modelRef, readSettings } from '../model-settings.ts';
import { hasContent } from '../template/pieces.ts';
import { readConstantPrompts, TELLING } from './source-constants.ts';
import { messageOf } from './source-messages.ts';
import { noteMissed, type Span } from './source-missed.ts';
import { namedArguments, noteParameters, type Program, parameterOf, plainValue, resolve } from './source-program.ts';
import { findScopes, scopesAround } from './source-scopes.ts';
import { type TextPlace, textOf } from './source-text.ts';
import { readValue, type SourceValue, skipSpace } from './source-values.ts';

/** Prompts in a Python or TypeScript program: calls of a chat API, LangChain's templates, and texts in constants. */
export function importSourceCode({ path, text }: ImportSource): Drafts {
  const python = !/\.(?:[cm]?[jt]sx?)$/.test(path);
  const source = path.endsWith('.ipynb') ? notebookSource(text) : text;
  const at = source.length;
  const program: Program = {
    source,
    python,
    definitions: new Map(),
    scopes: findScopes(source, python),
    used: new Set(),
    notes: [],
    at,
    depth: 0,
    lookUps: { left: 20_000 },
  };
  const spans = readConstants(program);
  const calls = readCalls(program, stemOf(path), spans);
  const drafts = [...calls, ...readConstantPrompts(program)];
  noteMissed(program, spans);
  return { drafts, notes: program.notes };
}

function notebookSource(text: string): string {
  const data = readData(text);
  const cells = isRecord(data) && Array.isArray(data.cells) ? data.cells.filter(isRecord) : [];
  const code = cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source);
  return code.map((lines) => (Array.isArray(lines) ? lines.join('') : String(lines ?? ''))).join('\n\n');
}

const ASSIGNMENT =
  /(?:^|\n)[ \t]*(?:export\s+)?(?:const\s+|let\s+|var\s+|(?:public|private|static|readonly)\s+)*([A-Za-z_$][\w$.]*)\s*(?::[^=\n]{1,80})?=(?![=>])\s*/g;

/** Gives the places of what was read. */
function readConstants(program: Program): Span[] {
  const { source, python, definitions } = program;
  const spans: Span[] = [];
  for (const match of source.matchAll(ASSIGNMENT)) {
    const start = match.index + match[0].length;
    const ahead = source.slice(start, start + 80);
    const [, name = ''] = match;
    const isTelling = TELLING.test(name) && /^(?:\{|[A-Za-z_$][\w$.]*\s*\+(?![+=]))/.test(ahead);
    if (
      !isTelling &&
      !/^(?:[[(`"']|[rRfFbBuU]{1,2}["']|(?:textwrap\.|inspect\.)?(?:dedent|cleandoc)\()|^(?:new\s+)?[\w.]*(?:Template|Prompt)/.test(
        ahead,
      )
    )
      continue;
    const reader = { source, python, at: start };
    const value = readValue(reader);
    const end = reader.at;
    skipSpace(reader);
    // A comma or bracket after it: an argument of a call that is written over several lines.
    if (/[,)]/.test(source[reader.at] ?? '')) continue;
    spans.push([match.index, end]);
    // What is set on an object is known wherever the object is.
    const scope = name.includes('.') ? undefined : scopesAround(program.scopes, match.index + 1)[0];
    const known = definitions.get(name);
    if (known) known.push({ name, at: start, value, scope });
    else definitions.set(name, [{ name, at: start, value, scope }]);
  }
  noteExtensions(program);
  return spans;
}

function noteExtensions({ source, definitions, notes }: Program): void {
  for (const [, name = ''] of source.matchAll(/(?:^|\n)[ \t]*([A-Za-z_$][\w$.]*)[ \t]*\+=/g)) {
    const isText = definitions.get(name)?.some(({ value }) => value.kind === 'string');
    if (isText && TELLING.test(name)) notes.push(`Text added to \`${name}\` with \`+=\` is not imported.`);
  }
}

const CALL =
  /(?:chat\.completions\.(?:create|parse|stream)|ChatCompletion\.a?create|responses\.(?:create|parse|stream)|messages\.(?:create|stream)|models\.generate_?[cC]ontent(?:_?[sS]tream)?|ollama\.chat|chat\.complete(?:_async)?|(?<![\w.])(?:litellm\.)?a?completion|(?:generateText|streamText|generateObject|streamObject))\s*\(/g;

/** Longer than any call, and than all calls of a file together. */
const MOST_CALL = 100_000;
const MOST_READ = 8_000_000;

function readCalls(program: Program, stem: string, spans: Span[]): Draft[] {
  const { source, python } = program;
  const drafts: Draft[] = [];
  let left = MOST_READ;
  for (const match of source.matchAll(CALL)) {
    const open = match.index + match[0].length - 1;
    if (left <= 0) {
      program.notes.push('The file contains too many calls: the last ones are not imported.');
      break;
    }
    // A name of the reader's own before the bracket makes it a call of its own.
    const reader = { source: `call${source.slice(open, open + MOST_CALL)}`, python, at: 0 };
    const value = readValue(reader);
    // What never closes is read to its end, and much of it many times.
    left -= reader.at >= Math.min(reader.source.length, MOST_CALL) ? MOST_CALL * 4 : reader.at;
    if (value.kind !== 'call') continue;
    const name = enclosingName(source, match.index) ?? stem;
    const draft = readCall(namedArguments(value), name, { ...program, at: match.index });
    if (draft.messages.length === 0) continue;
    drafts.push(draft);
    spans.push([match.index, open - 'call'.length + reader.at]);
  }
  return drafts;
}

/** The function that a call stands in names its prompt better than the file does. */
function enclosingName(source: string, at: number): string | undefined {
  const before = source.slice(Math.max(0, at - 20_000), at);
  const found = [
    ...before.matchAll(
      /(?:^|\n)[ \t]*(?:export\s+)?(?:async\s+)?(?:def|function)\s+([A-Za-z_]\w*)|(?:const|let)\s+(\w+)\s*=\s*async/g,
    ),
  ].at(-1);
  return found?.[1] ?? found?.[2];
}

const TEXT_KEYS: ReadonlySet<string> = new Set('messages input prompt contents system instructions model'.split(' '));

function readCall(entries: ReadonlyMap<string, SourceValue>, name: string, program: Program): Draft {
  const draft: Draft = { name, inputs: new Map(), messages: [], calls: { open: [], count: 0 } };
  // A text that a call is given is sent as it is, unless the program formats it.
  const place: TextPlace = { draft, program, format: 'literal' };
  const system = entries.get('system') ?? entries.get('instructions');
  if (system) draft.messages.push({ role: 'system', content: textOf(system, place) });
  const given = ['messages', 'input', 'prompt', 'contents'].map((key) => entries.get(key)).find((value) => value);
  if (given) {
    const list = resolve(given, program);
    if (list.value.kind === 'list') {
      const items = list.value.items.flatMap((item) => messageOf(item, { ...place, program: list.program }));
      draft.messages = draft.messages.concat(items);
    } else if (list.value.kind === 'name' && entries.has('messages')) draft.messages.push(...messageOf(given, place));
    else draft.messages.push({ role: 'user', content: textOf(given, place) });
  }
  draft.messages = draft.messages.filter(({ content, history }) => history || hasContent(content));
  noteParameters(draft, program);
  readOwnSettings(entries, draft, program);
  return draft;
}

function readOwnSettings(entries: ReadonlyMap<string, SourceValue>, draft: Draft, program: Program): void {
  const settings: [string, unknown][] = [];
  for (const [key, value] of entries) {
    if (TEXT_KEYS.has(key)) continue;
    const plain = plainValue(value, program);
    if (plain !== undefined) settings.push([key, plain]);
    else program.notes.push(`The setting \`${key}\` is computed by the program and is not imported.`);
  }
  readSettings(Object.fromEntries(settings), draft, program.notes);
  const given = entries.get('model');
  const model = given && resolve(given, program).value;
  const isCall = model?.kind === 'call';
  // `model: str = "gpt-4o"` says which one is meant.
  const fallback = model?.kind === 'name' ? plainValue(parameterOf(model.name, program)?.value, program) : undefined;
  const id = plainValue(isCall ? model.items[0] : model, program) ?? fallback;
  if (given && id === undefined) program.notes.push('The model is computed by the program and is not imported.');
  draft.model = modelRef(id, isCall ? model.name : undefined, program.notes);
}
