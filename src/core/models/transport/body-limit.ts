/** Far above any answer: the memory that an endless response, or a small one that unpacks to a huge one, may use. */
export interface BodyLimits {
  /** Of the whole unpacked body; of a stream, since its answer's last piece, whose own size is limited elsewhere. */
  bytes: number;
  /** Without a line ending, which is how much a line reader has to buffer. */
  lineBytes: number;
}

export const STREAM_LIMITS: BodyLimits = { bytes: 32 * 1024 * 1024, lineBytes: 24 * 1024 * 1024 };
export const LIST_LIMITS: BodyLimits = { bytes: 32 * 1024 * 1024, lineBytes: 32 * 1024 * 1024 };
/** Only the beginning of an error's body is read. */
export const MAX_ERROR_BYTES = 256 * 1024;

const LINE_FEED = 10;

/**
 * Text, reasoning and tool calls of one answer, in bytes of UTF-8. No model writes a tenth of it; a server that never
 * ends would fill the memory.
 */
export const LONGEST_ANSWER_BYTES = 16 * 1024 * 1024;

export type BodyMeter = ReturnType<typeof createBodyMeter>;

export function createBodyMeter({ bytes, lineBytes }: BodyLimits) {
  let all = 0;
  let line = 0;
  return {
    /** Counts a chunk of the body; false once it has become too large. */
    fits(chunk: Uint8Array): boolean {
      all += chunk.length;
      const lineEnd = chunk.lastIndexOf(LINE_FEED);
      line = lineEnd < 0 ? line + chunk.length : chunk.length - 1 - lineEnd;
      return all <= bytes && line <= lineBytes;
    },
    /** Resets the count after a useful part of the body. */
    restart(): void {
      all = 0;
    },
  };
}

/** The text of a body; with `cutAt` no more than that is read. */
export async function readText(
  body: AsyncIterable<Uint8Array>,
  cutAt: number = Number.POSITIVE_INFINITY,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk.subarray(0, cutAt - size));
    size += chunk.length;
    if (size >= cutAt) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
