import path from 'node:path';
import { UserError } from '../base/errors.ts';
import { appendRows } from './edit/edit-rows.ts';
import { applyEdits } from './edit/text-edit.ts';
import type { DatasetRow, PlacedRow } from './row.ts';
import { createColumnReader } from './row-columns.ts';
import { inputsHash } from './row-identity.ts';
import { type SplitPart, splitRows } from './split-rows.ts';

/** A part of a dataset, in a file next to it: `cases.test.jsonl`. */
interface DatasetPart {
  name: string;
  path: string;
  rows: number;
  text: string;
}

/**
 * Divides a dataset into files by a seed. Rows of one `group` come into the same part, and so do rows with the same `id`, or
 * without ids with the same inputs: what is tested must not be among what was tuned on. Throws UserError if a part would
 * have no row.
 */
export async function splitDataset(
  file: string,
  placed: AsyncIterable<PlacedRow>,
  { parts, seed }: { parts: readonly SplitPart[]; seed: number },
): Promise<DatasetPart[]> {
  const read = createColumnReader({});
  const rows: { id: string; group: string | undefined; row: DatasetRow }[] = [];
  for await (const { row } of placed) {
    const { id, group, inputs } = read(row);
    rows.push({
      id: id === undefined ? inputsHash(inputs) : textOf(id),
      group: group === undefined ? undefined : textOf(group),
      row,
    });
  }
  const partOf = await splitRows(rows, { parts, seed });
  const members = Map.groupBy(rows, partOf);
  return parts.map(({ name }) => {
    const own = (members.get(name) ?? []).map(({ row }) => row);
    if (own.length === 0) throw emptyPart(name, file, rows.length);
    const place = pathOfPart(file, name);
    return { name, path: place, rows: own.length, text: applyEdits('', appendRows(place, '', own)) };
  });
}

export const DEFAULT_PARTS = 'dev=80,test=20';

/** `dev=80, test=20`. Throws UserError `usage`. */
export function parseParts(text: string): SplitPart[] {
  const parts = text.split(',').map((part): SplitPart => {
    const [, name = '', share = ''] = /^\s*([\w-]+)\s*=\s*(\d+(?:\.\d+)?)%?\s*$/.exec(part) ?? [];
    if (name === '' || !(Number(share) > 0)) throw invalidParts(text);
    return { name, share: Number(share) };
  });
  const names = new Set(parts.map(({ name }) => name.toLowerCase()));
  if (parts.length < 2 || names.size < parts.length) throw invalidParts(text);
  return parts;
}

function pathOfPart(file: string, name: string): string {
  const { dir, name: base, ext } = path.parse(file);
  return path.join(dir, `${base}.${name}${ext}`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function emptyPart(name: string, file: string, rows: number): UserError {
  return new UserError(`The part ${name} of ${path.basename(file)} would have no row.`, {
    code: 'invalid-input',
    hint:
      rows < 2
        ? 'The dataset has too few rows to be divided.'
        : 'Give it a larger share, or another seed. Rows of one group stay together.',
  });
}

function invalidParts(text: string): UserError {
  return new UserError(`"${text}" names no parts with their shares.`, {
    code: 'usage',
    hint: `Write at least two different names, each with a share above 0, such as dev=80,test=20 or train=8,validation=1,test=1.`,
  });
}
