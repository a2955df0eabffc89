import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/base/errors.ts';
import { IMPORT_FORMATS, type ImportFormat, importPrompts } from '../../core/prompts/import/import-prompts.ts';
import { writeImports } from '../../core/prompts/import/write-imports.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export interface ImportOptions {
  /** The folder of what is written; without it, that of each file. */
  out?: string;
  format?: string;
  dryRun?: boolean;
}

/** `llmops import`: writes `.prompt` files and tells, file by file, what could not be carried. */
export async function importCommand(
  files: string[],
  { out, format, dryRun = false }: ImportOptions,
  { terminal }: { terminal: Terminal },
): Promise<number> {
  const known = readFormat(format);
  for (const file of files) {
    const folder = path.dirname(file);
    const { prompts, notes } = await importPrompts(file, await readText(file), {
      format: known,
      readFile: (relative) => readFile(path.resolve(folder, relative), 'utf8').catch(() => undefined),
    });
    const written = await writeImports(prompts, out ?? folder, { port: PORT, dryRun });
    for (const name of written) terminal.out(`${terminal.clean(name)}\n`);
    for (const note of notes) terminal.err(`${file}: ${note}\n`);
  }
  return EXIT.ok;
}

function readFormat(format: string | undefined): ImportFormat | undefined {
  const found = IMPORT_FORMATS.find((name) => name === format);
  if (format === undefined || found) return found;
  throw new UserError(`There is no format ${format}.`, { code: 'usage', hint: `Known: ${IMPORT_FORMATS.join(', ')}.` });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError(`${file} could not be read.`, { code: 'usage', hint: 'Check the path.', cause });
  }
}

const PORT = {
  exists: (file: string) =>
    access(file).then(
      () => true,
      () => false,
    ),
  async create(file: string, text: string) {
    await mkdir(path.dirname(file), { recursive: true });
    // `wx` fails where the file is there after all: nothing is ever overwritten.
    await writeFile(file, text, { flag: 'wx' });
  },
};
