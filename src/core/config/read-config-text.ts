import { join } from 'node:path';
import { FileRefusal } from '../base/files/read-file.ts';
import type { FileReader } from '../base/ports.ts';

/** Characters. Of a longer file yaml would not be done with all mistakes for minutes. */
export const LONGEST_YAML = 100_000;
/** A character has at most this many bytes; a longer file is refused without being read. */
const BYTES_PER_CHARACTER = 3;

/** A file of a workspace, with what is said where nothing of it is used. */
export interface ConfigFile {
  /** From the workspace folder. */
  path: string;
  unused: string;
  tooLong: string;
}

/** The text of a workspace's file, or a sentence that says why nothing of it is used. */
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
