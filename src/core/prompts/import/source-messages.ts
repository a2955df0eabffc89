import { readChatMessages } from './chat-messages.ts';
import { addInput, type DraftMessage, toRole } from './draft.ts';
import { convertFormat } from './python-format.ts';
import { namedArguments, plainValue, resolve } from './source-program.ts';
import { type TextFormat, type TextPlace, textOf } from './source-text.ts';
import type { SourceValue } from './source-values.ts';

const HISTORY: DraftMessage = { role: 'user', text: '', history: true };

/** One item of a list of messages: a map, LangChain's pair of role and text or its classes, or turns put in at run time. */
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
      return [{ role: 'user', text: textOf(value, here) }];
    default:
      program.notes.push('Messages that the program puts in at run time go where `{{history}}` stands.');
      return [{ ...HISTORY }];
  }
}

function pairMessage([role, text]: readonly SourceValue[], place: TextPlace): DraftMessage[] {
  const name = plainValue(role, place.program);
  if (name === 'placeholder') return [{ ...HISTORY }];
  if (!text) return [];
  const format = place.format ?? 'format';
  return [{ role: toRole(name, place.program.notes), text: textOf(text, { ...place, format }) }];
}

function callMessage(value: SourceValue & { kind: 'call' }, place: TextPlace): DraftMessage[] {
  if (/MessagesPlaceholder$/.test(value.name)) return [{ ...HISTORY }];
  const named = /(?:^|\.)(System|Human|AI|User|Assistant)Message(PromptTemplate)?(?:\.from_?template)?$/i.exec(
    value.name,
  );
  if (!named) {
    place.program.notes.push('Messages that the program puts in at run time go where `{{history}}` stands.');
    return [{ ...HISTORY }];
  }
  const given = namedArguments(value);
  const content = given.get('template') ?? given.get('content') ?? given.get('prompt') ?? value.items[0];
  if (!content) return [];
  const format = named[2] ? templateFormat(given, place) : 'literal';
  const text = content.kind === 'call' ? templateText(content, place) : textOf(content, { ...place, format });
  return [{ role: toRole(named[1], place.program.notes), text }];
}

/** The text of `PromptTemplate(…)` and its like; empty where it holds none. */
export function templateText(value: SourceValue & { kind: 'call' }, place: TextPlace): string {
  const given = namedArguments(value);
  const template = given.get('template') ?? value.items[0];
  return template ? textOf(template, { ...place, format: templateFormat(given, place) }) : '';
}

export function templateFormat(given: ReadonlyMap<string, SourceValue>, { program }: TextPlace): TextFormat {
  const name = plainValue(given.get('template_format') ?? given.get('templateFormat'), program);
  return name === 'jinja2' || name === 'mustache' ? name : 'format';
}

function mapMessage(entries: ReadonlyMap<string, SourceValue>, place: TextPlace): DraftMessage[] {
  const role = toRole(plainValue(entries.get('role'), place.program), place.program.notes);
  const given = entries.get('content') ?? entries.get('parts');
  if (!given) return [];
  const { value: content, program } = resolve(given, place.program);
  if (content.kind !== 'list') return [{ role, text: textOf(content, { ...place, program }) }];
  const plain = plainValue(content, program);
  if (Array.isArray(plain)) return readChatMessages([{ role, content: plain }], program.notes);
  return [{ role, text: content.items.map((part) => partText(part, { ...place, program })).join('\n') }];
}

function partText(part: SourceValue, place: TextPlace): string {
  if (part.kind !== 'map') return textOf(part, place);
  const text = part.entries.get('text');
  if (text) return textOf(text, place);
  const image = ['image_url', 'source', 'image'].map((name) => part.entries.get(name)).find((found) => found);
  const inner = image?.kind === 'map' ? (image.entries.get('url') ?? image.entries.get('data')) : image;
  if (inner) return mediaText(inner, place);
  place.program.notes.push(
    `A part of type \`${String(plainValue(part.entries.get('type'), place.program))}\` is not carried.`,
  );
  return '';
}

function mediaText(url: SourceValue, { draft, program }: TextPlace): string {
  const plain = plainValue(url, program);
  if (typeof plain === 'string') return `{{media url=${JSON.stringify(plain)}}}`;
  const context = { inputs: draft.inputs, notes: program.notes };
  if (url.kind === 'name' && /^\w+$/.test(url.name)) {
    return convertFormat(`{${url.name}}`, context).replace(/^\{\{(.*)\}\}$/, '{{media url=$1}}');
  }
  addInput(draft.inputs, 'image', { description: 'the address of a picture, or a data URL' });
  program.notes.push('A picture that the program builds became the input `image`: pass its address, or a data URL.');
  return '{{media url=image}}';
}
