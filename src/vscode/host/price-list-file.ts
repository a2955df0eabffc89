import path from 'node:path';
import type { ExtensionContext } from 'vscode';

/** The file in which "Update Prices" stores the downloaded list, for all workspaces. */
export function priceListFile({ globalStorageUri }: Pick<ExtensionContext, 'globalStorageUri'>): string {
  return path.join(globalStorageUri.fsPath, 'prices.json');
}
