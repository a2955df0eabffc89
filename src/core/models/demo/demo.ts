import { setImmediate as nextTurn } from 'node:timers/promises';
import { sleep, throwIfAborted } from '../../base/abort.ts';
import { ProviderError } from '../../base/errors.ts';
import { modelCapabilities } from '../catalogue/catalogue.ts';
import type { ChatEvent, ChatModel, ChatRequest, ListedModel, Tool } from '../chat-model.ts';
import type { CreateProvider } from '../connection.ts';
import type { TokenPrices } from '../models.ts';
import { unsupported } from '../transport/request-warnings.ts';
import { writeJson } from './demo-json.ts';
import { readDemoOptions } from './demo-options.ts';
import { createRandom, type Random } from './demo-random.ts';
import { userText } from './demo-statements.ts';
import { type Depth, demoLabel, writeFiller, writeMarkdown, writeReasoning } from './demo-text.ts';

interface DemoModel {
  displayName: string;
  depth: Depth;
  ttftMs: number;
  tokensPerSecond: number;
  reasons: boolean;
  prices: TokenPrices;
  /** Answers at once with the last message of the user, unchanged. */
  echoes?: true;
}

/** Three models whose speeds, lengths and prices differ like those of real ones, and one that repeats what it gets. */
const MODELS: Record<string, DemoModel> = {
  swift: {
    displayName: 'Demo Swift',
    depth: 1,
    ttftMs: 150,
    tokensPerSecond: 160,
    reasons: false,
    prices: { inputUsd: 0.1, outputUsd: 0.4, cacheReadUsd: 0.01, source: 'demo' },
  },
  balanced: {
    displayName: 'Demo Balanced',
    depth: 2,
    ttftMs: 400,
    tokensPerSecond: 80,
    reasons: false,
    prices: { inputUsd: 1, outputUsd: 4, cacheReadUsd: 0.1, source: 'demo' },
  },
  thorough: {
    displayName: 'Demo Thorough',
    depth: 3,
    ttftMs: 900,
    tokensPerSecond: 45,
    reasons: true,
    prices: { inputUsd: 5, outputUsd: 20, cacheReadUsd: 0.5, source: 'demo' },
  },
  echo: {
    displayName: 'Demo Echo',
    depth: 1,
    ttftMs: 0,
    tokensPerSecond: Number.POSITIVE_INFINITY,
    reasons: false,
    prices: { inputUsd: 0, outputUsd: 0, cacheReadUsd: 0, source: 'demo' },
    echoes: true,
  },
};

/** Dollars per million tokens of each demo model: nobody is billed, but costs can be tried out. */
export const demoPrices: Readonly<Record<string, TokenPrices>> = Object.fromEntries(
  Object.entries(MODELS).map(([id, { prices }]) => [id, prices]),
);

/** The built-in models: no key, no network, the same answer to the same request. */
export const createDemoProvider: CreateProvider = (context) => {
  const chat: ChatModel = {
    stream: (request, signal) => streamDemo(request, { signal, connection: context.connection.id }),
    countTokens: async (request) => countInput(request),
  };
  return { chat, listModels: async () => listDemoModels() };
};

function listDemoModels(): ListedModel[] {
  return Object.entries(MODELS).map(([id, { displayName }]) => {
    const { contextWindow, maxOutputTokens } = modelCapabilities('demo', id) ?? {};
    return { id, displayName, ...(contextWindow && { contextWindow }), ...(maxOutputTokens && { maxOutputTokens }) };
  });
}

async function* streamDemo(
  request: ChatRequest,
  { signal, connection }: { signal: AbortSignal; connection: string },
): AsyncGenerator<ChatEvent> {
  throwIfAborted(signal);
  const model = MODELS[request.model];
  if (!model) {
    throw new ProviderError(`${connection}: unknown demo model '${request.model}'.`, {
      code: 'model-not-found',
      hint: `Choose one of ${Object.keys(MODELS).join(', ')}.`,
      status: 404,
      retryable: false,
    });
  }
  const { model: id, messages, parameters, output, tools } = request;
  yield {
    type: 'request',
    url: `demo:${id}`,
    headers: {},
    body: { model: id, messages, ...parameters, output, tools },
  };
  const effort = parameters.reasoningEffort;
  if (effort !== undefined && effort !== 'none' && !model.reasons) {
    yield { type: 'warning', warning: unsupported('reasoningEffort', `was left out: demo/${id} does not reason`) };
  }
  if (model.echoes) yield* echo(request);
  else yield* play(compose(request, model), { request, model, signal });
}

/** The text of the last user message in one piece, whatever schema, tools or limits the request has. */
function* echo(request: ChatRequest): Generator<ChatEvent> {
  const last = request.messages.findLast(({ role }) => role === 'user');
  const text = last?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? '';
  if (text !== '') yield { type: 'text-delta', text };
  yield { type: 'usage', usage: { inputTokens: countInput(request), outputTokens: toTokens(text).length } };
  yield { type: 'finish', reason: 'stop', rawReason: 'stop', servedModel: request.model };
}

interface Answer {
  reasoning: string;
  text: string;
  call: { name: string; input: unknown } | undefined;
}

