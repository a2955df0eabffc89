import { isAscii, isUtf8 } from 'node:buffer';
import type { FileReader } from '../ports.ts';
import { FileRefusal } from './read-file.ts';

/** Why bytes are not the expected UTF-8 text, and where: lines and columns from 1, the offset from 0. */
interface EncodingProblem {
  message: string;
  hint: string;
  line: number;
  column: number;
  /** In bytes. */
  offset: number;
}

interface TextReaderOptions {
  /** Reads text that is not UTF-8 as Windows-1252, as Excel writes it, and reports that; otherwise it is rejected. */
  onLegacy?(notice: { line: number }): void;
  /** Rejects null bytes, which no table and no JSON contains. */
  refuseNul?: boolean;
}

export class EncodingError extends Error {
  override name = 'EncodingError';
  readonly problem: EncodingProblem;

  constructor(problem: EncodingProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Decodes text piece by piece; throws `EncodingError` at the first byte that is not text. */
export class TextReader {
  private readonly onLegacy: TextReaderOptions['onLegacy'];
  private readonly refuseNul: boolean;
  /** What the text can be so far; ASCII is both. */
  private encoding: 'ascii' | 'utf-8' | 'windows-1252' = 'ascii';
  private held = Buffer.alloc(0);
  private offset = 0;
  private line = 1;
  private column = 1;
  private first = true;

  constructor({ onLegacy, refuseNul = false }: TextReaderOptions = {}) {
    this.onLegacy = onLegacy;
    this.refuseNul = refuseNul;
  }

  push(piece: Uint8Array): string {
    const bytes =
      this.held.length > 0
        ? Buffer.concat([this.held, piece])
        : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    if (this.first && bytes.length > 0) {
      if (bytes.length < 4 && piece.length > 0) {
        this.held = Buffer.from(bytes);
        return '';
      }
      this.first = false;
      const wide = findWide(bytes);
      if (wide) this.fail(bytes, 0, wide);
    }
    const end = this.encoding === 'windows-1252' ? bytes.length : completeEnd(bytes);
    // A copy: the caller may reuse its buffer.
    this.held = Buffer.from(bytes.subarray(end));
    return this.decode(bytes.subarray(0, end));
  }

  /** The incomplete end of the last piece. */
  end(): string {
    const rest = this.held;
    this.held = Buffer.alloc(0);
    if (rest.length === 0) return '';
    const wide = this.first ? findWide(rest) : undefined;
    if (wide) this.fail(rest, 0, wide);
    return this.decode(rest);
  }

  private fail(bytes: Buffer, at: number, what: { message: string; hint: string }): never {
    const before = bytes.toString('latin1', 0, at);
    const lines = before.split('\n');
    throw new EncodingError({
      ...what,
      line: this.line + lines.length - 1,
      column:
        (lines.length > 1 ? 1 : this.column) + bytes.toString('utf8', at - (lines.at(-1)?.length ?? 0), at).length,
      offset: this.offset + at,
    });
  }

  /** Advances the position past text that is returned. */
  private advance(bytes: Buffer, text: string): string {
    this.offset += bytes.length;
    let last = -1;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.line += 1;
      last = at;
    }
    this.column = last < 0 ? this.column + text.length : text.length - last;
    return text;
  }

  private decode(bytes: Buffer): string {
    if (this.refuseNul && bytes.includes(0)) this.fail(bytes, bytes.indexOf(0), BINARY);
    if (this.encoding !== 'windows-1252') {
      if (this.encoding === 'ascii' && isAscii(bytes)) return this.advance(bytes, bytes.toString('latin1'));
      const bad = isUtf8(bytes) ? -1 : invalidAt(bytes);
      if (bad < 0) {
        this.encoding = 'utf-8';
        return this.advance(bytes, bytes.toString('utf8'));
      }
      // Only text without any sign of UTF-8 so far can be in another encoding as a whole.
      const isLegacy = this.onLegacy !== undefined && this.encoding === 'ascii' && isAscii(bytes.subarray(0, bad));
      if (!isLegacy) this.fail(bytes, bad, notUtf8(bytes[bad] ?? 0));
      this.encoding = 'windows-1252';
      this.onLegacy?.({ line: this.line + bytes.toString('latin1', 0, bad).split('\n').length - 1 });
    }
    const unused = bytes.findIndex((byte) => NOT_IN_1252.has(byte));
    if (unused >= 0) this.fail(bytes, unused, notUtf8(bytes[unused] ?? 0));
    return this.advance(bytes, WINDOWS_1252.decode(bytes));
  }
}

interface DecodedText {
  /** Contains U+FFFD if `problem` is set. A byte order mark is removed. */
  text: string;
  /** The first place that is not UTF-8; `at` is its offset in `text`. */
  problem: (EncodingProblem & { at: number }) | undefined;
}

/** All of a file's bytes as text. */
export function decodeUtf8(bytes: Uint8Array): DecodedText {
  const reader = new TextReader();
  try {
    return { text: withoutMark(reader.push(bytes) + reader.end()), problem: undefined };
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    const { problem } = error;
    const read = (end: number) => withoutMark(Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8'));
    return { text: read(bytes.length), problem: { ...problem, at: read(problem.offset).length } };
  }
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** A sentence with the position, for callers that cannot show it in another way. */
export function describeEncoding({ line, column, message, hint }: EncodingProblem): string {
  return `Line ${line}, column ${column}: ${message} ${hint}`;
}

/** Like `decodeUtf8`, but throws a `FileRefusal` with the file, the line and the column. */
export function readUtf8(file: string, bytes: Uint8Array): string {
  const { problem } = decodeUtf8(bytes);
  if (problem) throw encodingFailure(file, problem);
  // With its byte order mark, if any: hashes and positions of a file have always counted it.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

export function encodingFailure(file: string, { line, column, message, hint }: EncodingProblem): FileRefusal {
  return new FileRefusal(`${file}:${line}:${column}: ${message}`, { reason: 'encoding', hint });
}

/** The same files, but text that is not UTF-8 is rejected: for what is sent to a model. */
export function strictFiles(files: FileReader): FileReader {
  return { ...files, readText: (path, limits) => files.readText(path, { ...limits, exact: true }) };
}

const SAVE_AS_UTF8 = 'Save the file as UTF-8 (in VS Code: Save with Encoding; in Excel: CSV UTF-8), and try again.';
const BINARY = {
  message: 'there is a null byte here, so this is not a text file.',
  hint: 'Check that this is the intended file.',
};
const WINDOWS_1252 = new TextDecoder('windows-1252');
/** The bytes without a character in Windows-1252. */
const NOT_IN_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

function notUtf8(byte: number): { message: string; hint: string } {
  const hex = byte.toString(16).toUpperCase().padStart(2, '0');
  return { message: `the byte 0x${hex} here is not valid UTF-8.`, hint: SAVE_AS_UTF8 };
}

const WIDE = (name: string) => ({ message: `the text is ${name}, but UTF-8 is expected.`, hint: SAVE_AS_UTF8 });

/** UTF-16 or UTF-32, detected by the byte order mark, or by the zeros next to ASCII characters. */
function findWide(bytes: Buffer): { message: string; hint: string } | undefined {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    return WIDE('UTF-32');
  }
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return WIDE('UTF-16');
  const sample = bytes.subarray(0, 512);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const most = Math.max(even, odd);
  return most >= 2 && Math.min(even, odd) === 0 && most > sample.length / 5 ? WIDE('UTF-16') : undefined;
}

/** The length in bytes of a character that starts with this byte; 0 if no character does. */
function lengthOf(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

/** The start of an incomplete last character, or the length if it is complete. */
function completeEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** The number of bytes checked in one call; the first invalid block is checked character by character. */
const BLOCK_BYTES = 4096;

/** The first byte that cannot be part of UTF-8, or the length if all can. */
function invalidAt(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const whole = completeEnd(block);
    if (whole === 0 || !isUtf8(block.subarray(0, whole))) break;
    at += whole;
  }
  while (at < bytes.length) {
    const length = lengthOf(bytes[at] ?? 0);
    // Surrogates, overlong forms and invalid code points are left to Node.
    if (length === 0 || !isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}
