import { addInput, type DraftMessage, type Inputs, toRole } from '../draft.ts';
import { markdownImages } from '../template/markdown-images.ts';
import { joinParts, type MessagePart, mediaLines } from '../template/message-parts.ts';
import { hasContent, type Piece, trimPieces } from '../template/pieces.ts';
import { trimRendered } from '../template/trim-rendered.ts';
import type { InputKinds } from './prompty-inputs.ts';

const ROLE_LINE =
  /^[ \t]*(?:#[ \t]*)?(system|developer|user|assistant|tool|function)(\[[^\]\n]{0,500}\])?[ \t]*:[ \t]*$/gim;

interface Body {
  kinds: InputKinds;
  inputs: Inputs;
  notes: string[];
  convert: (text: string) => Piece[];
  version: 1 | 2;
}

/** The messages of a body, separated by lines such as `system:`. */
export function readMessages(body: string, place: Body): DraftMessage[] {
  const { notes, kinds } = place;
  const messages: DraftMessage[] = [];
  let role: unknown;
  let end = 0;
  const pattern = historyPattern(kinds.threads);
  const push = (text: string) => {
    const found = pattern.exec(text);
    if (found) {
      kinds.threads.add(/\sin\s+(\w+)/.exec(found[0])?.[1] ?? '');
      push(text.slice(0, found.index));
      messages.push({ role: 'user', content: [], history: true });
      push(text.slice(found.index + found[0].length));
      return;
    }
    const own = toRole(role ?? 'system', notes);
    for (const message of messagesOf(text, own, place)) if (hasContent(message.content)) messages.push(message);
  };
  for (const match of body.matchAll(ROLE_LINE)) {
    push(body.slice(end, match.index));
    role = match[1];
    if (match[2]) notes.push(`The attributes in brackets after a role, ${match[2].slice(0, 60)}, are not imported.`);
    end = match.index + match[0].length;
  }
  if (role === undefined && body.trim() !== '') {
    // A text without any marker is the system message in Prompty; a prompt with a single text is the user's here.
    notes.push('The text has no role: Prompty sends it as a system message, but here it is a user message.');
    return messagesOf(body, 'user', place);
  }
  push(body.slice(end));
  return messages;
}

/** Version 1 strips rendered texts and finds images in them, version 2 strips line breaks and has image inputs. */
function messagesOf(text: string, role: DraftMessage['role'], place: Body): DraftMessage[] {
  const { convert, version, kinds, inputs, notes } = place;
  const pieces = convert(text);
  if (version === 1) {
    const { pieces: found, variables } = markdownImages(trimPieces(pieces));
    for (const name of variables) addInput(inputs, name);
    return [{ role, content: trimRendered(found, notes) }];
  }
  return splitAtMedia(trimPieces(pieces, /^\n+/, /\n+$/), role, kinds);
}

/** `{{photo}}` of an image input is the image. As in Prompty it ends its message; the rest is another message. */
function splitAtMedia(pieces: Piece[], role: DraftMessage['role'], { files }: InputKinds): DraftMessage[] {
  const mediaName = (piece: Piece) => {
    const name = 'code' in piece ? /^\{\{~?(\w+)~?\}\}$/.exec(piece.code)?.[1] : undefined;
    return name !== undefined && files.has(name) ? name : undefined;
  };
  const withMedia = pieces.map((piece): Piece => {
    const name = mediaName(piece);
    return name === undefined ? piece : { code: `{{media url=${name}}}` };
  });
  if (!pieces.some(mediaName)) return [{ role, content: pieces }];
  if (pieces.some((piece) => 'code' in piece && /^\{\{~?[#^/]/.test(piece.code)))
    return [{ role, content: mediaLines(withMedia) }];
  const messages: { role: DraftMessage['role']; parts: MessagePart[] }[] = [];
  let text: Piece[] = [];
  const endText = () => {
    const trimmed = trimPieces(text);
    if (hasContent(trimmed)) messages.push({ role, parts: [{ text: trimmed }] });
    text = [];
  };
  for (const piece of withMedia) {
    if ('text' in piece || !piece.code.startsWith('{{media ')) {
      text.push(piece);
      continue;
    }
    endText();
    const last = messages.at(-1);
    if (last?.role === 'user') last.parts.push({ tag: piece.code });
    else messages.push({ role: 'user', parts: [{ tag: piece.code }] });
  }
  endText();
  return messages.map((message) => ({ role: message.role, content: joinParts(message.parts) }));
}

/** The place of earlier turns: a thread by its name, or a loop that prints roles and texts. */
function historyPattern(threads: ReadonlySet<string>): RegExp {
  const names = [...threads].map((name) => name.replace(/\W/g, '')).filter((name) => name !== '');
  const blank = String.raw`\s{0,99}`;
  const loop = String.raw`\{%-?${blank}for\s{1,99}(\w{1,99})\s{1,99}in\s{1,99}\w{1,99}${blank}-?%\}${blank}\{\{-?${blank}\1\.role${blank}-?\}\}:${blank}\{\{-?${blank}\1\.content${blank}-?\}\}${blank}\{%-?${blank}endfor${blank}-?%\}`;
  const thread = names.length > 0 ? String.raw`|\{\{-?${blank}(?:${names.join('|')})${blank}-?\}\}` : '';
  return new RegExp(`${loop}${thread}`);
}
