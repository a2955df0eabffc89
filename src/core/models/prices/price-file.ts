import { join } from 'node:path';
import type { FileReader } from '../../base/ports.ts';
import { type ConfigFile, LONGEST_YAML, readConfigText } from '../../config/read-config-text.ts';
import { problemWithLine, readYaml } from '../../config/read-yaml.ts';
import { type PriceOverrides, readPriceOverrides } from './price-overrides.ts';

const UNUSED = 'No prices from this file are used.';
export const PRICES: ConfigFile = {
  path: 'llmops/prices.yaml',
  unused: UNUSED,
  tooLong: `This file is larger than 100 KB and is not read. ${UNUSED} Shorten it, for example with * instead of many names.`,
};

/** The prices declared in a repository, every problem with its position. */
export async function parsePriceFile(text: string, path: string): Promise<PriceOverrides> {
  if (text.length > LONGEST_YAML) return unread(path, PRICES.tooLong);
  const file = readYaml(text, path, UNUSED);
  const { value, rangeOf } = file;
  const { find, problems } = readPriceOverrides(value, { where: path, source: PRICES.path, rangeOf });
  return { find, problems: [...problemWithLine(file), ...problems] };
}

/** Reads a workspace's file; undefined if there is none. Never throws: failures are problems. */
export async function readPriceFile(files: FileReader, folder: string): Promise<PriceOverrides | undefined> {
  const path = join(folder, PRICES.path);
  if (!(await files.exists(path))) return undefined;
  const read = await readConfigText(files, PRICES, folder);
  return 'text' in read ? parsePriceFile(read.text, path) : unread(path, read.problem);
}

function unread(where: string, message: string): PriceOverrides {
  return { find: () => undefined, problems: [{ where, message }] };
}
