import { isRecord } from '../../../../shared/is-record.ts';
import { readChatMessages } from '../chat-messages.ts';
import { addInput, type DraftMessage, toRole } from '../draft.ts';
import { mediaPart } from '../template/media-part.ts';
import { joinParts, type MessagePart } from '../template/message-parts.ts';
import type { Piece } from '../template/pieces.ts';
import { namePiece } from '../template/python-format.ts';
import { namedArguments, type Program, plainValue, resolve } from './source-program.ts';
import { notePassed, type TextFormat, type TextPlace, textOf } from './source-text.ts';
import type { SourceValue } from './source-values.ts';

const HISTORY: DraftMessage = { role: 'user', content: [], history: true };

/** An item of a list of messages: a map, LangChain's pair of role and text, its classes, or turns of the run. */
export function messageOf(item: SourceValue, place: TextPlace): DraftMessage[] {
  const { value, program } = resolve(item, place.program);
  const here = { ...place, program };
  switch (value.kind) {
    case 'list':
      return pairMessage(value.items, here);
    case 'call':
      return callMessage(value, here);
    case 'map':
      return mapMessage(value.entries, here);
    case 'string':
      return [{ role: 'user', content: textOf(value, here) }];
    default:
      program.notes.push('Messages that the program inserts at run time go where `{{history}}` is.');
      return [{ ...HISTORY }];
  }
}

function pairMessage([role, text]: readonly SourceValue[], place: TextPlace): DraftMessage[] {
  const name = plainValue(role, place.program);
  if (name === 'placeholder') return [{ ...HISTORY }];
  if (!text) return [];
  const format = place.format ?? 'format';
  return [{ role: toRole(name, place.program.notes), content: contentPieces(text, { ...place, format }) }];
}

function callMessage(value: SourceValue & { kind: 'call' }, place: TextPlace): DraftMessage[] {
  if (/MessagesPlaceholder$/.test(value.name)) return [{ ...HISTORY }];
  const named = /(?:^|\.)(System|Human|AI|User|Assistant)Message(PromptTemplate)?(?:\.from_?template)?$/i.exec(
    value.name,
  );
  if (!named) {
    place.program.notes.push('Messages that the program inserts at run time go where `{{history}}` is.');
    return [{ ...HISTORY }];
  }
  const given = namedArguments(value);
  const content = given.get('template') ?? given.get('content') ?? given.get('prompt') ?? value.items[0];
  if (!content) return [];
  const format = named[2] ? templateFormat(given, place) : 'literal';
  const pieces = content.kind === 'call' ? templateText(content, place) : contentPieces(content, { ...place, format });
  return [{ role: toRole(named[1], place.program.notes), content: pieces }];
}

/** The text of `PromptTemplate(…)` and similar calls; empty if there is none. */
export function templateText(value: SourceValue & { kind: 'call' }, place: TextPlace): Piece[] {
  const given = namedArguments(value);
  const template = given.get('template') ?? value.items[0];
  const pieces = template ? textOf(template, { ...place, format: templateFormat(given, place) }) : [];
  notePartials(given, place);
  return pieces;
}

/** Values in a template itself: those of `partial_variables` are defaults, and functions are reported. */
export function notePartials(given: ReadonlyMap<string, SourceValue>, place: TextPlace): void {
  const partials = given.get('partial_variables') ?? given.get('partialVariables');
  if (!partials) return;
  const { value, program } = resolve(partials, place.program);
  if (value.kind !== 'map') return;
  notePassed(value.entries, { ...place, program });
  for (const [name, item] of value.entries) {
    if (plainValue(item, program) === undefined)
      program.notes.push(
        `The value of \`${name}\` is computed by the program (partial_variables): pass it as an input.`,
      );
  }
}

export function templateFormat(given: ReadonlyMap<string, SourceValue>, { program }: TextPlace): TextFormat {
  const name = plainValue(given.get('template_format') ?? given.get('templateFormat'), program);
  return name === 'jinja2' || name === 'mustache' ? name : 'format';
}

const MESSAGE_KEYS = new Set(['role', 'content', 'parts', 'type']);
const PART_KEYS = new Set('type text image_url source image mediaType mimeType'.split(' '));

function noteKeys(
  entries: ReadonlyMap<string, SourceValue>,
  known: ReadonlySet<string>,
  { program, what }: { program: Program; what: string },
): void {
  for (const key of entries.keys())
    if (!known.has(key)) program.notes.push(`The key \`${key}\` of ${what} is not imported.`);
}

function mapMessage(entries: ReadonlyMap<string, SourceValue>, place: TextPlace): DraftMessage[] {
  const { notes } = place.program;
  const name = plainValue(entries.get('role'), place.program);
  if (name === 'tool' || name === 'function' || entries.has('tool_calls') || entries.has('function_call'))
    return toolMessages(entries, place);
  noteKeys(entries, MESSAGE_KEYS, { program: place.program, what: 'a message' });
  const role = toRole(name, notes);
  const given = entries.get('content') ?? entries.get('parts');
  return given ? [{ role, content: contentPieces(given, place) }] : [];
}

/** A literal call or result is converted; values inserted by the program are reported. */
function toolMessages(entries: ReadonlyMap<string, SourceValue>, { draft, program }: TextPlace): DraftMessage[] {
  const message = plainValue({ kind: 'map', entries: new Map(entries) }, program);
  if (isRecord(message)) {
    return readChatMessages([message], { inputs: draft.inputs, notes: program.notes, calls: draft.calls });
  }
  program.notes.push('Tool calls and results that the program inserts at run time are not imported.');
  return [];
}

/** A message's content: a text, or a list of texts and images. */
function contentPieces(given: SourceValue, place: TextPlace): Piece[] {
  const { value: content, program } = resolve(given, place.program);
  const here = { ...place, program };
  if (content.kind !== 'list') return textOf(content, here);
  return joinParts(content.items.flatMap((part) => partOf(part, here)));
}

function partOf(given: SourceValue, place: TextPlace): MessagePart[] {
  const { value: part, program } = resolve(given, place.program);
  if (part.kind !== 'map') return [{ text: textOf(part, { ...place, program }) }];
  noteKeys(part.entries, PART_KEYS, { program, what: 'a part of a message' });
  const text = part.entries.get('text');
  if (text) return [{ text: textOf(text, { ...place, program }) }];
  const image = ['image_url', 'source', 'image'].map((name) => part.entries.get(name)).find((found) => found);
  const inner = image?.kind === 'map' ? (image.entries.get('url') ?? image.entries.get('data')) : image;
  if (inner) return [pictureOf(inner, { ...place, program })];
  program.notes.push(`A part of type \`${String(plainValue(part.entries.get('type'), program))}\` is not imported.`);
  return [];
}

function pictureOf(url: SourceValue, place: TextPlace): MessagePart {
  const { draft, program } = place;
  const context = { inputs: draft.inputs, notes: program.notes };
  const plain = plainValue(url, program);
  if (typeof plain === 'string') return mediaPart(textOf(url, place), context);
  const { value } = resolve(url, program);
  if (value.kind === 'name' && /^\w+$/.test(value.name)) return mediaPart([namePiece(value.name, context)], context);
  if (value.kind === 'string') return mediaPart(textOf(value, place), context);
  addInput(draft.inputs, 'image', { description: 'the URL of an image, or a data URL' });
  program.notes.push('An image that the program builds became the input `image`: pass its URL or a data URL.');
  return { tag: '{{media url=image}}' };
}
