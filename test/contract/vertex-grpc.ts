import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import * as grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import type { VertexReply, VertexRequest } from './vertex-server.ts';
import { DEFAULT_USAGE, geminiChunks } from './vertex-streams.ts';

export interface GrpcHooks {
  token: string | undefined;
  models: Record<string, Record<string, unknown>[]>;
  /** Breaks every connection, like a failing network. */
  cut(): void;
  /** A client has abandoned a stream. */
  hungUp(): void;
  /** Records the request and chooses the response. */
  answer(request: VertexRequest): VertexReply;
}

type Json = Record<string, unknown>;
type Unary = grpc.handleUnaryCall<Json, Json>;
type Streaming = grpc.handleServerStreamingCall<Json, Json>;

const loadJson = createRequire(import.meta.url);
const PREDICTION = 'google.cloud.aiplatform.v1.PredictionService';
const UTILITY = 'google.cloud.aiplatform.v1.LlmUtilityService';
const GARDEN = 'google.cloud.aiplatform.v1beta1.ModelGardenService';

/** The gRPC half, on a separate port behind the public one. */
export async function createVertexGrpc(hooks: GrpcHooks): Promise<{ port: number; stop(): void }> {
  const root = protobuf.Root.fromJSON(loadJson('@google-cloud/aiplatform/build/protos/protos.json'));
  const server = new grpc.Server();
  server.addService(define(root, PREDICTION, 'StreamGenerateContent'), { StreamGenerateContent: streamContent(hooks) });
  server.addService(define(root, UTILITY, 'CountTokens'), { CountTokens: countTokens(hooks) });
  server.addService(define(root, GARDEN, 'ListPublisherModels'), { ListPublisherModels: listModels(hooks) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}

function define(root: protobuf.Root, service: string, name: string): grpc.ServiceDefinition {
  const method = root.lookupService(service).methods[name];
  method?.resolve();
  const { resolvedRequestType: input, resolvedResponseType: output } = method ?? {};
  if (!input || !output) throw new Error(`The protos have no ${service}.${name}.`);
  return {
    [name]: {
      path: `/${service}/${name}`,
      requestStream: false,
      responseStream: method?.responseStream === true,
      requestSerialize: (value: Json) => Buffer.from(input.encode(input.fromObject(value)).finish()),
      requestDeserialize: (bytes: Buffer) =>
        input.toObject(input.decode(bytes), { longs: String, enums: String, bytes: String }),
      responseSerialize: (value: Json) => Buffer.from(output.encode(output.fromObject(value)).finish()),
      responseDeserialize: (bytes: Buffer) => output.decode(bytes),
    },
  };
}

function streamContent(hooks: GrpcHooks): Streaming {
  return async (call) => {
    const request = read('gemini', call);
    call.on('cancelled', hooks.hungUp);
    const reply = hooks.answer(request);
    const refused = refusal(hooks, request);
    if (refused) return void call.emit('error', refused);
    if (reply.error && !reply.chunks && !reply.text) return void call.emit('error', toStatus(reply.error));
    for (const chunk of reply.chunks ?? geminiChunks(request.model, reply)) {
      if (reply.delayMs) await wait(reply.delayMs);
      if (call.cancelled) return;
      call.write(withStructs(chunk));
    }
    if (reply.error) return void call.emit('error', toStatus(reply.error));
    // The last write has to leave this machine before the connection breaks.
    if (reply.ending === 'cut') return void setTimeout(hooks.cut, 50);
    if (reply.ending !== 'hang') call.end();
  };
}

function countTokens(hooks: GrpcHooks): Unary {
  return (call, done) => {
    const request = read('count', call);
    const { error, usage = DEFAULT_USAGE } = hooks.answer(request);
    const failed = refusal(hooks, request) ?? (error && toStatus(error));
    if (failed) done(failed);
    else done(null, { totalTokens: usage.input });
  };
}

function listModels(hooks: GrpcHooks): Unary {
  return (call, done) => {
    const request = read('list', call);
    const { error } = hooks.answer(request);
    const failed = refusal(hooks, request) ?? (error && toStatus(error));
    if (failed) return done(failed);
    const publisher = String(request.body.parent).replace('publishers/', '');
    done(null, { publisherModels: hooks.models[publisher] ?? [] });
  };
}

function read(protocol: VertexRequest['protocol'], call: { metadata: grpc.Metadata; request: Json }): VertexRequest {
  const headers = Object.fromEntries(
    Object.entries(call.metadata.getMap()).map(([name, value]) => [name, String(value)]),
  );
  return { protocol, model: String(call.request.model ?? ''), headers, body: call.request };
}

function refusal({ token }: GrpcHooks, { headers }: VertexRequest): Partial<grpc.ServiceError> | undefined {
  if (!token || headers.authorization === `Bearer ${token}`) return undefined;
  return { code: grpc.status.UNAUTHENTICATED, details: 'Request had invalid authentication credentials.' };
}

function toStatus({
  grpc: name,
  message,
  retryAfterMs,
}: NonNullable<VertexReply['error']>): Partial<grpc.ServiceError> {
  const code = grpc.status[name as keyof typeof grpc.status];
  const metadata = new grpc.Metadata();
  if (retryAfterMs !== undefined) metadata.set('grpc-status-details-bin', retryDetails(code, message, retryAfterMs));
  return { code, details: message, metadata };
}

const RPC = protobuf.parse(`syntax = "proto3"; package google.rpc;
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message RetryInfo { Duration retry_delay = 1; }
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }`).root;

/** google.rpc.Status with a RetryInfo, as Google's servers attach it to RESOURCE_EXHAUSTED. */
function retryDetails(code: number, message: string, ms: number): Buffer {
  const encode = (type: string, value: Json) => {
    const found = RPC.lookupType(`google.rpc.${type}`);
    return Buffer.from(found.encode(found.fromObject(value)).finish());
  };
  const value = encode('RetryInfo', { retryDelay: { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 } });
  return encode('Status', { code, message, details: [{ typeUrl: 'type.googleapis.com/google.rpc.RetryInfo', value }] });
}

/** Arguments of function calls are plain JSON in the scripts and a Struct on the wire. */
function withStructs(value: unknown): Json {
  return JSON.parse(JSON.stringify(value), (key, item) => (key === 'args' ? toStruct(item as Json) : item)) as Json;
}

function toStruct(record: Json): Json {
  return { fields: Object.fromEntries(Object.entries(record).map(([key, value]) => [key, toValue(value)])) };
}

function toValue(value: unknown): Json {
  if (value === null) return { nullValue: 'NULL_VALUE' };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toValue) } };
  return { structValue: toStruct(value as Json) };
}
