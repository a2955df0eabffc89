import path from 'node:path';
import type { ImportResult } from './draft.ts';

export interface WritePort {
  exists(file: string): Promise<boolean>;
  /** Creates the folder, too; fails if the file has appeared in the meantime. */
  create(file: string, text: string): Promise<void>;
}

/** Writes prompts, each followed by its dataset, and returns the files in this order; a taken name gets a number. */
export async function writeImports(
  prompts: ImportResult['prompts'],
  folder: string,
  { port, dryRun = false }: { port: WritePort; dryRun?: boolean },
): Promise<string[]> {
  const written: string[] = [];
  const isTaken = async (file: string) => written.includes(file) || (await port.exists(file));
  for (const { name, text, dataset } of prompts) {
    let file = path.join(folder, `${name}.prompt`);
    for (let count = 2; await isTaken(file); count += 1) file = path.join(folder, `${name}-${count}.prompt`);
    if (!dataset) {
      if (!dryRun) await port.create(file, text);
      written.push(file);
      continue;
    }
    const { name: stem, ext } = path.parse(dataset.name);
    let rows = path.join(folder, dataset.name);
    for (let count = 2; await isTaken(rows); count += 1) rows = path.join(folder, `${stem}-${count}${ext}`);
    // The dataset first: a prompt that refers to it never exists without it.
    if (!dryRun) {
      await port.create(rows, dataset.text);
      await port.create(
        file,
        text.replace(`llmops.dataset: ${dataset.name}`, `llmops.dataset: ${path.basename(rows)}`),
      );
    }
    written.push(file, rows);
  }
  return written;
}
