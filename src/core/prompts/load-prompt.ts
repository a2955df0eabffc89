import path from 'node:path';
import type { FileReader } from '../base/ports.ts';
import type { JsonSchema } from '../models/chat-model.ts';
import { readSchemaFile } from './language/read-schema-file.ts';
import { parsePrompt } from './parse.ts';
import type { ParsedPrompt } from './prompt.ts';

export interface PromptPlace {
  path: string;
  /** Schemas are looked for in the folder `schemas` beside the file and in those above it, up to here. */
  root: string | undefined;
  files: FileReader;
}

/** Reads a prompt with the schemas that it names; most name none, and are read once. */
export async function loadPrompt(source: string, place: PromptPlace): Promise<ParsedPrompt> {
  const missing = new Set<string>();
  const first = parsePrompt(source, {
    path: place.path,
    resolveSchema(name) {
      missing.add(name);
      return undefined;
    },
  });
  if (missing.size === 0) return first;
  const schemas = new Map<string, JsonSchema>();
  for (const name of missing) {
    const schema = await readNamedSchema(name, place);
    if (schema) schemas.set(name, schema);
  }
  if (schemas.size === 0) return first;
  return parsePrompt(source, { path: place.path, resolveSchema: (name) => schemas.get(name) });
}

async function readNamedSchema(
  name: string,
  { path: file, root, files }: PromptPlace,
): Promise<JsonSchema | undefined> {
  // a name is no path: nothing outside of the folder is read
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(name)) return undefined;
  for (const folder of foldersAbove(path.dirname(file), root)) {
    for (const extension of ['yaml', 'yml', 'json']) {
      const candidate = path.join(folder, 'schemas', `${name}.${extension}`);
      if (await files.exists(candidate)) return readSchemaFile(await files.readText(candidate));
    }
  }
  return undefined;
}

function foldersAbove(start: string, root: string | undefined): string[] {
  const relative = root === undefined ? '..' : path.relative(root, start);
  if (root === undefined || relative.startsWith('..') || path.isAbsolute(relative)) return [start];
  const folders = [start];
  for (let folder = start; folder !== path.resolve(root) && folder !== path.dirname(folder); ) {
    folder = path.dirname(folder);
    folders.push(folder);
  }
  return folders;
}
