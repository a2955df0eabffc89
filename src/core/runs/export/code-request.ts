import { isRecord } from '../../../shared/is-record.ts';
import { abortError } from '../../base/abort.ts';
import { UserError } from '../../base/errors.ts';
import type { Fetch, Log } from '../../base/ports.ts';
import type { ChatRequest } from '../../models/chat-model.ts';
import { type Connection, parseModelRef } from '../../models/connection.ts';
import { refuseLooseTools } from '../../prompts/render/tool-sections.ts';
import type { RunSpec } from '../events.ts';

/** The client library that a program for this request would use. */
type CodeClient = 'openai' | 'azure-openai' | 'anthropic' | 'anthropic-vertex' | 'vertex-openai' | 'genai';

/** A request as a program would send it: without streaming, and with its secrets' names instead of their values. */
export interface CodeRequest {
  client: CodeClient;
  connection: Connection;
  /** By the provider's own id. */
  model: string;
  url: string;
  body: Record<string, unknown>;
}

/** Writes the program of a request with the package that its client needs. */
export function writeProgram(
  request: CodeRequest,
  write: Record<'anthropic' | 'genai' | 'openai', (request: CodeRequest) => string>,
): string {
  switch (request.client) {
    case 'anthropic':
    case 'anthropic-vertex':
      return write.anthropic(request);
    case 'genai':
      return write.genai(request);
    default:
      return write.openai(request);
  }
}

/** The request that the provider's own code would send, so that the copy is exact and not an approximation. */
export async function readCodeRequest(spec: RunSpec, connection: Connection, log: Log): Promise<CodeRequest> {
  const { type } = connection;
  if (type === 'demo' || type === 'vscode') {
    throw new UserError(`${spec.model} has no API that a program could call.`, {
      code: 'usage',
      hint: 'Choose a column with a model of a provider, then copy its request as code.',
    });
  }
  const request = requestOf(spec);
  if (type === 'vertexai') return vertexRequest(connection, request);
  const { url, body } = await capture(connection, request, log);
  const client = type === 'anthropic' || type === 'azure-openai' ? type : 'openai';
  return { client, connection, model: request.model, url, body: withoutStreaming(body) };
}

/** The streaming request of a run, as its provider would receive it; also for the demo models. */
export async function readProviderRequest(
  spec: RunSpec,
  connection: Connection,
  log: Log,
): Promise<{ url: string; body: Record<string, unknown> }> {
  const request = requestOf(spec);
  return connection.type === 'vertexai' ? vertexRequest(connection, request) : capture(connection, request, log);
}

function requestOf(spec: RunSpec): ChatRequest {
  const model = parseModelRef(spec.model)?.model ?? spec.model;
  const { messages, parameters, output, tools, promptCaching } = spec;
  refuseLooseTools(messages, spec.prompt.name);
  return { model, messages, parameters, output, tools, promptCaching };
}

/** Lets the provider create its request and captures it: nothing is sent, and no key is needed. */
async function capture(connection: Connection, request: ChatRequest, log: Log) {
  const { loadProvider } = await import('../../models/load-provider.ts');
  if (connection.type === 'vscode') throw new Error('VS Code’s models have no requests.');
  const createProvider = await loadProvider(connection.type);
  const control = new AbortController();
  const provider = createProvider({
    connection: { ...connection, headers: {} },
    apiKey: 'none',
    headers: {},
    fetch: neverAnswer,
    network: { rejectUnauthorized: true },
    timeoutMs: 10_000,
    maxRetries: 0,
    log,
  });
  try {
    for await (const event of provider.chat.stream(request, control.signal)) {
      if (event.type === 'request' && isRecord(event.body)) return { url: event.url, body: event.body };
    }
  } finally {
    control.abort();
  }
  throw new UserError(`The request to ${connection.id} could not be made.`, { code: 'internal' });
}

const neverAnswer: Fetch = (_input, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(abortError()), { once: true });
  });

/** Vertex AI has three protocols, two of them only with Google's token, so its requests are mapped, not captured. */
async function vertexRequest(connection: Connection, request: ChatRequest): Promise<CodeRequest> {
  const { readEndpoint, routeModel } = await import('../../models/vertexai/vertexai-endpoint.ts');
  const { modelCapabilities } = await import('../../models/catalogue/catalogue.ts');
  const { baseUrl, location } = readEndpoint(connection);
  const project = connection.project ?? 'PROJECT';
  const route = routeModel(request.model, { project, location });
  const parent = `${baseUrl}/v1/projects/${project}/locations/${location}`;
  const can = modelCapabilities('vertexai', request.model);
  const owner = { ...connection, project, location };
  if (route.kind === 'gemini') {
    const { mapGeminiRequest } = await import('../../models/vertexai/vertexai-request.ts');
    const url = `${baseUrl}/v1/${route.resource}:generateContent`;
    const model = route.resource.replace(/^.*\/publishers\/google\/models\//, '');
    return { client: 'genai', connection: owner, model, url, body: { ...mapGeminiRequest(request, can).body } };
  }
  if (route.kind === 'claude') {
    const { mapMessagesRequest } = await import('../../models/anthropic/anthropic-request.ts');
    const { body } = mapMessagesRequest({ ...request, model: route.model }, can);
    const url = `${parent}/publishers/anthropic/models/${route.model}:rawPredict`;
    return {
      client: 'anthropic-vertex',
      connection: owner,
      model: route.model,
      url,
      body: withoutStreaming({ ...body }),
    };
  }
  const { mapChatRequest } = await import('../../models/openai/openai-request.ts');
  const { compatibleDialect } = await import('../../models/openai/openai-compatible.ts');
  const { body } = mapChatRequest({ ...request, model: route.model }, compatibleDialect(connection.id), can);
  const url = `${parent}/endpoints/openapi/chat/completions`;
  return { client: 'vertex-openai', connection: owner, model: route.model, url, body: withoutStreaming({ ...body }) };
}

function withoutStreaming(body: Record<string, unknown>): Record<string, unknown> {
  const { stream: _stream, stream_options: _options, ...rest } = body;
  return rest;
}
