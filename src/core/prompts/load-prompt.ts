import { UserError } from '../base/errors.ts';
import { boundsOf, FileRefusal } from '../base/files/read-file.ts';
import type { FileReader } from '../base/ports.ts';
import { parsePrompt } from './parse.ts';
import type { ParsedPrompt } from './prompt.ts';
import {
  createSchemaResolver,
  readSchemaFile,
  refusedSchemaFile,
  type SchemaFile,
  schemaCandidates,
} from './schema/named-schemas.ts';

interface PromptPlace {
  path: string;
  /** Schemas are searched up to here; see `schemaCandidates`. */
  root: string | undefined;
  files: FileReader;
}

/** Reads a prompt with its named schemas; most have none, and are read once. */
export async function loadPrompt(source: string, place: PromptPlace): Promise<ParsedPrompt> {
  const known = new Map<string, SchemaFile | undefined>();
  for (;;) {
    const missing = new Set<string>();
    const resolveSchema = createSchemaResolver((name) => {
      if (!known.has(name)) missing.add(name);
      return known.get(name);
    });
    const parsed = parsePrompt(source, { path: place.path, resolveSchema });
    // each round reads the files found in the last one, which may refer to others
    if (missing.size === 0) return parsed;
    for (const name of missing) known.set(name, await readNamedSchema(name, place));
  }
}

async function readNamedSchema(name: string, { path, root, files }: PromptPlace): Promise<SchemaFile | undefined> {
  for (const candidate of schemaCandidates(name, path, root)) {
    if (!(await files.exists(candidate))) continue;
    try {
      return readSchemaFile(candidate, await files.readText(candidate, { within: boundsOf(path, root) }));
    } catch (error) {
      if (error instanceof FileRefusal) return refusedSchemaFile(candidate, error.message);
      const code = error instanceof Error && !(error instanceof UserError) && 'code' in error ? error.code : undefined;
      if (typeof code !== 'string') throw error;
      // about the schema, not the prompt that refers to it
      return refusedSchemaFile(
        candidate,
        `${candidate} ${code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`}.`,
      );
    }
  }
  return undefined;
}
