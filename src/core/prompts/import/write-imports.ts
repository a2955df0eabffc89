import path from 'node:path';
import type { ImportResult } from './draft.ts';

export interface WritePort {
  exists(file: string): Promise<boolean>;
  /** Makes the folder too; fails where the file has appeared meanwhile. */
  create(file: string, text: string): Promise<void>;
}

/** Writes prompts into a folder and tells where each went; a name that is taken gets a number, never the old file's place. */
export async function writeImports(
  prompts: ImportResult['prompts'],
  folder: string,
  { port, dryRun = false }: { port: WritePort; dryRun?: boolean },
): Promise<string[]> {
  const written: string[] = [];
  for (const { name, text } of prompts) {
    let file = path.join(folder, `${name}.prompt`);
    for (let count = 2; written.includes(file) || (await port.exists(file)); count += 1) {
      file = path.join(folder, `${name}-${count}.prompt`);
    }
    if (!dryRun) await port.create(file, text);
    written.push(file);
  }
  return written;
}
