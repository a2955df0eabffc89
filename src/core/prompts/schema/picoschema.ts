import { isRecord } from '../../../shared/is-record.ts';
import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import type { JsonSchema } from '../../models/chat-model.ts';

export const SCALAR_TYPES: readonly string[] = ['any', 'boolean', 'integer', 'null', 'number', 'string'];
const WILDCARD = '(*)';

/** An error in a schema, by the path of keys below the schema's own key. */
interface SchemaProblem {
  path: string[];
  message: string;
  /** The error is in the key itself. */
  onKey?: boolean;
  /** The name of a schema without a file, which a program may have registered: not an error of the file. */
  inCode?: string;
  /** The name that was probably meant instead. */
  near?: { wrong: string; meant: string };
}

/** Finds a schema by its name; a text explains why the schema with this name cannot be used. */
export type SchemaResolver = (name: string) => JsonSchema | string | undefined;

interface Compiler {
  resolve: SchemaResolver | undefined;
  problems: SchemaProblem[];
}

/**
 * Compiles Picoschema to JSON Schema like the dotprompt package (a test compares them), but synchronously, without
 * changing its input, and collecting every problem with its position instead of throwing at the first. JSON Schema is
 * returned unchanged.
 */
export function compilePicoschema(
  source: unknown,
  resolve?: SchemaResolver,
): { schema: JsonSchema | undefined; problems: SchemaProblem[] } {
  const compiler: Compiler = { resolve, problems: [] };
  if (source === null || source === undefined || source === '') return { schema: undefined, problems: [] };
  const schema = compileRoot(source, compiler);
  return { schema, problems: compiler.problems };
}

function compileRoot(source: unknown, compiler: Compiler): JsonSchema {
  if (isRecord(source)) {
    const { type } = source;
    if (typeof type === 'string' && [...SCALAR_TYPES, 'object', 'array'].includes(type)) return structuredClone(source);
    if (isRecord(source.properties)) return { ...structuredClone(source), type: 'object' };
  }
  return compileType(source, [], compiler);
}

function compileType(source: unknown, path: string[], compiler: Compiler): JsonSchema {
  if (typeof source === 'string') return compileName(source, path, compiler);
  if (isRecord(source)) return compileObject(source, path, compiler);
  const found = source === null ? 'nothing' : Array.isArray(source) ? 'a list' : `\`${String(source)}\``;
  const hint = Array.isArray(source) ? ' A list of allowed values is written `name(enum): [a, b]`.' : '';
  compiler.problems.push({
    path,
    message: `A type must be a name such as \`string\` or a map of fields, not ${found}.${hint}`,
  });
  return {};
}

function compileName(source: string, path: string[], compiler: Compiler): JsonSchema {
  const [type, description] = splitDescription(source);
  const described = description ? { description } : {};
  if (type === 'any') return described;
  if (SCALAR_TYPES.includes(type)) return { type, ...described };
  const named = compiler.resolve?.(type);
  if (typeof named === 'object') return { ...structuredClone(named), ...described };
  if (named !== undefined) {
    compiler.problems.push({ path, message: named });
    return described;
  }
  if (mayBeInCode(type, path)) {
    const message = `No file defines the schema \`${type}\`: it may be registered in code. ${path.length === 0 ? 'Values' : 'Its values'} are not checked here. To check them, add \`schemas/${type}.yaml\`.`;
    compiler.problems.push({ path, message, inCode: type });
    return described;
  }
  const known = SCALAR_TYPES.join(', ');
  const message = `Unknown type \`${type}\`: use ${known}, or the name of a schema in a folder \`schemas\` next to this file or above it.`;
  compiler.problems.push(withNearName({ path, message }, type, SCALAR_TYPES));
  return described;
}

/** Type names of other languages and formats; none of them is likely to be the name of a schema. */
const OTHER_TYPE_NAMES = new Set(
  'array object enum list map dict text str int float double long decimal bool date datetime json union tuple'.split(
    ' ',
  ),
);

