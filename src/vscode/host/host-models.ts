import * as vscode from 'vscode';
import type { ErrorCode } from '../../core/base/error-kinds.ts';
import { ProviderError } from '../../core/base/errors.ts';
import type { ChatEvent, ChatModel, ChatRequest, ListedModel, Message, Part } from '../../core/models/chat-model.ts';
import type { HostModels } from '../../core/models/models.ts';

/**
 * Models of VS Code's language model API. VS Code asks for the user's consent with the first request, not when models
 * are listed.
 */
export function createHostModels(): HostModels | undefined {
  if (!vscode.lm?.selectChatModels) return undefined;
  return { list: listHostModels, chat: () => hostChat };
}

async function listHostModels(): Promise<ListedModel[]> {
  const models = await vscode.lm.selectChatModels();
  return models.map((model) => ({
    id: `${model.vendor}/${model.id}`,
    displayName: model.name,
    contextWindow: model.maxInputTokens,
  }));
}

const hostChat: ChatModel = {
  stream: streamHostModel,
  async countTokens(request, signal) {
    const model = await findModel(request.model);
    return countAll(model, toHostMessages(request.messages).messages, signal);
  },
};

async function findModel(id: string): Promise<vscode.LanguageModelChat> {
  const slash = id.indexOf('/');
  const [model] = await vscode.lm.selectChatModels({ vendor: id.slice(0, slash), id: id.slice(slash + 1) });
  if (model) return model;
  throw new ProviderError(`VS Code does not provide the model “${id}”.`, {
    code: 'model-not-found',
    hint: 'Sign in to the extension that provides it, or choose another model.',
    retryable: false,
  });
}

async function* streamHostModel(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
  const source = new vscode.CancellationTokenSource();
  const onAbort = () => source.cancel();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const model = await findModel(request.model);
    const { messages, folded } = toHostMessages(request.messages);
    const options = hostOptions(request);
    yield { type: 'request', url: `vscode-lm:${request.model}`, headers: {}, body: { messages, ...options } };
    yield* warnings(request, folded);
    const inputTokens = await countAll(model, messages, signal);
    const response = await model.sendRequest(messages, options, source.token);
    yield* streamParts(response, model, inputTokens);
  } catch (error) {
    signal.throwIfAborted();
    throw toProviderError(error, request.model);
  } finally {
    signal.removeEventListener('abort', onAbort);
    source.dispose();
  }
}

async function* streamParts(
  response: vscode.LanguageModelChatResponse,
  model: vscode.LanguageModelChat,
  inputTokens: number,
): AsyncGenerator<ChatEvent> {
  let text = '';
  let calls = 0;
  for await (const part of response.stream) {
    if (part instanceof vscode.LanguageModelTextPart) {
      text += part.value;
      yield { type: 'text-delta', text: part.value };
    } else if (part instanceof vscode.LanguageModelToolCallPart) {
      calls++;
      yield { type: 'tool-call', id: part.callId, name: part.name, input: part.input };
    }
  }
  // The API does not report usage, so both numbers come from the model's own tokenizer.
  yield { type: 'usage', usage: { inputTokens, outputTokens: await model.countTokens(text) } };
  yield { type: 'finish', reason: calls ? 'tool-calls' : 'stop', rawReason: undefined, servedModel: model.version };
}

function* warnings(request: ChatRequest, folded: boolean): Generator<ChatEvent> {
  if (folded) {
    const message = 'VS Code’s models have no system role. The system text was added to the first user message.';
    yield { type: 'warning', warning: { code: 'system-folded', message } };
  }
  const message = 'VS Code’s models do not report usage. Tokens are counted locally (≈), and the cost is unknown.';
  yield { type: 'warning', warning: { code: 'usage-estimated', message } };
  if (request.output?.schema) {
    const text =
      'VS Code’s models do not support structured output. The schema was not sent; the answer is checked against it.';
    yield { type: 'warning', warning: { code: 'schema-unsupported', message: text } };
  }
}

