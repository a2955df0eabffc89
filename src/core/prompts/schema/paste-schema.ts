import { picoschemaFromExample } from './schema-from-example.ts';

/** Larger text is a data file, not an example. */
const LONGEST_EXAMPLE = 100_000;

interface SchemaPaste {
  /** Its lines are relative to the current line's indentation, which the editor adds to each. */
  text: string;
  /** True directly under a `schema` key: there a schema is intended. */
  preferred: boolean;
}

/** A pasted JSON object or list as Picoschema; undefined if it is neither, or if no map of fields can start there. */
export function pasteAsSchema(
  source: string,
  offset: number,
  { json, frontMatter }: { json: string; frontMatter: { start: number; end: number } },
): SchemaPaste | undefined {
  if (offset < frontMatter.start || offset > frontMatter.end) return undefined;
  const lines = linesOf(json);
  const before = source.slice(frontMatter.start, offset);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const rest = /^[^\n]*/.exec(source.slice(offset))?.[0] ?? '';
  if (!lines || rest.trim() !== '') return undefined;
  const key = /^\s*([\w.]+):\s*$/.exec(line);
  if (key) {
    return { text: lines.map((one) => `\n  ${one}`).join(''), preferred: key[1] === 'schema' };
  }
  if (line.trim() !== '') return undefined;
  // directly below the key without indentation, where an editor without YAML support leaves the cursor
  const above = /(?:^|\n)([ \t]*)schema:[ \t]*\r?\n[ \t]*$/.exec(before);
  if (above && line.length <= (above[1] ?? '').length) {
    const margin = ' '.repeat((above[1] ?? '').length + 2 - line.length);
    return { text: lines.map((one) => margin + one).join('\n'), preferred: true };
  }
  return { text: lines.join('\n'), preferred: parentKey(before, line.length) === 'schema' };
}

function linesOf(json: string): string[] | undefined {
  const text = json.trim();
  if (text.length > LONGEST_EXAMPLE || !/^[{[]/.test(text)) return undefined;
  try {
    return picoschemaFromExample(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The key of the nearest line above with less indentation. */
function parentKey(before: string, margin: number): string | undefined {
  const above = before.split('\n').slice(0, -1);
  const parent = above.findLast((line) => line.trim() !== '' && line.length - line.trimStart().length < margin);
  return parent === undefined ? undefined : /^\s*([\w.]+):\s*$/.exec(parent)?.[1];
}
