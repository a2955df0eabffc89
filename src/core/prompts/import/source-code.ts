import { joinNeighbours, readChatMessages } from './chat-messages.ts';
import { type Draft, type DraftMessage, type Drafts, fileName, type ImportSource, stemOf, toRole } from './draft.ts';
import { escapeText, joinPieces, type Piece } from './literal-text.ts';
import { modelRef, readSettings } from './model-settings.ts';
import { convertMustache } from './mustache.ts';
import { convertFormat, expressionPiece, hasFormatFields } from './python-format.ts';
import { readValue, type SourceValue, skipSpace } from './source-values.ts';

interface Program {
  source: string;
  python: boolean;
  /** What names stand for, and which of them a call has used. */
  constants: Map<string, SourceValue>;
  used: Set<string>;
  notes: string[];
}

/** Prompts in a Python or TypeScript program: calls of a chat API, LangChain's templates, and texts in constants. */
export function importSourceCode({ path, text }: ImportSource): Drafts {
  const python = !/\.(?:[cm]?[jt]sx?)$/.test(path);
  const program: Program = { source: text, python, constants: new Map(), used: new Set(), notes: [] };
  readConstants(program);
  const calls = readCalls(program, stemOf(path));
  const rest = readTexts(program);
  return { drafts: [...calls, ...rest], notes: program.notes };
}

const ASSIGNMENT =
  /(?:^|\n)[ \t]*(?:export\s+)?(?:const\s+|let\s+|var\s+|(?:public|private|static|readonly)\s+)*([A-Za-z_$][\w$.]*)\s*(?::[^=\n]{1,80})?=(?![=>])\s*/g;

