import path from 'node:path';
import { parse } from 'yaml';
import { isRecord } from '../../../shared/is-record.ts';
import type { JsonSchema } from '../../models/chat-model.ts';
import { foldersAbove } from '../folders-above.ts';
import { compilePicoschema, type SchemaResolver } from './picoschema.ts';

/** A file in a `schemas` folder, parsed. */
export interface SchemaFile {
  path: string;
  text: string;
  /** The file's content, Picoschema or JSON Schema; undefined if it cannot be read. */
  source: Record<string, unknown> | undefined;
  /** Why it cannot be read. */
  problem: string | undefined;
}

/** The order in which a folder is searched. */
const EXTENSIONS = ['yaml', 'yml', 'json'] as const;

/**
 * The possible files of a schema's name, the nearest first: `schemas/name.yaml`, `.yml` or `.json` next to the prompt,
 * then in each parent folder. The editor, the checks and the run all use this list, so that they find the same file.
 */
export function schemaCandidates(name: string, prompt: string, root: string | undefined): string[] {
  // a name is not a path: nothing outside the folders is read
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(name)) return [];
  return foldersAbove(path.dirname(prompt), root).flatMap((folder) =>
    EXTENSIONS.map((extension) => path.join(folder, 'schemas', `${name}.${extension}`)),
  );
}

export function isSchemaFile(file: string): boolean {
  return /[\\/]schemas[\\/][^\\/]+\.(?:ya?ml|json)$/.test(file);
}

/** `schemas/Person.yaml` is the schema `Person`. */
export function schemaName(file: string): string {
  return path.basename(file).replace(/\.(?:ya?ml|json)$/, '');
}

export function readSchemaFile(file: string, text: string): SchemaFile {
  const unread = (problem: string): SchemaFile => ({ path: file, text, source: undefined, problem });
  try {
    const source: unknown = parse(text, { prettyErrors: false, logLevel: 'error' });
    if (!isRecord(source)) return unread(`${path.basename(file)} must contain a map of fields or a JSON Schema.`);
    return { path: file, text, source, problem: undefined };
  } catch (error) {
    return unread(`${path.basename(file)} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** A schema that may not be read, such as a link out of the workspace; a prompt that uses it reports why. */
export function refusedSchemaFile(file: string, problem: string): SchemaFile {
  return { path: file, text: '', source: undefined, problem };
}

/** Compiles schemas by name, each once; a schema may use others, but not itself through them. */
export function createSchemaResolver(find: (name: string) => SchemaFile | undefined): SchemaResolver {
  const compiled = new Map<string, JsonSchema | string | undefined>();
  const compile = (name: string): JsonSchema | string | undefined => {
    const file = find(name);
    if (!file) return undefined;
    if (!file.source) return file.problem;
    compiled.set(name, `The schema \`${name}\` refers to itself endlessly.`);
    const { schema, problems } = compilePicoschema(file.source, resolve);
    const [problem] = problems;
    if (!problem) return schema;
    const why = problem.inCode === undefined ? problem.message : `No file defines the schema \`${problem.inCode}\`.`;
    return `${path.basename(file.path)} has an error at \`${problem.path.join('.')}\`: ${why}`;
  };
  const resolve: SchemaResolver = (name) => {
    if (!compiled.has(name)) compiled.set(name, compile(name));
    return compiled.get(name);
  };
  return resolve;
}
