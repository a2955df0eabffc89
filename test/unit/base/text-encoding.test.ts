import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, EncodingError, TextReader } from '../../../src/core/base/files/text-encoding.ts';

const bytesOf = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

/** Reads bytes in pieces of the given sizes, from one reused buffer. */
function readInPieces(bytes: Buffer, sizes: number[]): string {
  const reader = new TextReader();
  let text = '';
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn] ?? bytes.length;
    const piece = Buffer.from(bytes.subarray(at, at + size));
    text += reader.push(piece);
    piece.fill(0xff);
    at += size;
  }
  return text + reader.end();
}

describe('bytes as UTF-8', () => {
  it('return any text, wherever they are cut', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => Buffer.from(value).toString('utf8'));
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 60 }), (value, sizes) => {
        // ASCII with a zero next to every character is correctly detected as UTF-16.
        fc.pre(!value.includes('\0'));
        expect(readInPieces(Buffer.from(value), sizes)).toBe(value);
      }),
    );
  });

  it.each([
    ['a lone byte', bytesOf('ab\nc', [0xe9], 'd'), { line: 2, column: 2, offset: 4, at: 4 }],
    ['a stray continuation byte', bytesOf('é', [0x80]), { line: 1, column: 2, offset: 2, at: 1 }],
    ['an overlong form', bytesOf('a', [0xc0, 0xaf]), { line: 1, column: 2, offset: 1, at: 1 }],
    ['a surrogate', bytesOf('a\n\n', [0xed, 0xa0, 0x80]), { line: 3, column: 1, offset: 3, at: 3 }],
    ['a code point that does not exist', bytesOf([0xf4, 0x90, 0x80, 0x80]), { line: 1, column: 1, offset: 0, at: 0 }],
    ['a character cut off at the end', bytesOf('😀é', [0xe2, 0x82]), { line: 1, column: 4, offset: 6, at: 3 }],
  ])('are rejected at %s', (_, bytes, place) => {
    const { text, problem } = decodeUtf8(bytes);
    expect(problem).toMatchObject(place);
    expect(problem?.message).toMatch(/^the byte 0x[0-9A-F]{2} here is not valid UTF-8\.$/);
    expect(text[problem?.at ?? -1]).toBe('\ufffd');
    for (const size of [1, 2, 3]) {
      expect(() => readInPieces(bytes, Array(bytes.length).fill(size))).toThrow(EncodingError);
    }
  });

  it('are detected as UTF-16 or UTF-32, with or without a byte order mark', () => {
    const utf16 = Buffer.from('---\nmodel: x\n', 'utf16le');
    const big = Buffer.from(utf16).swap16();
    const marked = (mark: number[], bytes: Buffer) => Buffer.concat([Buffer.from(mark), bytes]);
    for (const bytes of [utf16, big, marked([0xff, 0xfe], utf16), marked([0xfe, 0xff], big)]) {
      expect(decodeUtf8(bytes).problem?.message).toBe('the text is UTF-16, but UTF-8 is expected.');
    }
    expect(decodeUtf8(marked([0xff, 0xfe, 0, 0], Buffer.from([0x61, 0, 0, 0]))).problem?.message).toContain('UTF-32');
  });

  it('with one invalid byte are invalid, wherever it is in a long text', () => {
    const text = bytesOf('aé😀'.repeat(3000));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (at) => {
        const bytes = Buffer.from(text);
        bytes[at] = 0xff;
        // The character that the byte splits starts before it.
        const start = at - (at % 7);
        const first = [0, 1, 1, 3, 3, 3, 3][at % 7] ?? 0;
        expect(decodeUtf8(bytes).problem?.offset).toBe(start + first);
      }),
      { numRuns: 200 },
    );
  });

  it('may start with a byte order mark, and contain the replacement character itself', () => {
    expect(decodeUtf8(bytesOf('\ufeffa\ufffd'))).toEqual({ text: 'a\ufffd', problem: undefined });
    expect(decodeUtf8(Buffer.alloc(0))).toEqual({ text: '', problem: undefined });
    expect(decodeUtf8(bytesOf('é'))).toEqual({ text: 'é', problem: undefined });
  });
});
