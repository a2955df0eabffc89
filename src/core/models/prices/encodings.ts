/** The encodings of OpenAI that are available here; each is a file of its own, loaded when it is first needed. */
export type Encoding = 'o200k' | 'cl100k';

type Count = (text: string) => number;

/** The tokenizer takes time with the square of an unbroken run (a second for 40,000 letters "a"), so runs are cut. */
const LONGEST_RUN = 200;
const LONG_RUN = new RegExp(`\\S{${LONGEST_RUN}}|\\s{${LONGEST_RUN}}`, 'g');
/** Text such as <|endoftext|> in a prompt is only text. */
const PLAIN = { disallowedSpecial: new Set<string>() };

const IMPORTS = {
  o200k: () => import('gpt-tokenizer/encoding/o200k_base'),
  cl100k: () => import('gpt-tokenizer/encoding/cl100k_base'),
};

const loaded = new Map<Encoding, Promise<Count>>();

/** Counts the tokens of a text. */
export function loadCount(encoding: Encoding): Promise<Count> {
  const known = loaded.get(encoding);
  if (known) return known;
  const loading = IMPORTS[encoding]().then(({ countTokens }) => {
    return (text: string) => countInRuns(text, (piece) => countTokens(piece, PLAIN));
  });
  loaded.set(encoding, loading);
  loading.catch(() => loaded.delete(encoding));
  return loading;
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
