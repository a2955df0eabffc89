import { setImmediate as nextTurn } from 'node:timers/promises';
import { mapStrings } from '../../base/secrets/redact.ts';
import type { Message, Part } from '../../models/chat-model.ts';
import type { RunResult } from '../events.ts';

type RemoveSecrets = (text: string) => string;

/** About as much as is searched in one turn of the event loop; pieces end where no secret can be cut. */
const PIECE_LENGTH = 128 * 1024;

/**
 * The result of a run without the secrets of its connection; the same object if it contains none. A stream is redacted
 * as it arrives; this checks the finished texts again, after all processing.
 */
export async function cleanResult(result: RunResult, removeSecrets: RemoveSecrets | undefined): Promise<RunResult> {
  if (!removeSecrets) return result;
  let found = false;
  const remove = (text: string) => {
    const clean = removeSecrets(text);
    found ||= clean !== text;
    return clean;
  };
  const { text, rawText, reasoning, message, ...rest } = result;
  const clean: RunResult = {
    ...(mapStrings(rest, remove) as typeof rest),
    text: await cleanText(text, remove),
    rawText: rawText && (await cleanText(rawText, remove)),
    reasoning: await cleanText(reasoning, remove),
    message,
  };
  // The turn's parts repeat these texts, and its calls are in the rest.
  return found ? { ...clean, message: cleanMessage(message, removeSecrets) } : result;
}

function cleanMessage({ role, parts }: Message, removeSecrets: RemoveSecrets): Message {
  const joined = joinSecrets(joinSecrets(parts, 'text', removeSecrets), 'reasoning', removeSecrets);
  return { role, parts: joined.map((part) => mapStrings(part, removeSecrets) as Part) };
}

/** A secret may span several parts of a kind: then the first of them gets the clean text of all. */
function joinSecrets(parts: readonly Part[], kind: 'text' | 'reasoning', removeSecrets: RemoveSecrets): Part[] {
  const isOfKind = (part: Part): part is Extract<Part, { type: typeof kind }> => part.type === kind;
  const text = parts.flatMap((part) => (isOfKind(part) ? part.text : [])).join('');
  const clean = removeSecrets(text);
  if (clean === text) return [...parts];
  const first = parts.findIndex(isOfKind);
  return parts.flatMap((part, index): Part[] => {
    if (index === first) return [{ type: kind, text: clean }];
    return isOfKind(part) ? [] : [part];
  });
}

async function cleanText(text: string, remove: RemoveSecrets): Promise<string> {
  const pieces: string[] = [];
  let isSame = true;
  for (let at = 0; at < text.length; ) {
    const end = endOfPiece(text, at);
    const piece = text.slice(at, end);
    const clean = remove(piece);
    isSame &&= clean === piece;
    pieces.push(clean);
    at = end;
    if (at < text.length) await nextTurn();
  }
  return isSame ? text : pieces.join('');
}

/** After a space or a line ending: no key contains one, however it is written. */
function endOfPiece(text: string, at: number): number {
  if (text.length - at <= PIECE_LENGTH) return text.length;
  for (let end = at + PIECE_LENGTH; end < text.length; end++) if (/\s/.test(text.charAt(end))) return end + 1;
  return text.length;
}
