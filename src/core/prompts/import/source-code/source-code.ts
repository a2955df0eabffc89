import type { SyntaxNode } from '@lezer/common';
import { isRecord } from '../../../../shared/is-record.ts';
import { type Draft, type Drafts, type ImportSource, readData, stemOf } from '../draft.ts';
import { modelRef, readSettings } from '../model-settings.ts';
import { refuseAt } from '../refuse-unreadable.ts';
import { hasContent } from '../template/pieces.ts';
import { PROMPT_LIKE_NAME, readConstantPrompts } from './source-constants.ts';
import { messageOf } from './source-messages.ts';
import { noteMissed, type Span } from './source-missed.ts';
import { namedArguments, noteParameters, type Program, parameterOf, plainValue, resolve } from './source-program.ts';
import { type Scope, scopeOf, scopesAround } from './source-scopes.ts';
import { codeOf, parseProgram, partsOf, type ReadingPlace, type Syntax } from './source-syntax.ts';
import { type TextPlace, textOf } from './source-text.ts';
import { nameOf, readItems, readValue, type SourceValue } from './source-values.ts';

/** Prompts in a Python or TypeScript program: calls of a chat API, LangChain's templates, and texts in constants. */
export async function importSourceCode(source: ImportSource, place: ReadingPlace): Promise<Drafts> {
  try {
    return await readProgram(source, place);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw refuseAt('is nested too deeply to be read', { ...source, offset: place[0] }, cause);
  }
}