/**
 * Programs register schemas by name (Genkit's `defineSchema`). In place of a whole schema any name may be one; as the
 * type of a field only a name that looks like a schema's, since there a typo is more likely.
 */
function mayBeInCode(name: string, path: readonly string[]): boolean {
  if (!/^[A-Za-z_][\w-]*(?:\.[\w-]+)*$/.test(name) || OTHER_TYPE_NAMES.has(name.toLowerCase())) return false;
  if (nearestNames(name, SCALAR_TYPES, 1).length > 0) return false;
  return path.length === 0 || /^[A-Z]/.test(name);
}

function compileObject(source: Record<string, unknown>, path: string[], compiler: Compiler): JsonSchema {
  const properties: [string, JsonSchema][] = [];
  const required: string[] = [];
  let additionalProperties: JsonSchema | false = false;
  for (const [key, value] of Object.entries(source)) {
    const at = [...path, key];
    if (key === WILDCARD) {
      additionalProperties = compileType(value, at, compiler);
      continue;
    }
    const { name, optional, kind, description } = readKey(key, at, compiler);
    if (!optional) required.push(name);
    const schema = compileField({ kind, optional, value }, at, compiler);
    properties.push([name, description ? { ...schema, description } : schema]);
  }
  const schema: JsonSchema = { type: 'object', properties: Object.fromEntries(properties), additionalProperties };
  return required.length > 0 ? { ...schema, required } : schema;
}

interface FieldKey {
  name: string;
  optional: boolean;
  /** The content of the parentheses: `tags(array, all of them)`. */
  kind: string | undefined;
  description: string | undefined;
}

function readKey(key: string, path: string[], compiler: Compiler): FieldKey {
  const paren = key.indexOf('(');
  const head = paren < 0 ? key : key.slice(0, paren);
  const optional = head.endsWith('?');
  const name = optional ? head.slice(0, -1) : head;
  if (paren < 0) return { name, optional, kind: undefined, description: undefined };
  if (!key.endsWith(')'))
    compiler.problems.push({ path, message: `The parenthesis in \`${key}\` is not closed.`, onKey: true });
  const [kind, description] = splitDescription(key.slice(paren + 1, key.endsWith(')') ? -1 : undefined));
  return { name, optional, kind, description };
}

function compileField(
  { kind, optional, value }: { kind: string | undefined; optional: boolean; value: unknown },
  path: string[],
  compiler: Compiler,
): JsonSchema {
  switch (kind) {
    case undefined: {
      const schema = compileType(value, path, compiler);
      return optional && typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'] } : schema;
    }
    case 'array':
      return { type: optional ? ['array', 'null'] : 'array', items: compileType(value, path, compiler) };
    case 'object': {
      const schema = compileType(value, path, compiler);
      return optional ? { ...schema, type: [schema.type, 'null'] } : schema;
    }
    case 'enum':
      if (!Array.isArray(value)) {
        compiler.problems.push({ path, message: 'An enum needs a list of its values: `name(enum): [a, b]`.' });
        return {};
      }
      return { enum: optional && !value.includes(null) ? [...value, null] : [...value] };
    default:
      compiler.problems.push(
        withNearName(
          { path, message: `Only array, object and enum are allowed in parentheses, not \`${kind}\`.`, onKey: true },
          kind,
          ['array', 'object', 'enum'],
        ),
      );
      return {};
  }
}

function withNearName(problem: SchemaProblem, wrong: string, names: readonly string[]): SchemaProblem {
  const near = nearestNames(wrong, names, 1);
  const [meant] = near;
  if (meant === undefined) return problem;
  return { ...problem, message: `${problem.message} ${didYouMean(near)}`, near: { wrong, meant } };
}

/** `number, the description, with commas`: the first comma ends the type. */
export function splitDescription(text: string): [string, string | undefined] {
  const comma = text.indexOf(',');
  if (comma < 0) return [text.trim(), undefined];
  return [text.slice(0, comma).trim(), text.slice(comma + 1).trim() || undefined];
}
