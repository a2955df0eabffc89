import { isRecord } from '../../../shared/is-record.ts';
import { readChatMessages } from './chat-messages.ts';
import { asText, type Draft, type Drafts, type ImportSource, readData, stemOf } from './draft.ts';
import { modelRef, readSettings } from './model-settings.ts';
import { convertMustache } from './template/mustache.ts';
import { literal, type Piece } from './template/pieces.ts';
import { convertFormat, hasFormatFields } from './template/python-format.ts';

/** A request of the chat or responses API as JSON, or its list of messages; JSON Lines contain a prompt per line. */
export function importOpenAiChat(source: ImportSource): Drafts {
  const notes: string[] = [];
  const requests = readRequests(source, notes);
  const drafts = requests.flatMap((request, index) => {
    const name = requests.length > 1 ? `${stemOf(source.path)}-${index + 1}` : stemOf(source.path);
    const draft = readRequest(request, name, notes);
    if (!draft && requests.length > 1) {
      const why = request === undefined ? 'is not valid JSON' : 'has no messages';
      notes.push(`Line ${index + 1} ${why} and is not imported.`);
    }
    return draft ? [draft] : [];
  });
  return { drafts, notes };
}

const MOST_LINES = 20;

function readRequests({ text, path }: ImportSource, notes: string[]): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const isLine = (line: string) => line.trim().startsWith('{') && line.trim().endsWith('}');
  // One truncated line does not change the format of the file.
  if (lines.length > 1 && (/\.jsonl$/i.test(path) ? lines.some(isLine) : lines.every(isLine))) {
    if (lines.length > MOST_LINES) {
      notes.push(
        `Only the first ${MOST_LINES} of ${lines.length} lines are imported: a file with so many lines is more likely a dataset.`,
      );
    }
    return lines.slice(0, MOST_LINES).map(readJson);
  }
  return [/\.jsonl$/i.test(path) ? readJson(text) : readData(text)];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined if there are no messages. */
function readRequest(value: unknown, name: string, notes: string[]): Draft | undefined {
  const request = Array.isArray(value)
    ? { messages: value }
    : isRecord(value)
      ? isRecord(value.body)
        ? value.body
        : value
      : {};
  const draft: Draft = { name, inputs: new Map(), messages: [] };
  const convert = (text: string) => placeholderText(text, draft, notes);
  const system = [request.instructions, request.system].find((item) => asText(item) || Array.isArray(item));
  const context = { inputs: draft.inputs, notes, convert };
  if (system) draft.messages.push(...readChatMessages([{ role: 'system', content: system }], context));
  const { messages, input } = request;
  const list = Array.isArray(messages) ? messages : Array.isArray(input) ? input : asText(input) ? [input] : [];
  draft.messages = draft.messages.concat(readChatMessages(list, context));
  if (draft.messages.length === 0) return undefined;
  draft.model = modelRef(request.model, undefined, notes);
  readSettings(request, draft, notes);
  return draft;
}

/** A stored request is mostly literal; placeholders of a template language are converted. */
function placeholderText(text: string, { inputs }: Draft, notes: string[]): Piece[] {
  if (/\{\{\s*[A-Za-z_][\w.]*\s*\}\}/.test(text)) return convertMustache(text, { inputs, notes });
  if (!hasFormatFields(text)) return literal(text);
  notes.push(
    'Names in single braces, as in `{name}`, were treated as placeholders: they are now inputs, in double braces.',
  );
  return convertFormat(text, { inputs, notes });
}
