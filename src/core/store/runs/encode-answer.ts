import { setImmediate as nextTurn } from 'node:timers/promises';
import { jsonPieces } from '../../base/json/json-pieces.ts';
import type { AnswerBody } from './rows.ts';
import type { EncodedAnswer } from './run-record.ts';

/** Only the beginning of a longer answer is searched: the index would need as much memory as the text. */
export const LONGEST_INDEXED = 1_000_000;

/** The amount of JSON written in one turn of the event loop. */
const PIECES_A_TURN = 16;

type Answered = Omit<AnswerBody, 'text' | 'reasoning'> & {
  text: string | undefined;
  reasoning: string | undefined;
  answerJson?: EncodedAnswer | undefined;
};

/**
 * A record with its long answer encoded, to be transferred to the store's thread. As a string it would be in memory six
 * times: here, in the message, there, as JSON, as UTF-8, and in the database's own copy.
 */
export async function withEncodedAnswer<R extends Answered>(record: R): Promise<R> {
  const { text, rawText, reasoning = '', message } = record;
  if (text === undefined || text.length + (rawText?.length ?? 0) + reasoning.length <= LONGEST_INDEXED) return record;
  const answerJson = await encodeJson({ text, rawText, reasoning, message });
  if (!answerJson) return record;
  const rest = { rawText: undefined, reasoning: '', message: undefined };
  return { ...record, ...rest, text: text.slice(0, LONGEST_INDEXED), answerJson };
}

/** Undefined if it cannot be encoded (a cycle, a bigint): then it is copied unchanged. */
async function encodeJson(answer: AnswerBody): Promise<EncodedAnswer | undefined> {
  try {
    let size = 0;
    for await (const piece of inTurns(jsonPieces(answer))) size += Buffer.byteLength(piece);
    const bytes = Buffer.from(new ArrayBuffer(size));
    let at = 0;
    for await (const piece of inTurns(jsonPieces(answer))) at += bytes.write(piece, at);
    return bytes;
  } catch {
    return undefined;
  }
}

async function* inTurns(pieces: Iterable<string>): AsyncGenerator<string> {
  let count = 0;
  for (const piece of pieces) {
    yield piece;
    count += 1;
    if (count % PIECES_A_TURN === 0) await nextTurn();
  }
}

/** The encoded answer of a record among the arguments of a request, if there is one. */
export function encodedAnswer(item: unknown): EncodedAnswer | undefined {
  return typeof item === 'object' && item !== null && 'answerJson' in item
    ? (item.answerJson as EncodedAnswer | undefined)
    : undefined;
}