async function readProgram({ path, text }: ImportSource, place: ReadingPlace): Promise<Drafts> {
  const source = path.endsWith('.ipynb') ? notebookSource(text) : text;
  const syntax = await parseProgram(path, source, place);
  const found = collect(syntax);
  const program: Program = {
    ...syntax,
    definitions: new Map(),
    scopes: found.scopes,
    used: new Set(),
    notes: [],
    at: source.length,
    depth: 0,
    lookUps: { left: 20_000 },
  };
  const spans = readConstants(program, found.assignments);
  noteExtensions(program, found.extensions);
  const calls = readCalls(program, { calls: found.calls, stem: stemOf(path), spans });
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

interface Assignment {
  name: string;
  /** The start of the statement. */
  start: number;
  value: SyntaxNode;
}

interface Found {
  scopes: Scope[];
  assignments: Assignment[];
  calls: SyntaxNode[];
  /** Names with `+=`. */
  extensions: string[];
}

/** More functions than a file with prompts has. */
const MOST_SCOPES = 5_000;

const READ =
  /^(?:CallExpression|Assign|UpdateStatement|VariableDeclaration|PropertyDeclaration|Function|ArrowFunction|Method)/;

/** Deeper than any program, and than the trees that the parser builds without truncating them. */
const MOST_DEPTH = 2_000;

/** Everything in a program that may contain a prompt, in order. Throws RangeError if it is nested too deeply. */
function collect(syntax: Syntax): Found {
  const found: Found = { scopes: [], assignments: [], calls: [], extensions: [] };
  let depth = 0;
  syntax.tree.iterate({
    enter(ref) {
      syntax.place[0] = ref.from;
      depth += 1;
      if (depth > MOST_DEPTH) throw new RangeError('nested too deeply');
      if (READ.test(ref.name)) collectNode(ref.node, syntax, found);
    },
    leave() {
      depth -= 1;
    },
  });
  return found;
}

function collectNode(node: SyntaxNode, syntax: Syntax, found: Found): void {
  if (node.name === 'CallExpression') {
    if (API.test(calleeOf(node, syntax))) found.calls.push(node);
  } else if (/^(?:AssignStatement|VariableDeclaration|PropertyDeclaration|AssignmentExpression)$/.test(node.name)) {
    found.assignments.push(...assignmentsOf(node, syntax));
    found.extensions.push(...extensionOf(node, syntax));
  } else if (node.name === 'UpdateStatement') found.extensions.push(...extensionOf(node, syntax));
  else if (found.scopes.length < MOST_SCOPES) {
    const scope = scopeOf(node, syntax);
    if (scope) found.scopes.push(scope);
  }
}

/** `a = …` and `const a = …, b = …`; a destructured value is not included. */
function assignmentsOf(node: SyntaxNode, syntax: Syntax): Assignment[] {
  const children = partsOf(node);
  const isSign = ({ name }: SyntaxNode) => name === 'AssignOp' || name === 'Equals';
  if (node.name === 'AssignStatement' && children.filter(isSign).length !== 1) return [];
  return children.flatMap((sign, index): Assignment[] => {
    const value = children[index + 1];
    const before = children.slice(0, index).filter(({ name }) => !/^Type(?:Def|Annotation)$/.test(name));
    const target = before.at(-1);
    const name = isSign(sign) && target && value ? nameOf(target, syntax) : undefined;
    return name === undefined || !value ? [] : [{ name, start: node.from, value }];
  });
}

function extensionOf(node: SyntaxNode, syntax: Syntax): string[] {
  const [target, sign] = partsOf(node);
  const isExtended = target && sign?.name === 'UpdateOp' && codeOf(sign, syntax) === '+=';
  const name = isExtended ? nameOf(target, syntax) : undefined;
  return name === undefined ? [] : [name];
}

const PROMPT_VALUE =
  /^(?:[[(`"']|[rRfFbBuU]{1,2}["']|(?:textwrap\.|inspect\.)?(?:dedent|cleandoc)\()|^(?:new\s+)?[\w.]*(?:Template|Prompt)/;

/** Returns the ranges that were read. */
function readConstants(program: Program, assignments: readonly Assignment[]): Span[] {
  const { source, definitions } = program;
  const spans: Span[] = [];
  for (const { name, start, value: node } of assignments) {
    program.place[0] = node.from;
    const ahead = source.slice(node.from, node.from + 80);
    const isRevealing = PROMPT_LIKE_NAME.test(name) && /^(?:\{|[A-Za-z_$][\w$.]*\s*\+(?![+=]))/.test(ahead);
    if (!isRevealing && !PROMPT_VALUE.test(ahead)) continue;
    spans.push([start, node.to]);
    // A property set on an object is known wherever the object is.
    const scope = name.includes('.') ? undefined : scopesAround(program.scopes, start)[0];
    const definition = { name, at: node.from, value: readValue(node, program), scope };
    const known = definitions.get(name);
    if (known) known.push(definition);
    else definitions.set(name, [definition]);
  }
  return spans;
}

function noteExtensions({ definitions, notes }: Program, extensions: readonly string[]): void {
  for (const name of extensions) {
    const isText = definitions.get(name)?.some(({ value }) => value.kind === 'string');
    if (isText && PROMPT_LIKE_NAME.test(name)) notes.push(`Text added to \`${name}\` with \`+=\` is not imported.`);
  }
}

/** Chat API calls, by the end of their name. */
const API =
  /(?:chat\.completions\.(?:create|parse|stream)|ChatCompletion\.a?create|responses\.(?:create|parse|stream)|messages\.(?:create|stream)|models\.generate_?[cC]ontent(?:_?[sS]tream)?|ollama\.chat|chat\.complete(?:_async)?|(?<![\w.])(?:litellm\.)?a?completion|(?:generateText|streamText|generateObject|streamObject))$/;

function calleeOf(node: SyntaxNode, { source }: Syntax): string {
  const callee = node.firstChild;
  return callee ? source.slice(Math.max(callee.from, callee.to - 100), callee.to).replace(/\s+/g, '') : '';
}

/** Total characters of all calls in a file, since calls may be nested. */
const MOST_READ = 8_000_000;

function readCalls(
  program: Program,
  { calls, stem, spans }: { calls: readonly SyntaxNode[]; stem: string; spans: Span[] },
): Draft[] {
  const drafts: Draft[] = [];
  let left = MOST_READ;
  for (const node of calls) {
    program.place[0] = node.from;
    if (left <= 0) {
      program.notes.push('The file contains too many calls: the last ones are not imported.');
      break;
    }
    left -= node.to - node.from;
    const list = node.getChild('ArgList');
    if (!list) continue;
    const at = list.from;
    const name = scopesAround(program.scopes, at).find((scope) => scope.name !== undefined)?.name ?? stem;
    const draft = readCall(namedArguments({ kind: 'call', name: '', ...readItems(list, program) }), name, {
      ...program,
      at,
    });
    if (draft.messages.length === 0) continue;
    drafts.push(draft);
    spans.push([node.from, node.to]);
  }
  return drafts;
}

const TEXT_KEYS: ReadonlySet<string> = new Set('messages input prompt contents system instructions model'.split(' '));

function readCall(entries: ReadonlyMap<string, SourceValue>, name: string, program: Program): Draft {
  const draft: Draft = { name, inputs: new Map(), messages: [], calls: { open: [], count: 0 } };
  // A text passed to a call is sent unchanged, unless the program formats it.
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
  // `model: str = "gpt-4o"` names the model.
  const fallback = model?.kind === 'name' ? plainValue(parameterOf(model.name, program)?.value, program) : undefined;
  const id = plainValue(isCall ? model.items[0] : model, program) ?? fallback;
  if (given && id === undefined) program.notes.push('The model is computed by the program and is not imported.');
  draft.model = modelRef(id, isCall ? model.name : undefined, program.notes);
}