function hostOptions({ parameters, tools }: ChatRequest): vscode.LanguageModelChatRequestOptions {
  const { extra, maxOutputTokens, topP, temperature, toolChoice } = parameters;
  const modelOptions = {
    ...extra,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(maxOutputTokens === undefined ? {} : { max_tokens: maxOutputTokens }),
  };
  return {
    justification: 'Run the prompt that you chose in LLMOps Workbench.',
    ...(Object.keys(modelOptions).length ? { modelOptions } : {}),
    ...(tools?.length && toolChoice !== 'none'
      ? {
          ...(toolChoice === 'required' ? { toolMode: vscode.LanguageModelChatToolMode.Required } : {}),
          tools: tools.map(({ description = '', ...tool }) => ({ ...tool, description })),
        }
      : {}),
  };
}

/** Adds the system text to the first user message, because the API has no system role. */
function toHostMessages(messages: Message[]): { messages: vscode.LanguageModelChatMessage[]; folded: boolean } {
  const system = messages.filter((message) => message.role === 'system').flatMap((message) => textOf(message.parts));
  const rest = messages.filter((message) => message.role !== 'system');
  const out = rest.map((message) => {
    const content = message.parts.flatMap(toHostPart);
    // the kinds of parts depend on the role, which types cannot express
    if (message.role === 'assistant') return vscode.LanguageModelChatMessage.Assistant(content as AssistantPart[]);
    return vscode.LanguageModelChatMessage.User(content as UserPart[]);
  });
  if (!system.length) return { messages: out, folded: false };
  const text = `${system.join('\n\n')}\n\n`;
  const first = rest.findIndex((message) => message.role === 'user');
  const target = out[first];
  if (target) target.content.unshift(new vscode.LanguageModelTextPart(text));
  else out.unshift(vscode.LanguageModelChatMessage.User(text));
  return { messages: out, folded: true };
}

function textOf(parts: Part[]): string[] {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
}

type AssistantPart = vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart;
type UserPart = vscode.LanguageModelTextPart | vscode.LanguageModelToolResultPart;

function toHostPart(part: Part): (AssistantPart | UserPart)[] {
  switch (part.type) {
    case 'text':
      return [new vscode.LanguageModelTextPart(part.text)];
    case 'tool-call':
      return [new vscode.LanguageModelToolCallPart(part.id, part.name, part.input as object)];
    case 'tool-result':
      return [new vscode.LanguageModelToolResultPart(part.id, [new vscode.LanguageModelTextPart(part.output)])];
    case 'reasoning':
      return [];
    case 'media': {
      const data = /^data:([^;,]+);base64,(.*)$/s.exec(part.url);
      if (!data?.[1] || data[2] === undefined) return [new vscode.LanguageModelTextPart(part.url)];
      return [imagePart(Buffer.from(data[2], 'base64'), data[1])];
    }
  }
}

/** Older supported versions of VS Code have no images in this API. For these, a text placeholder is sent. */
function imagePart(bytes: Uint8Array, mime: string): vscode.LanguageModelTextPart {
  const { LanguageModelDataPart } = vscode as unknown as {
    LanguageModelDataPart?: { image(bytes: Uint8Array, mime: string): vscode.LanguageModelTextPart };
  };
  return LanguageModelDataPart?.image(bytes, mime) ?? new vscode.LanguageModelTextPart(`[${mime}, not sent]`);
}

async function countAll(
  model: vscode.LanguageModelChat,
  messages: vscode.LanguageModelChatMessage[],
  signal: AbortSignal,
): Promise<number> {
  const counts = await Promise.all(messages.map((message) => model.countTokens(message)));
  signal.throwIfAborted();
  return counts.reduce((sum, count) => sum + count, 0);
}

function toProviderError(error: unknown, model: string): unknown {
  if (!(error instanceof vscode.LanguageModelError)) return error;
  const { NoPermissions, Blocked, NotFound } = vscode.LanguageModelError;
  const failed = (message: string, code: ErrorCode, hint: string) =>
    new ProviderError(message, { code, hint, retryable: false, cause: error });
  switch (error.code) {
    case NoPermissions.name: {
      const hint = 'Run again and allow access, or manage access in the Accounts menu.';
      return failed(`VS Code did not allow access to ${model}.`, 'auth', hint);
    }
    case Blocked.name: {
      const hint = 'Change the prompt. If a quota is used up, wait until it is reset.';
      return failed(`${model} refused the request: ${error.message}`, 'content-filter', hint);
    }
    default: {
      const code = error.code === NotFound.name ? 'model-not-found' : 'server';
      return failed(`${model} failed: ${error.message}`, code, 'Run again, or choose another model.');
    }
  }
}
