import type { ChatRequest, ConnectionType, Message, Part } from '../chat-model.ts';
import { type CountTokens, type Encoding, loadCount } from './encodings.ts';

/**
 * The tokenizer of a model. OpenAI's two are available: o200k (`openai`) and, for GPT-4, GPT-4 Turbo, GPT-3.5 and the
 * embeddings, cl100k. The others are estimated from o200k.
 */
export type TokenFamily = 'openai' | 'openai-cl100k' | 'claude' | 'gemini' | 'llama' | 'other';

interface FamilyFigures {
  encoding: Encoding;
  /** This family's tokens per token of its encoding, for a mix of English prose, JSON and code. */
  scale: number;
  /** One image of about a megapixel. */
  imageTokens: number;
}

/**
 * Claude's tokenizer produces more tokens than o200k (its documentation and published comparisons give 15 to 35% more);
 * Gemini's and Llama's vocabularies are close to it. Images: OpenAI's 85 + 4 tiles of 170, Claude's width × height /
 * 750, Gemini's four tiles of 258. All of it is replaced by the provider's own numbers once a run has ended.
 */
const FIGURES: Record<TokenFamily, FamilyFigures> = {
  openai: { encoding: 'o200k', scale: 1, imageTokens: 765 },
  'openai-cl100k': { encoding: 'cl100k', scale: 1, imageTokens: 765 },
  claude: { encoding: 'o200k', scale: 1.2, imageTokens: 1400 },
  gemini: { encoding: 'o200k', scale: 1.05, imageTokens: 1032 },
  llama: { encoding: 'o200k', scale: 1.05, imageTokens: 1600 },
  other: { encoding: 'o200k', scale: 1.1, imageTokens: 1000 },
};

/** OpenAI's cookbook: three tokens frame each message, one names its role, three start the answer. */
const MESSAGE_TOKENS = 4;
const ANSWER_TOKENS = 3;
const DOCUMENT_TOKENS_PER_PAGE = 1500;
const DOCUMENT_BYTES_PER_PAGE = 60_000;

/** Ids that OpenAI counts with cl100k: GPT-4 itself, but not 4o, 4.1 and 4.5, which use o200k. */
const CL100K = /(?:gpt-3\.?5|gpt-4(?![.o\d]|-[1o5](?:-|$))|text-embedding-(?:3|ada)|(?:babbage|davinci)-002)/.source;
/** An id may follow a publisher (`openai/gpt-4`) or the prefix of a tuned model (`ft:gpt-4:acme`). */
const IS_CL100K = new RegExp(`(?:^|[/:])${CL100K}`);
/** A deployment on Azure has its own name, which often contains the model's (`team-gpt-4`). */
const HOLDS_CL100K = new RegExp(`(?:^|[^a-z0-9])${CL100K}`);

export function tokenFamily(type: ConnectionType, model: string): TokenFamily {
  const id = model.toLowerCase();
  if (id.includes('claude')) return 'claude';
  if (id.includes('gemini') || id.includes('gemma')) return 'gemini';
  if (id.includes('llama')) return 'llama';
  if ((type === 'azure-openai' ? HOLDS_CL100K : IS_CL100K).test(id)) return 'openai-cl100k';
  if (/(?:^|\/|:)(?:gpt|o[1-9]|chatgpt|text-embedding)/.test(id)) return 'openai';
  if (type === 'openai' || type === 'azure-openai') return 'openai';
  return type === 'anthropic' ? 'claude' : type === 'googleai' || type === 'vertexai' ? 'gemini' : 'other';
}

/** Tokens of a text, of parts, or of a conversation as it would be sent. Loads the tokenizer; always an estimate. */
export async function estimateTokens(
  content: string | readonly Part[] | readonly Message[],
  family: TokenFamily,
): Promise<number> {
  const { scale, encoding } = FIGURES[family];
  const count = await loadCount(encoding);
  if (typeof content === 'string') return Math.round((await count(content)) * scale);
  let tokens = 0;
  let messages = 0;
  for (const item of content) {
    const parts = 'role' in item ? item.parts : [item];
    if ('role' in item) messages++;
    for (const part of parts) tokens += await partTokens(part, family, count);
  }
  return Math.round(tokens + messages * MESSAGE_TOKENS + (messages > 0 ? ANSWER_TOKENS : 0));
}

