import { existsSync } from 'node:fs';
import path from 'node:path';
import { diskFiles } from '../core/base/files/disk-files.ts';
import { isPathInside } from '../core/base/files/read-file.ts';
import type { CheckedPrompt } from '../core/language/diagnostics/check-workspace.ts';
import { PRICES_FILE, readPriceFile } from '../core/models/prices/price-file.ts';

export function isPriceFile(file: string): boolean {
  return file.split(path.sep).join('/').endsWith(`/${PRICES_FILE}`);
}

/** The workspace's own prices where they were asked for: by name, by a folder around them, or from a folder inside of it. */
export async function checkPriceFile(root: string, asked: readonly string[]): Promise<CheckedPrompt | undefined> {
  const file = path.join(root, PRICES_FILE);
  const isAsked = asked.some((one) => isPathInside(one, file) || (one === process.cwd() && isPathInside(root, one)));
  if (!isAsked || !existsSync(file)) return undefined;
  const [read, source] = await Promise.all([
    readPriceFile(diskFiles, root),
    diskFiles.readText(file, { within: [root] }).catch(() => ''),
  ]);
  const diagnostics = (read?.problems ?? []).map(({ message, range = { start: 0, end: 0 } }) => {
    return { code: 'price-file', severity: 'error' as const, message, range };
  });
  return { path: file, source, diagnostics };
}
