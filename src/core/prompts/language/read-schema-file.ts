import { parse } from 'yaml';
import { compilePicoschema } from '../picoschema.ts';
import { isRecord } from '../yaml-data.ts';

/** The JSON Schema of a file of `schemas/`, which may hold Picoschema; undefined where it cannot be read. */
export function readSchemaFile(text: string): Record<string, unknown> | undefined {
  try {
    const source: unknown = parse(text, { logLevel: 'silent' });
    return isRecord(source) ? compilePicoschema(source).schema : undefined;
  } catch {
    return undefined;
  }
}