/** Tokens of each message with its frame; the start of the answer belongs to none of them. */
export async function estimateMessageTokens(messages: readonly Message[], family: TokenFamily): Promise<number[]> {
  const sums = await Promise.all(messages.map(({ parts }) => estimateTokens(parts, family)));
  return sums.map((tokens) => tokens + MESSAGE_TOKENS);
}

/** The parts of the input of a request; they add up to the total. */
export interface RequestTokens {
  /** Of each message, with its frame. */
  messages: number[];
  tools: number;
  /** The schema of the answer. */
  schema: number;
  /** The start of the answer. */
  opening: number;
  total: number;
}

export type CountedRequest = Pick<ChatRequest, 'messages' | 'output'> & { tools?: readonly unknown[] | undefined };

/** The single place that counts what is sent: everything that shows or limits the input of a request uses it. */
export async function estimateRequest(request: CountedRequest, family: TokenFamily): Promise<RequestTokens> {
  const { output, tools = [] } = request;
  const textOf = (definitions: readonly unknown[]) => definitions.map((item) => JSON.stringify(item)).join('\n');
  const messages = await estimateMessageTokens(request.messages, family);
  const parts = {
    tools: await estimateTokens(textOf(tools), family),
    schema: await estimateTokens(textOf(output?.format === 'json' && output.schema ? [output.schema] : []), family),
    opening: messages.length > 0 ? ANSWER_TOKENS : 0,
  };
  const total = messages.reduce((sum, tokens) => sum + tokens, parts.tools + parts.schema + parts.opening);
  return { messages, ...parts, total };
}

export type TokenCounter = ReturnType<typeof createTokenCounter>;

/**
 * A running count for live output that needs no tokenizer. For o200k about four characters of Latin text per token, one
 * and a half of Chinese, Japanese or Korean, two of any other script; cl100k uses about one token per letter beyond
 * Latin and Cyrillic. Accurate to about 15% on prose; the provider's count replaces it.
 */
export function createTokenCounter(family: TokenFamily = 'openai') {
  const weight = WEIGHTS[FIGURES[family].encoding];
  let twelfths = 0;
  const weigh = (text: string) => {
    let sum = 0;
    for (let index = 0; index < text.length; index++) sum += weight(text.charCodeAt(index));
    return sum;
  };
  return {
    /** Counts a text that has arrived; returns the total so far. */
    add(text: string): number {
      twelfths += weigh(text);
      return Math.ceil(twelfths / 12);
    },
    /** What `add` would return; counts nothing. */
    after: (text: string): number => Math.ceil((twelfths + weigh(text)) / 12),
  };
}

/** One UTF-16 unit in twelfths of a token, so that the sum stays exact. */
const WEIGHTS: Record<Encoding, (code: number) => number> = {
  o200k(code) {
    if (code < 0x300) return 3;
    return isCjk(code) ? 8 : 6;
  },
  cl100k(code) {
    if (code < 0x300) return 3;
    if (code >= 0x400 && code < 0x530) return 6;
    return isCjk(code) ? 13 : 12;
  },
};

function isCjk(code: number): boolean {
  return code >= 0x2e80 && code <= 0xffef && !(code >= 0xd800 && code <= 0xdfff);
}

async function partTokens(part: Part, family: TokenFamily, count: CountTokens): Promise<number> {
  const { scale, imageTokens } = FIGURES[family];
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return (await count(part.text)) * scale;
    case 'tool-call':
      return ((await count(part.name)) + (await count(JSON.stringify(part.input) ?? ''))) * scale;
    case 'tool-result':
      return (await count(part.output)) * scale;
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
