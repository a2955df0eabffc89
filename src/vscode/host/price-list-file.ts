import path from 'node:path';
import type { ExtensionContext } from 'vscode';

/** Where "Update Prices" keeps the list that it fetched, for all workspaces. */
export function priceListFile({ globalStorageUri }: Pick<ExtensionContext, 'globalStorageUri'>): string {
  return path.join(globalStorageUri.fsPath, 'prices.json');
}
