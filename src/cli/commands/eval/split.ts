import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import { replaceFile } from '../../../core/base/files/create-file.ts';
import { DEFAULT_PARTS, parseParts, splitDataset } from '../../../core/datasets/split-dataset.ts';
import { formatCount, formatList } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { readDatasetFile } from '../../read-dataset-file.ts';
import type { EvalValues } from '../eval.ts';

/** `llmops eval split`: nothing is written unless every part can be. */
export async function run(values: EvalValues['split'], context: CommandContext): Promise<void> {
  const { data, seed, force } = values;
  const { terminal, output, interrupt } = context;
  const parts = parseParts(values.parts ?? DEFAULT_PARTS);
  const onNotice = (text: string) => terminal.note(text);
  const rows = readDatasetFile(data, { what: 'dataset', onNotice, signal: interrupt.signal });
  const divided = await splitDataset(data, rows, { parts, seed });
  const existing = divided.filter((part) => existsSync(part.path)).map((part) => path.basename(part.path));
  if (existing.length > 0 && !force) {
    throw new UserError(`${formatList(existing)} ${existing.length === 1 ? 'exists' : 'exist'} already.`, {
      code: 'usage',
      hint: 'Add --force to replace. Nothing was written.',
    });
  }
  for (const part of divided) await replaceFile(part.path, part.text);
  await output.print({
    json: () => ({ seed, parts: divided.map(({ name, path: file, rows }) => ({ name, file, rows })) }),
    text: ({ print }) => {
      for (const part of divided) print(`${part.path}: ${formatCount(part.rows, 'row')}`);
    },
  });
}
