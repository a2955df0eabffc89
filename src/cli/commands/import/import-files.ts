import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import { createFile } from '../../../core/base/files/create-file.ts';
import { diskFiles } from '../../../core/base/files/disk-files.ts';
import { IMPORT_FORMATS, type ImportFormat, importPrompts } from '../../../core/prompts/import/import-prompts.ts';
import { namedFileReader } from '../../../core/prompts/import/named-files.ts';
import { promptsFolder } from '../../../core/prompts/import/promptfoo/prompts-folder.ts';
import { readImportFile } from '../../../core/prompts/import/read-import-file.ts';
import { writeImports } from '../../../core/prompts/import/write-imports.ts';
import type { CommandContext } from '../../context.ts';
import { EXIT, exitCodeOfError } from '../../exit-codes.ts';
import { findRoot } from '../../find-root.ts';
import { printError, type Terminal } from '../../output/terminal.ts';
import type { ImportValues } from '../import.ts';

/** `llmops import`: writes `.prompt` files and reports for each file what could not be converted. */
export async function run(values: ImportValues, { terminal }: CommandContext): Promise<number> {
  const { files, out, dryRun } = values;
  const format = readFormat(values.format);
  let code: number = EXIT.ok;
  for (const file of files) {
    try {
      await importFile(file, { out: out ?? (await defaultFolder(file)), format, dryRun, terminal });
    } catch (error) {
      if (files.length === 1 || !(error instanceof UserError)) throw error;
      // The other files can still be imported.
      printError(error, terminal);
      code = exitCodeOfError(error);
    }
  }
  return code;
}

/** For a file outside of any workspace, its own folder. */
async function defaultFolder(file: string): Promise<string> {
  const folder = path.resolve(path.dirname(file));
  const root = findRoot(folder);
  if (root === undefined) return path.dirname(file);
  return path.relative(process.cwd(), await promptsFolder(folder, root)) || '.';
}

interface FileImport {
  out: string;
  format: ImportFormat | undefined;
  dryRun: boolean;
  terminal: Terminal;
}

async function importFile(file: string, { out, format, dryRun, terminal }: FileImport): Promise<void> {
  const folder = path.dirname(file);
  const { prompts, notes } = await importPrompts(file, await readImportFile(diskFiles, file), {
    format,
    // The user specified this file, not the files it refers to: those are read only in its workspace.
    readFile: namedFileReader(folder, [findRoot(folder) ?? folder]),
  });
  const written = await writeImports(prompts, out, { port: PORT, dryRun });
  for (const name of written) terminal.print(name);
  for (const note of notes) terminal.note(`${file}: ${note}`);
}

function readFormat(format: string | undefined): ImportFormat | undefined {
  const found = IMPORT_FORMATS.find((name) => name === format);
  if (format === undefined || found) return found;
  throw new UserError(`Unknown format "${format}".`, {
    code: 'usage',
    hint: `Known formats: ${IMPORT_FORMATS.join(', ')}.`,
  });
}

/** Another folder would not help. */
const MACHINE_FAILED: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO']);

const PORT = {
  exists: (file: string) =>
    // A broken symbolic link exists too.
    lstat(file).then(
      () => true,
      () => false,
    ),
  async create(file: string, text: string) {
    try {
      await createFile(file, text);
    } catch (cause) {
      const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
      const isFull = reason !== undefined && MACHINE_FAILED.has(reason);
      throw new UserError(`${file} could not be written${reason === undefined ? '' : ` (${reason})`}.`, {
        code: isFull ? 'output' : 'usage',
        hint: isFull ? 'Free up some space, then run the command again.' : 'Specify a writable folder with --out.',
        cause,
      });
    }
  },
};