function readConstants(program: Program): void {
  const { source, python, constants } = program;
  for (const match of source.matchAll(ASSIGNMENT)) {
    const start = match.index + match[0].length;
    if (
      !/^(?:[([`"']|[rRfFbBuU]{1,2}["']|(?:textwrap\.)?dedent\()|^[\w.]*(?:Template|Prompt)/.test(
        source.slice(start, start + 80),
      )
    )
      continue;
    const reader = { source, python, at: start };
    const value = readValue(reader);
    skipSpace(reader);
    // A comma or bracket after it: an argument of a call that is written over several lines.
    if (!/[,)]/.test(source[reader.at] ?? '')) constants.set(match[1] ?? '', value);
  }
}

const CALL =
  /(?:chat\.completions\.(?:create|parse|stream)|ChatCompletion\.a?create|responses\.(?:create|parse|stream)|messages\.(?:create|stream)|(?:generateText|streamText|generateObject|streamObject))\s*\(/g;

function readCalls(program: Program, stem: string): Draft[] {
  const { source, python } = program;
  const drafts: Draft[] = [];
  for (const match of source.matchAll(CALL)) {
    const value = readValue({ source: `call${source.slice(match.index + match[0].length - 1)}`, python, at: 0 });
    if (value.kind !== 'call') continue;
    const [first] = value.items;
    const entries = value.entries.size > 0 ? value.entries : first?.kind === 'map' ? first.entries : new Map();
    const draft = readCall(entries, enclosingName(source, match.index) ?? stem, program);
    if (draft.messages.length > 0) drafts.push(draft);
  }
  return drafts;
}

/** The function that a call stands in names its prompt better than the file does. */
function enclosingName(source: string, at: number): string | undefined {
  const before = source.slice(0, at);
  const found = [
    ...before.matchAll(
      /(?:^|\n)[ \t]*(?:export\s+)?(?:async\s+)?(?:def|function)\s+([A-Za-z_]\w*)|(?:const|let)\s+(\w+)\s*=\s*async/g,
    ),
  ].at(-1);
  return found?.[1] ?? found?.[2];
}

function readCall(entries: ReadonlyMap<string, SourceValue>, name: string, program: Program): Draft {
  const draft: Draft = { name, inputs: new Map(), messages: [] };
  const system = entries.get('system') ?? entries.get('instructions');
  if (system) draft.messages.push({ role: 'system', text: textOf(system, draft, program) });
  const list = resolve(entries.get('messages') ?? entries.get('input') ?? entries.get('prompt'), program);
  if (list?.kind === 'list') draft.messages.push(...list.items.flatMap((item) => messageOf(item, draft, program)));
  else if (list) draft.messages.push({ role: 'user', text: textOf(list, draft, program) });
  draft.messages = draft.messages.filter(({ text, history }) => history || text.trim() !== '');
  joinNeighbours(draft);
  const settings: [string, unknown][] = [];
  for (const [key, value] of entries) {
    if (['messages', 'input', 'prompt', 'system', 'instructions', 'model'].includes(key)) continue;
    const plain = plainValue(value, program);
    if (plain !== undefined) settings.push([key, plain]);
    else program.notes.push(`The setting \`${key}\` is computed by the program and is not carried.`);
  }
  readSettings(Object.fromEntries(settings), draft, program.notes);
  const model = resolve(entries.get('model'), program);
  if (model?.kind === 'call') draft.model = modelRef(plainValue(model.items[0], program), model.name, program.notes);
  else draft.model = modelRef(plainValue(model, program), undefined, program.notes);
  return draft;
}

function messageOf(item: SourceValue, draft: Draft, program: Program): DraftMessage[] {
  const value = resolve(item, program) ?? item;
  if (value.kind === 'list') {
    const [role, text] = value.items;
    const name = plainValue(role, program);
    if (name === 'placeholder') return [{ role: 'user', text: '', history: true }];
    return text ? [{ role: toRole(name, program.notes), text: textOf(text, draft, program, true) }] : [];
  }
  if (value.kind === 'call' && value.name === 'MessagesPlaceholder') return [{ role: 'user', text: '', history: true }];
  if (value.kind !== 'map') {
    if (value.kind !== 'string') {
      program.notes.push('Messages that the program puts in at run time go where `{{history}}` stands.');
      return [{ role: 'user', text: '', history: true }];
    }
    return [{ role: 'user', text: textOf(value, draft, program) }];
  }
  const role = toRole(plainValue(value.entries.get('role'), program), program.notes);
  const content = resolve(value.entries.get('content'), program);
  if (!content) return [];
  const plain = content.kind === 'list' ? plainValue(content, program) : undefined;
  if (Array.isArray(plain)) return readChatMessages([{ role, content: plain }], program.notes);
  if (content.kind === 'list')
    program.notes.push('A message of several computed parts is carried only as far as it is text.');
  const texts =
    content.kind === 'list'
      ? content.items.map((part) => (part.kind === 'map' ? part.entries.get('text') : part))
      : [content];
  return [{ role, text: texts.flatMap((part) => (part ? [textOf(part, draft, program)] : [])).join('\n') }];
}

function resolve(value: SourceValue | undefined, program: Program): SourceValue | undefined {
  if (value?.kind !== 'name') return value;
  const found = program.constants.get(value.name);
  if (!found) return value;
  program.used.add(value.name);
  return found;
}

/** A value's text as a template. `format` says that single braces are fields, as `.format` and LangChain read them. */
function textOf(value: SourceValue, draft: Draft, program: Program, format = false): string {
  const context = { inputs: draft.inputs, notes: program.notes };
  const found = resolve(value, program) ?? value;
  if (found.kind === 'call') {
    const [inner] = found.items;
    const base = program.constants.get(found.name.replace(/\.(?:format|strip|trim|replace)$/, ''));
    if (base && found.name.includes('.')) {
      program.used.add(found.name.replace(/\.\w+$/, ''));
      return textOf(base, draft, program, found.name.endsWith('.format'));
    }
    if (inner && /dedent|cleandoc/.test(found.name)) return dedent(textOf(inner, draft, program, format));
    return joinPieces([expressionPiece(found.name, context)]);
  }
  if (found.kind === 'name')
    return /^[a-z_$][\w$.]*$/i.test(found.name) ? convertFormat(`{${found.name}}`, context) : '';
  if (found.kind === 'code') return joinPieces([expressionPiece(found.code, context)]);
  if (found.kind !== 'string') return found.kind === 'literal' ? String(found.value) : '';
  const [only = ''] = found.parts;
  if (found.parts.length === 1) return plainText(only, { ...context, format: format || found.format });
  const pieces = found.parts.map((part, index): Piece => {
    if (index % 2 === 0) return { text: part };
    const constant = program.constants.get(part.trim());
    if (constant?.kind === 'string' && constant.parts.length === 1) {
      program.used.add(part.trim());
      return { text: constant.parts[0] ?? '' };
    }
    return /^\s*[A-Za-z_]\w*(?:\.\w+)*\s*$/.test(part)
      ? { code: convertFormat(`{${part.trim()}}`, context) }
      : expressionPiece(part, context);
  });
  return joinPieces(pieces);
}

function plainText(text: string, context: Parameters<typeof convertFormat>[1] & { format: boolean }): string {
  if (context.format || hasFormatFields(text)) return convertFormat(text, context);
  return /\{\{\s*[A-Za-z_][\w.]*\s*\}\}/.test(text) ? convertMustache(text, context) : escapeText(text);
}

function dedent(text: string): string {
  const lines = text.split('\n');
  const widths = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const width = Math.min(...widths);
  return Number.isFinite(width)
    ? lines
        .map((line) => line.slice(Math.min(width, line.length)))
        .join('\n')
        .trim()
    : text;
}

/** JSON of a value that is written down whole; undefined as soon as anything in it is computed. */
function plainValue(value: SourceValue | undefined, program: Program): unknown {
  const found = resolve(value, program);
  if (!found) return undefined;
  if (found.kind === 'literal') return found.value;
  if (found.kind === 'string') return found.parts.length === 1 ? found.parts[0] : undefined;
  if (found.kind === 'list') {
    const items = found.items.map((item) => plainValue(item, program));
    return items.includes(undefined) ? undefined : items;
  }
  if (found.kind !== 'map') return undefined;
  const entries = [...found.entries].map(([key, item]): [string, unknown] => [key, plainValue(item, program)]);
  return entries.some(([, item]) => item === undefined) ? undefined : Object.fromEntries(entries);
}

const TELLING = /prompt|template|system|instruction|message/i;

/** Texts in constants that no call has taken. `SYSTEM_PROMPT` and `USER_PROMPT` of one file are one prompt. */
function readTexts(program: Program): Draft[] {
  const drafts: (Draft & { constant: string })[] = [];
  for (const [constant, value] of program.constants) {
    if (program.used.has(constant)) continue;
    const draft: Draft = {
      name: fileName(constant.replace(/_?(?:PROMPT|TEMPLATE)(?:_TEMPLATE)?$/i, '') || constant),
      inputs: new Map(),
      messages: [],
    };
    const messages = constantMessages(constant, value, { draft, program });
    if (messages.some(({ text, history }) => history || text.trim() !== ''))
      drafts.push({ ...draft, messages, constant });
  }
  const paired = new Set<Draft>();
  for (const system of drafts) {
    if (system.messages.length !== 1 || system.messages[0]?.role !== 'system') continue;
    const partner = system.constant.replace(/system/i, 'USER').toUpperCase();
    const user = drafts.find(({ constant }) => constant.toUpperCase() === partner);
    if (!user) {
      program.notes.push(
        `\`${system.constant}\` is a system text alone: add the user's message to ${fileName(system.name)}.prompt.`,
      );
      continue;
    }
    system.messages.push(...user.messages);
    for (const [name, facts] of user.inputs) system.inputs.set(name, facts);
    system.name =
      fileName(system.constant.replace(/_?(?:system|prompt|template)_?/gi, '_')) === 'prompt'
        ? 'chat'
        : fileName(system.constant.replace(/_?(?:system|prompt|template)_?/gi, '_'));
    paired.add(user);
  }
  return drafts.filter((draft) => !paired.has(draft)).map(({ constant: _constant, ...draft }) => draft);
}

function constantMessages(
  constant: string,
  value: SourceValue,
  { draft, program }: { draft: Draft; program: Program },
): DraftMessage[] {
  if (value.kind === 'call') {
    const template = value.entries.get('template') ?? value.items[0];
    if (/ChatPromptTemplate\.(?:from|fromM)/.test(value.name) || template?.kind === 'list') {
      const list = resolve(value.entries.get('messages') ?? template, program);
      return list?.kind === 'list' ? list.items.flatMap((item) => messageOf(item, draft, program)) : [];
    }
    if (/PromptTemplate/.test(value.name) && template) {
      return [{ role: 'user', text: textOf(template, draft, program, true) }];
    }
    if (!/dedent|cleandoc/.test(value.name) || !TELLING.test(constant)) return [];
  } else if (value.kind === 'list') {
    const looksLikeChat = value.items.some(
      (item) => item.kind === 'map' && item.entries.has('role') && item.entries.has('content'),
    );
    return looksLikeChat ? value.items.flatMap((item) => messageOf(item, draft, program)) : [];
  } else if (value.kind !== 'string') return [];
  const length = value.kind === 'string' ? value.parts.join('').length : Number.POSITIVE_INFINITY;
  const long = value.kind === 'string' && value.long && length > 80;
  if (length < 12 || !(TELLING.test(constant) || long)) return [];
  return [{ role: /system|instruction/i.test(constant) ? 'system' : 'user', text: textOf(value, draft, program) }];
}
