import type { ConnectionType } from '../chat-model.ts';
import type { Capabilities, CatalogueEntry } from './capabilities.ts';
import { CATALOGUE } from './catalogue-data.ts';

/** The day on which the catalogue was last verified. */
export const CATALOGUE_DATE = '2026-11-23';

/** The catalogue's section for a connection type; a compatible server may serve anything. */
const FAMILIES: Record<ConnectionType, readonly (keyof typeof CATALOGUE)[]> = {
  openai: ['openai'],
  'azure-openai': ['openai'],
  anthropic: ['anthropic'],
  googleai: ['google'],
  vertexai: ['google', 'anthropic'],
  'openai-compatible': [],
  vscode: [],
  demo: ['demo'],
};

/** The catalogue's entry for a model, by `baseModel` for deployments; undefined if there is none. */
export function modelCapabilities(type: ConnectionType, modelId: string): Capabilities | undefined {
  return findEntry(type, modelId)?.entry.can;
}

/** The position of a model's entry in the catalogue, which lists newer models first; undefined if it has none. */
export function catalogueRank(type: ConnectionType, modelId: string): number | undefined {
  return findEntry(type, modelId)?.rank;
}

function findEntry(type: ConnectionType, modelId: string): { entry: CatalogueEntry; rank: number } | undefined {
  const id = modelId
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^ft:([^:]+):.*$/, '$1');
  let before = 0;
  for (const family of FAMILIES[type]) {
    const entries = CATALOGUE[family];
    const index = entries.findIndex(({ pattern }) => pattern.test(id));
    const entry = entries[index];
    if (entry) return { entry, rank: before + index };
    before += entries.length;
  }
  return undefined;
}