function compose(request: ChatRequest, model: DemoModel): Answer {
  const { outputTokens } = readDemoOptions(request);
  const random = createRandom(
    JSON.stringify([request.model, request.messages, request.parameters.seed, request.output]),
  );
  const tool = chooseTool(request);
  if (tool) {
    const input = writeJson(request, { ...tool.inputSchema, type: 'object' }, { depth: 2, random });
    return { reasoning: '', text: '', call: { name: tool.name, input } };
  }
  const reasons = model.reasons && request.parameters.reasoningEffort !== 'none' && outputTokens === undefined;
  const text =
    outputTokens === undefined
      ? writeAnswer(request, { model, random })
      : toTokens(writeFiller(request, outputTokens)).slice(0, outputTokens).join('');
  return { reasoning: reasons ? writeReasoning(request) : '', text: cutAtStop(text, request), call: undefined };
}

function writeAnswer(request: ChatRequest, { model, random }: { model: DemoModel; random: Random }): string {
  const { depth } = model;
  if (request.output?.format === 'json') {
    const schema = request.output.schema ?? {
      type: 'object',
      properties: { summary: { type: 'string' }, findings: { type: 'array' } },
      required: ['summary', 'findings'],
    };
    return JSON.stringify(writeJson(request, schema, { depth, random }), null, 2);
  }
  const results = request.messages.at(-1)?.parts.flatMap((part) => (part.type === 'tool-result' ? [part] : [])) ?? [];
  if (results.length === 0) return writeMarkdown(request, { depth, random });
  const lines = results.map(
    ({ name, output, isError }) => `- \`${name}\` ${isError ? 'failed with' : 'returned'}: ${output}`,
  );
  return [demoLabel(request.model), 'The tool results are in:', lines.join('\n')].join('\n\n');
}

/** A tool is called if the user's text mentions it (or says "use the tool") and its result is not available yet. */
function chooseTool({ tools = [], messages, parameters }: ChatRequest): Tool | undefined {
  const last = messages.at(-1);
  if (parameters.toolChoice === 'none') return undefined;
  if (last?.role !== 'user' || last.parts.some((part) => part.type === 'tool-result')) return undefined;
  const text = userText({ model: '', messages: [last], parameters: {} }).toLowerCase();
  const named = tools.find(({ name }) => {
    const words = name
      .toLowerCase()
      .split(/[_\-.]+/)
      .filter((word) => word.length > 3);
    return text.includes(name.toLowerCase()) || (words.length > 0 && words.every((word) => text.includes(word)));
  });
  return (
    named ??
    (/\b(use|call) (the|a|your) tools?\b/.test(text) || parameters.toolChoice === 'required' ? tools[0] : undefined)
  );
}

function cutAtStop(text: string, { parameters, output }: ChatRequest): string {
  if (output?.format === 'json') return text;
  const ends = (parameters.stopSequences ?? []).map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

/** Sends the answer at the model's speed, one token per delta, and its usage at the end as providers do. */
async function* play(
  { reasoning, text, call }: Answer,
  { request, model, signal }: { request: ChatRequest; model: DemoModel; signal: AbortSignal },
): AsyncGenerator<ChatEvent> {
  const { ttftMs = model.ttftMs, tokensPerSecond = model.tokensPerSecond } = readDemoOptions(request);
  const thoughts = toTokens(reasoning);
  const all = [...thoughts, ...toTokens(text), ...toTokens(call ? JSON.stringify(call.input) : '')];
  const limit = Math.min(all.length, request.parameters.maxOutputTokens ?? Number.POSITIVE_INFINITY);
  const begun = performance.now();
  for (let index = 0; index < limit; index += 1) {
    const waitMs = ttftMs + (index * 1000) / tokensPerSecond - (performance.now() - begun);
    if (waitMs > 1) await sleep(waitMs, signal);
    // Late tokens are sent at once, but the event loop still gets its turns.
    else if (index % 64 === 0) await nextTurn();
    throwIfAborted(signal);
    const token = all[index] ?? '';
    const type = index < thoughts.length ? 'reasoning-delta' : 'text-delta';
    if (call) continue;
    yield { type: 'raw', chunk: { [type]: token } };
    yield { type, text: token };
  }
  const cut = limit < all.length;
  if (call && !cut) yield { type: 'tool-call', id: `demo-call-${request.messages.length}`, ...call };
  const reasoningTokens = Math.min(limit, thoughts.length);
  const usage = { inputTokens: countInput(request), outputTokens: limit, cacheReadTokens: 0, reasoningTokens };
  yield { type: 'usage', usage };
  const reason = cut ? 'length' : call ? 'tool-calls' : 'stop';
  yield { type: 'finish', reason, rawReason: reason, servedModel: request.model };
}

/** The cost of a small image on most models. */
const PICTURE_TOKENS = 256;

/** Pieces of about the size of real tokens: a word or a part of one with its leading space. */
export function toTokens(text: string): string[] {
  return text.match(/\s*[\p{L}\p{N}_]{1,6}|\s*[^\s\p{L}\p{N}_]{1,3}|\s+/gu) ?? [];
}

function countInput({ messages, tools, output }: ChatRequest): number {
  const extra = [tools, output?.schema].map((value) => (value === undefined ? '' : JSON.stringify(value))).join('');
  const text = messages.flatMap(({ parts }) =>
    parts.map((part) => ('text' in part ? part.text : part.type === 'media' ? '' : JSON.stringify(part))),
  );
  const pictures = messages.flatMap(({ parts }) => parts).filter(({ type }) => type === 'media').length;
  return toTokens(text.join('\n') + extra).length + 4 * messages.length + PICTURE_TOKENS * pictures;
}
