import { isRecord } from '../../../shared/is-record.ts';

/** google.protobuf.Value and Struct, which protobufjs does not convert from and to JSON on its own. */
type ProtoValue = Record<string, unknown>;

export function toStruct(value: unknown): { fields: Record<string, ProtoValue> } {
  const entries = isRecord(value) ? Object.entries(value).filter(([, item]) => item !== undefined) : [];
  // fromEntries keeps a key named __proto__, which an assignment would swallow
  return { fields: Object.fromEntries(entries.map(([key, item]) => [key, toValue(item)])) };
}

export function toValue(value: unknown): ProtoValue {
  if (value === null || value === undefined) return { nullValue: 0 };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toValue) } };
  return { structValue: toStruct(value) };
}

export function fromStruct(struct: unknown): Record<string, unknown> {
  const fields = isRecord(struct) && isRecord(struct.fields) ? struct.fields : {};
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, fromValue(value)]));
}

function fromValue(value: unknown): unknown {
  if (!isRecord(value)) return undefined;
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.numberValue === 'number') return value.numberValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (isRecord(value.structValue)) return fromStruct(value.structValue);
  if (isRecord(value.listValue)) {
    const { values } = value.listValue;
    return Array.isArray(values) ? values.map(fromValue) : [];
  }
  return null;
}

/**
 * A decoded message in its REST form: proto3's default values omitted, bytes in base64, Struct as plain JSON. Only for
 * showing; numbers that may be 0 on purpose are read from the message itself.
 */
export function toPlainJson(value: unknown): unknown {
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toPlainJson);
  if (!isRecord(value)) return value;
  if (isRecord(value.fields) && Object.keys(value).length === 1) return fromStruct(value);
  const plain: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (isDefault(item) || isOneofName(key, item, value)) continue;
    plain[key] = toPlainJson(item);
  }
  return plain;
}

function isDefault(item: unknown): boolean {
  if (item === undefined || item === null || item === '' || item === 0 || item === false || item === '0') return true;
  if (typeof item === 'string') return item.endsWith('_UNSPECIFIED');
  return (Array.isArray(item) || item instanceof Uint8Array) && item.length === 0;
}

/** The loader adds the name of the chosen member of each oneof: `data: 'text'` next to `text: '…'`. */
function isOneofName(key: string, item: unknown, owner: Record<string, unknown>): boolean {
  if (key.startsWith('_')) return true;
  return typeof item === 'string' && ONEOFS.has(key) && item in owner && !Buffer.isBuffer(item);
}

const ONEOFS = new Set(['data', 'metadata', 'kind', 'source', 'chunkType', 'retrievalSource']);
