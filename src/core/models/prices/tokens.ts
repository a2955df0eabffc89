import type { ChatRequest, ConnectionType, Message, Part } from '../chat-model.ts';

/** Whose tokenizer a model has. Only OpenAI's is at hand; the others are estimated from it. */
export type TokenFamily = 'openai' | 'claude' | 'gemini' | 'llama' | 'other';

interface FamilyFigures {
  /** Tokens of this family for one of o200k, on a mix of English prose, JSON and code. */
  scale: number;
  /** One image of about a megapixel. */
  imageTokens: number;
}

/**
 * Claude cuts text finer than o200k (its documentation and published comparisons give 15 to 35 % more); Gemini's and
 * Llama's vocabularies come near it. Images: OpenAI's 85 + 4 tiles of 170, Claude's width × height / 750, Gemini's
 * four tiles of 258. All of it is replaced by the provider's own numbers once a run has ended.
 */
const FIGURES: Record<TokenFamily, FamilyFigures> = {
  openai: { scale: 1, imageTokens: 765 },
  claude: { scale: 1.2, imageTokens: 1400 },
  gemini: { scale: 1.05, imageTokens: 1032 },
  llama: { scale: 1.05, imageTokens: 1600 },
  other: { scale: 1.1, imageTokens: 1000 },
};

/** OpenAI's cookbook: three tokens frame each message, one names its role, three open the answer. */
const MESSAGE_TOKENS = 4;
const ANSWER_TOKENS = 3;
const DOCUMENT_TOKENS_PER_PAGE = 1500;
const DOCUMENT_BYTES_PER_PAGE = 60_000;
/** The tokenizer takes time with the square of an unbroken run (a second for 40,000 letters "a"), so runs are cut. */
const LONGEST_RUN = 200;
const LONG_RUN = new RegExp(`\\S{${LONGEST_RUN}}|\\s{${LONGEST_RUN}}`, 'g');

export function tokenFamily(type: ConnectionType, model: string): TokenFamily {
  const id = model.toLowerCase();
  if (id.includes('claude')) return 'claude';
  if (id.includes('gemini') || id.includes('gemma')) return 'gemini';
  if (id.includes('llama')) return 'llama';
  if (/(?:^|\/|:)(?:gpt|o[1-9]|chatgpt|text-embedding)/.test(id)) return 'openai';
  if (type === 'openai' || type === 'azure-openai') return 'openai';
  return type === 'anthropic' ? 'claude' : type === 'googleai' || type === 'vertexai' ? 'gemini' : 'other';
}

/** Tokens of a text, of parts, or of a conversation as it would be sent. Loads the tokenizer; always an estimate. */
export async function estimateTokens(
  content: string | readonly Part[] | readonly Message[],
  family: TokenFamily,
): Promise<number> {
  const count = await loadCount();
  const { scale } = FIGURES[family];
  if (typeof content === 'string') return Math.round(count(content) * scale);
  let tokens = 0;
  let messages = 0;
  for (const item of content) {
    const parts = 'role' in item ? item.parts : [item];
    if ('role' in item) messages++;
    for (const part of parts) tokens += partTokens(part, family, count);
  }
  return Math.round(tokens + messages * MESSAGE_TOKENS + (messages > 0 ? ANSWER_TOKENS : 0));
}

/** Tokens of each message with its frame; what opens the answer belongs to none of them. */
export async function estimateMessageTokens(messages: readonly Message[], family: TokenFamily): Promise<number[]> {
  const sums = await Promise.all(messages.map(({ parts }) => estimateTokens(parts, family)));
  return sums.map((tokens) => tokens + MESSAGE_TOKENS);
}

/** The whole input of a request: messages, tool definitions and the schema of the answer. */
export async function estimateRequestTokens(
  request: Pick<ChatRequest, 'messages' | 'output'> & { tools?: readonly unknown[] | undefined },
  family: TokenFamily,
): Promise<number> {
  const definitions = [...(request.tools ?? []), ...(request.output?.schema ? [request.output.schema] : [])];
  const text = definitions.map((definition) => JSON.stringify(definition)).join('\n');
  const [messages, rest] = [await estimateTokens(request.messages, family), await estimateTokens(text, family)];
  return messages + rest;
}

/**
 * A running count for live output that needs no tokenizer: about four characters of Latin text a token, one and a
 * half of Chinese, Japanese or Korean, two of any other script. Good to some 15 % on prose; the provider corrects it.
 */
export function createTokenCounter(): { add(text: string): number } {
  let twelfths = 0;
  return {
    add(text) {
      for (let index = 0; index < text.length; index++) twelfths += weight(text.charCodeAt(index));
      return Math.ceil(twelfths / 12);
    },
  };
}

/** In twelfths of a token, so that the sum stays exact. */
function weight(code: number): number {
  if (code < 0x300) return 3;
  return code >= 0x2e80 && code <= 0xffef && !(code >= 0xd800 && code <= 0xdfff) ? 8 : 6;
}

function partTokens(part: Part, family: TokenFamily, count: (text: string) => number): number {
  const { scale, imageTokens } = FIGURES[family];
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return count(part.text) * scale;
    case 'tool-call':
      return (count(part.name) + count(JSON.stringify(part.input) ?? '')) * scale;
    case 'tool-result':
      return count(part.output) * scale;
    case 'media':
      return isDocument(part) ? documentPages(part.url) * DOCUMENT_TOKENS_PER_PAGE : imageTokens;
  }
}

function isDocument({ url, contentType }: { url: string; contentType?: string }): boolean {
  return contentType === 'application/pdf' || url.startsWith('data:application/pdf');
}

/** Pages are not counted, only guessed from the size. */
function documentPages(url: string): number {
  return Math.max(1, Math.round((url.length * 0.75) / DOCUMENT_BYTES_PER_PAGE));
}

let loading: Promise<(text: string) => number> | undefined;

function loadCount(): Promise<(text: string) => number> {
  loading ??= import('gpt-tokenizer/encoding/o200k_base').then(({ countTokens }) => {
    // Text such as <|endoftext|> in a prompt is only text.
    const options = { disallowedSpecial: new Set<string>() };
    return (text) => {
      if (text === '') return 0;
      let tokens = 0;
      let end = 0;
      for (const run of text.matchAll(LONG_RUN)) {
        const next = run.index + run[0].length;
        tokens += countTokens(text.slice(end, next), options);
        end = next;
      }
      return tokens + (end < text.length ? countTokens(text.slice(end), options) : 0);
    };
  });
  return loading;
}
