import { isRecord } from '../../../shared/is-record.ts';
import type { ToolCallValue } from '../metrics/metric.ts';

/** Tool calls of a dataset, in the shape of OpenAI's API or as `name` with `arguments` or `args`; undefined if they are none. */
export function readToolCalls(value: unknown): ToolCallValue[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const calls = value.map(readCall);
  return calls.every((call) => call !== undefined) ? calls : undefined;
}

export function readCall(value: unknown): ToolCallValue | undefined {
  if (!isRecord(value)) return undefined;
  const call = isRecord(value.function) ? value.function : value;
  if (typeof call.name !== 'string') return undefined;
  const written = call.arguments ?? call.args ?? call.input ?? {};
  if (typeof written !== 'string') return { name: call.name, arguments: written };
  try {
    return { name: call.name, arguments: JSON.parse(written) };
  } catch {
    return undefined;
  }
}
