import { isRecord } from '../../../shared/is-record.ts';
import type { JsonSchema } from '../../models/chat-model.ts';

/** Deeper values are hardly compared one by one, and a schema may contain itself. */
const DEEPEST = 4;

/** The paths of the values that a schema declares, as `path` of a metric is written: `risk_level`, `factors[0].name`. */
export function answerPaths(schema: JsonSchema | undefined): string[] {
  return pathsBelow(schema, '', 0).filter((path) => path !== '');
}

function pathsBelow(schema: unknown, path: string, depth: number): string[] {
  if (!isRecord(schema) || depth > DEEPEST) return [];
  const own = path === '' ? [] : [path];
  if (isRecord(schema.properties)) {
    const entries = Object.entries(schema.properties).filter(([name]) => /^[\w-]+$/.test(name));
    const below = entries.flatMap(([name, item]) =>
      pathsBelow(item, path === '' ? name : `${path}.${name}`, depth + 1),
    );
    return [...own, ...below];
  }
  return [...own, ...(isRecord(schema.items) ? pathsBelow(schema.items, `${path}[0]`, depth + 1) : [])];
}
