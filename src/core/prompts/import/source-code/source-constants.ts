import { type Draft, type DraftMessage, fileName, toRole } from '../draft.ts';
import { hasContent, type Piece } from '../template/pieces.ts';
import { messageOf, notePartials, templateFormat, templateText } from './source-messages.ts';
import { type Definition, namedArguments, type Program, placeAt, resolve } from './source-program.ts';
import { type TextPlace, textOf } from './source-text.ts';
import type { SourceValue } from './source-values.ts';

/** Names of constants that contain prompts. */
export const PROMPT_LIKE_NAME = /prompt|template|system|instruction|message/i;

type Named = Draft & { constant: string };

/** Prompts in constants that no call uses. `SYSTEM_PROMPT` and `USER_PROMPT` of one file are one prompt. */
export function readConstantPrompts(program: Program): Draft[] {
  const drafts: Named[] = [];
  for (const definition of [...program.definitions.values()].flat()) {
    if (!program.used.has(definition)) drafts.push(...readDefinition(definition, placeAt(program, definition)));
  }
  return joinPairs(drafts, program.notes).map(({ constant: _constant, ...draft }) => draft);
}

function readDefinition({ name: constant, value }: Definition, program: Program): Named[] {
  if (value.kind === 'map') return mapPrompts(constant, value.entries, program);
  const draft = newDraft(constant);
  draft.messages = constantMessages(constant, value, { draft, program });
  return hasText(draft) ? [draft] : [];
}

function newDraft(constant: string): Named {
  const stem = constant.replace(/^.*\./, '').replace(/_?(?:PROMPT|TEMPLATE)(?:_TEMPLATE)?$/i, '');
  return { name: fileName(stem || constant), constant, inputs: new Map(), messages: [] };
}

const hasText = ({ messages }: Draft): boolean =>
  messages.some(({ content, history }) => history || hasContent(content));

/** `{ "system": …, "user": … }` is one prompt; any other map of texts is a prompt per entry. */
function mapPrompts(constant: string, entries: ReadonlyMap<string, SourceValue>, program: Program): Named[] {
  const texts = [...entries].filter(([, value]) => resolve(value, program).value.kind === 'string');
  const isRole = ([key]: [string, unknown]) =>
    /^(?:system|developer|user|human|assistant|ai)(?:_?(?:prompt|message))?$/i.test(key);
  if (texts.length > 1 && texts.every(isRole)) {
    const draft = newDraft(constant);
    draft.messages = texts.map(([key, value]): DraftMessage => {
      return {
        role: toRole(key.replace(/_?(?:prompt|message)$/i, ''), []),
        content: textOf(value, { draft, program }),
      };
    });
    return [draft];
  }
  return texts.flatMap(([key, value]) => {
    const draft = newDraft(key);
    const content = textOf(value, { draft, program });
    if (lengthOf(content) >= SHORTEST) draft.messages.push({ role: /system/i.test(key) ? 'system' : 'user', content });
    return hasText(draft) ? [draft] : [];
  });
}

function joinPairs(drafts: readonly Named[], notes: string[]): Named[] {
  const paired = new Set<Draft>();
  for (const system of drafts) {
    if (system.messages.length !== 1 || system.messages[0]?.role !== 'system') continue;
    const partner = system.constant.replace(/system/i, 'USER').toUpperCase();
    const user = drafts.find(({ constant }) => constant.toUpperCase() === partner);
    if (!user) {
      notes.push(
        `\`${system.constant}\` contains only a system message: add the user message to ${fileName(system.name)}.prompt.`,
      );
      continue;
    }
    system.messages.push(...user.messages);
    for (const [name, details] of user.inputs) system.inputs.set(name, details);
    const stem = fileName(system.constant.replace(/_?(?:system|prompt|template)_?/gi, '_'));
    system.name = stem === 'prompt' ? 'chat' : stem;
    paired.add(user);
  }
  return drafts.filter((draft) => !paired.has(draft));
}

function lengthOf(content: readonly Piece[]): number {
  return content.reduce((sum, piece) => sum + ('text' in piece ? piece.text : piece.code).length, 0);
}

/** Shorter texts are labels and keys. */
const SHORTEST = 12;

function constantMessages(constant: string, value: SourceValue, place: TextPlace): DraftMessage[] {
  switch (value.kind) {
    case 'call':
      return callMessages(constant, value, place);
    case 'list': {
      const looksLikeChat = value.items.some(
        (item) => item.kind === 'map' && item.entries.has('role') && item.entries.has('content'),
      );
      return looksLikeChat ? value.items.flatMap((item) => messageOf(item, place)) : [];
    }
    case 'string': {
      const length = value.parts.join('').length;
      if (length < SHORTEST || !(PROMPT_LIKE_NAME.test(constant) || (value.long && length > 80))) return [];
      return [textMessage(constant, value, place)];
    }
    default:
      return [];
  }
}

function textMessage(constant: string, value: SourceValue, place: TextPlace): DraftMessage {
  return { role: /system|instruction/i.test(constant) ? 'system' : 'user', content: textOf(value, place) };
}

function callMessages(constant: string, value: SourceValue & { kind: 'call' }, place: TextPlace): DraftMessage[] {
  const given = namedArguments(value);
  if (/FewShot\w*Template$/.test(value.name)) {
    place.program.notes.push(
      `\`${constant}\` is a ${value.name} built by the program: save it as JSON and import that file.`,
    );
    return [];
  }
  if (/ChatPromptTemplate(?:\.\w+)?$/.test(value.name)) {
    const template = given.get('messages') ?? given.get('template') ?? value.items[0];
    if (!template) return [];
    const list = resolve(template, place.program);
    const format = templateFormat(given, place);
    if (list.value.kind !== 'list') return [{ role: 'user', content: textOf(template, { ...place, format }) }];
    const messages = list.value.items.flatMap((item) => messageOf(item, { ...place, program: list.program, format }));
    notePartials(given, place);
    return messages;
  }
  if (/PromptTemplate(?:\.\w+)?$/.test(value.name)) return [{ role: 'user', content: templateText(value, place) }];
  const isText = /dedent|cleandoc|(?:^|\.)Template$/.test(value.name);
  return isText && PROMPT_LIKE_NAME.test(constant) ? [textMessage(constant, value, place)] : [];
}
