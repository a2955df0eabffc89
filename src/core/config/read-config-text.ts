import { join } from 'node:path';
import { FileRefusal } from '../base/files/read-file.ts';
import type { FileReader } from '../base/ports.ts';

/** In characters. Collecting all errors of a longer file would take yaml minutes. */
export const LONGEST_YAML = 100_000;
/** A character has at most this many bytes; a longer file is refused without being read. */
const BYTES_PER_CHARACTER = 3;

/** A file of a workspace, with the message for the case that nothing in it is used. */
export interface ConfigFile {
  /** From the workspace folder. */
  path: string;
  unused: string;
  tooLong: string;
}

/** The text of a workspace file, or a sentence that explains why nothing in it is used. */
export async function readConfigText(
  files: FileReader,
  { path, unused, tooLong }: ConfigFile,
  folder: string,
): Promise<{ text: string } | { problem: string }> {
  try {
    const limits = { within: [folder], maxBytes: LONGEST_YAML * BYTES_PER_CHARACTER };
    return { text: await files.readText(join(folder, path), limits) };
  } catch (error) {
    if (!(error instanceof FileRefusal)) {
      return { problem: `This file cannot be read: ${error instanceof Error ? error.message : String(error)}` };
    }
    return { problem: error.reason === 'too-large' ? tooLong : `${error.message} ${unused} ${error.hint}` };
  }
}
