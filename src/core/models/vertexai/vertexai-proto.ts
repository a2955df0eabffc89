import { isRecord } from '../../base/is-record.ts';
import type { GenerateBody, VertexContent, VertexPart } from './vertexai-request.ts';
import { toStruct, toValue } from './vertexai-struct.ts';

/** A REST body in the shape that protobufjs encodes: Struct and Value spelled out, the rest is the same. */
export function toProtoBody(body: GenerateBody): Record<string, unknown> {
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
