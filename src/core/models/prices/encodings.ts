import { setImmediate as nextTurn } from 'node:timers/promises';

/** OpenAI's encodings that are available here; each is a separate file, loaded on first use. */
export type Encoding = 'o200k' | 'cl100k';

type Count = (text: string) => number;

/** Counted in pieces, so that a text of megabytes does not block its thread. */
export type CountTokens = (text: string) => Promise<number>;

/** A few milliseconds of counting, whatever the encoding. */
const LONGEST_PIECE = 30_000;

/** The tokenizer's time is quadratic in the length of an unbroken run (1 s for 40,000 letters "a"), so runs are cut. */
const LONGEST_RUN = 200;
const LONG_RUN = new RegExp(`\\S{${LONGEST_RUN}}|\\s{${LONGEST_RUN}}`, 'g');
/** Text such as <|endoftext|> in a prompt is only text. */
const PLAIN = { disallowedSpecial: new Set<string>() };

const IMPORTS = {
  o200k: () => import('gpt-tokenizer/encoding/o200k_base'),
  cl100k: () => import('gpt-tokenizer/encoding/cl100k_base'),
};

const loaded = new Map<Encoding, Promise<CountTokens>>();

/** Counts the tokens of a text. */
export function loadCount(encoding: Encoding): Promise<CountTokens> {
  const known = loaded.get(encoding);
  if (known) return known;
  const loading = IMPORTS[encoding]().then(({ countTokens }) => {
    return (text: string) => countInPieces(text, (piece) => countTokens(piece, PLAIN));
  });
  loaded.set(encoding, loading);
  loading.catch(() => loaded.delete(encoding));
  return loading;
}

async function countInPieces(text: string, count: Count): Promise<number> {
  if (text.length <= LONGEST_PIECE) return countInRuns(text, count);
  let tokens = 0;
  for (let start = 0; start < text.length; ) {
    const end = pieceEnd(text, start);
    tokens += countInRuns(text.slice(start, end), count);
    start = end;
    await nextTurn();
  }
  return tokens;
}

/** Before a word at the end of a line, where tokens never cross; in a text without lines, between any characters. */
function pieceEnd(text: string, start: number): number {
  const most = start + LONGEST_PIECE;
  if (most >= text.length) return text.length;
  for (let at = most; at > start + LONGEST_PIECE / 2; at--) {
    if (text[at - 1] === '\n' && /\S/.test(text[at] ?? '')) return at;
  }
  const last = text.charCodeAt(most - 1);
  return last >= 0xd800 && last < 0xdc00 ? most - 1 : most;
}

function countInRuns(text: string, count: Count): number {
  if (text === '') return 0;
  let tokens = 0;
  let end = 0;
  for (const run of text.matchAll(LONG_RUN)) {
    const next = run.index + run[0].length;
    tokens += count(text.slice(end, next));
    end = next;
  }
  return tokens + (end < text.length ? count(text.slice(end)) : 0);
}
