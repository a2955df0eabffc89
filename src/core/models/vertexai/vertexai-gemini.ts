import type { CancellableStream } from 'google-gax';
import { isRecord } from '../../../shared/is-record.ts';
import { definedFields } from '../../base/defined-fields.ts';
import { isSecretHeader } from '../../base/secrets/redact.ts';
import { modelCapabilities } from '../catalogue/catalogue.ts';
import type { ChatModel, ChatRequest } from '../chat-model.ts';
import { type ChunkSource, readIterable } from '../transport/chunk-source.ts';
import { streamFromSdk } from '../transport/sdk-stream.ts';
import { type Attempt, WatchedAttempt } from '../transport/stream-guard.ts';
import { callGrpc, failGrpc, grpcHeaders, type VertexContext } from './vertexai-context.ts';
import { routeModel } from './vertexai-endpoint.ts';
import { type GenerateBody, mapGeminiRequest, type VertexContent, type VertexPart } from './vertexai-request.ts';
import { createGeminiMapper, type GenerateChunk } from './vertexai-stream.ts';
import { toPlainJson, toStruct, toValue } from './vertexai-struct.ts';

/** Instead of the library's 30 seconds: silence is detected here, and a stream may take long. */
const LONGEST_STREAM_MS = 24 * 60 * 60 * 1000;

/** Gemini and tuned endpoints, over gRPC with the official client. */
export function createGeminiChat(vertex: VertexContext): ChatModel {
  const { context, guard } = vertex;
  return {
    stream(request, signal) {
      const { model } = request;
      const { body, warnings } = mapGeminiRequest(request, modelCapabilities('vertexai', model));
      const open = (attempt: Attempt) => openStream(vertex, { attempt, model, body });
      return streamFromSdk({ context, guard, model, warnings, open, createMapper: createGeminiMapper }, signal);
    },
    countTokens: (request, signal) => countTokens(vertex, request, signal),
  };
}

async function openStream(
  vertex: VertexContext,
  { attempt, model, body }: { attempt: Attempt; model: string; body: GenerateBody },
): Promise<ChunkSource<GenerateChunk>> {
  const { clients, endpoint } = vertex;
  const resource = await resourceOf(vertex, model);
  const headers = await grpcHeaders(vertex);
  const client = await clients.prediction();
  attempt.signal.throwIfAborted();
  const request = { ...toProtoBody(body), model: resource };
  if (attempt instanceof WatchedAttempt) {
    // Shown as the equivalent REST call, so that it can be read and repeated with curl.
    const url = `${endpoint.baseUrl}/v1/${resource}:streamGenerateContent?alt=sse`;
    const shown: unknown = JSON.parse(vertex.guard.redactor.removeSecrets(JSON.stringify(body)));
    attempt.reportSent({ url, headers: shownHeaders(vertex, headers), body: shown });
    attempt.mark(true);
  }
  const stream = client.streamGenerateContent(request, {
    otherArgs: { headers },
    // No retries by the library: they are reported here.
    timeout: LONGEST_STREAM_MS,
    retryRequestOptions: { retries: 0, noResponseRetries: 0 },
  });
  return readIterable(readStream(stream, attempt, (error) => failGrpc(vertex, error, model)));
}

async function* readStream(
  stream: CancellableStream,
  attempt: Attempt,
  explain: (error: unknown) => Promise<Error>,
): AsyncGenerator<GenerateChunk> {
  const watch = attempt instanceof WatchedAttempt ? attempt : undefined;
  const cancel = () => stream.cancel();
  // Cancelling makes the stream fail once more, when nobody listens any longer.
  stream.on('error', () => undefined);
  // a signal that aborted before the first chunk was asked for does not say so again
  if (attempt.signal.aborted) cancel();
  attempt.signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const chunk of stream) {
      watch?.mark(false);
      if (watch) watch.received = true;
      const plain = toPlainJson(chunk);
      if (isRecord(plain)) yield plain;
      watch?.mark(true);
    }
  } catch (error) {
    throw await explain(error);
  } finally {
    attempt.signal.removeEventListener('abort', cancel);
    cancel();
  }
}

async function countTokens(vertex: VertexContext, request: ChatRequest, signal: AbortSignal): Promise<number> {
  const { body } = mapGeminiRequest(request, modelCapabilities('vertexai', request.model));
  const model = await resourceOf(vertex, request.model);
  const { contents, systemInstruction, tools } = toProtoBody(body);
  const counted: Record<string, unknown> = definedFields({ contents, systemInstruction, tools });
  const client = await vertex.clients.utility();
  const answer = await callGrpc(vertex, {
    model: request.model,
    signal,
    call: (options) => client.countTokens({ endpoint: model, model, ...counted }, options),
  });
  return answer[0].totalTokens ?? 0;
}

async function resourceOf(vertex: VertexContext, model: string): Promise<string> {
  if (model.startsWith('projects/')) return model;
  const project = await vertex.auth.project();
  const route = routeModel(model, { project, location: vertex.endpoint.location });
  return route.kind === 'gemini' ? route.resource : model;
}

function shownHeaders({ guard }: VertexContext, headers: Record<string, string>): Record<string, string> {
  const shown: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(headers)) {
    if (!isSecretHeader(name)) shown[name] = guard.redactor.redact(value);
  }
  return shown;
}

/** A REST body in the shape that protobufjs encodes: Struct and Value spelled out, the rest is the same. */
function toProtoBody(body: GenerateBody): Record<string, unknown> {
  const proto: Record<string, unknown> = { ...body, contents: body.contents.map(toProtoContent) };
  if (body.systemInstruction) proto.systemInstruction = toProtoContent(body.systemInstruction);
  if (body.tools) {
    proto.tools = body.tools.map(({ functionDeclarations }) => ({
      functionDeclarations: functionDeclarations.map((declaration) => ({
        ...declaration,
        ...(isRecord(declaration.parameters) ? { parameters: toProtoSchema(declaration.parameters) } : {}),
      })),
    }));
  }
  const config = body.generationConfig;
  if (config && isRecord(config.responseSchema)) {
    proto.generationConfig = { ...config, responseSchema: toProtoSchema(config.responseSchema) };
  }
  return proto;
}

function toProtoContent({ role, parts }: VertexContent): Record<string, unknown> {
  return { ...(role === undefined ? {} : { role }), parts: parts.map(toProtoPart) };
}

function toProtoPart(part: VertexPart): Record<string, unknown> {
  const proto = { ...part };
  if (isRecord(part.functionCall))
    proto.functionCall = { ...part.functionCall, args: toStruct(part.functionCall.args) };
  if (isRecord(part.functionResponse)) {
    proto.functionResponse = { ...part.functionResponse, response: toStruct(part.functionResponse.response) };
  }
  return proto;
}

function toProtoSchema(schema: Record<string, unknown>): Record<string, unknown> {
  const proto = { ...schema };
  if ('default' in schema) proto.default = toValue(schema.default);
  if (isRecord(schema.items)) proto.items = toProtoSchema(schema.items);
  if (Array.isArray(schema.anyOf)) proto.anyOf = schema.anyOf.filter(isRecord).map(toProtoSchema);
  if (isRecord(schema.properties)) {
    proto.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, value]) => [name, isRecord(value) ? toProtoSchema(value) : {}]),
    );
  }
  return proto;
}
