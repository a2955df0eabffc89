import { join } from 'node:path';
import type { FileReader } from '../../base/ports.ts';
import { LONGEST_YAML, readYamlMap, readYamlText } from '../connections/read-yaml-map.ts';
import { type PriceOverrides, readPriceOverrides } from './price-overrides.ts';

export const PRICES_FILE = 'llmops/prices.yaml';
const CONSEQUENCE = 'No price of this file is used.';
const TOO_LONG = `This file is over 100 KB and is not read. ${CONSEQUENCE} Shorten it, for instance with * in place of many names.`;

/** The prices that a repository declares, every problem with its place. */
export async function parsePriceFile(text: string, path: string): Promise<PriceOverrides> {
  if (text.length > LONGEST_YAML) return unread(path, TOO_LONG);
  const { value, problem, rangeOf } = await readYamlMap(text, path, CONSEQUENCE);
  const { find, problems } = readPriceOverrides(value, { where: path, source: PRICES_FILE, rangeOf });
  return { find, problems: problem ? [problem, ...problems] : problems };
}

/** Reads a workspace's file; undefined where there is none. Never throws: what hinders it is a problem. */
export async function readPriceFile(files: FileReader, folder: string): Promise<PriceOverrides | undefined> {
  const path = join(folder, PRICES_FILE);
  if (!(await files.exists(path))) return undefined;
  const read = await readYamlText(files, path, { folder, tooLong: TOO_LONG, consequence: CONSEQUENCE });
  return 'text' in read ? parsePriceFile(read.text, path) : unread(path, read.problem);
}

function unread(where: string, message: string): PriceOverrides {
  return { find: () => undefined, problems: [{ where, message }] };
}
