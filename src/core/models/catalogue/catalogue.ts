import type { ConnectionType } from '../chat-model.ts';
import type { Capabilities, CatalogueEntry } from './capabilities.ts';
import { CATALOGUE } from './catalogue-data.ts';

/** The day on which the catalogue's facts were last looked up. */
export const CATALOGUE_DATE = '2026-11-23';

/** Which part of the catalogue speaks for a connection type; a compatible server may serve anything. */
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

/** What the catalogue knows of a model, by the id underneath (`baseModel`) for deployments; undefined for the rest. */
export function modelCapabilities(type: ConnectionType, modelId: string): Capabilities | undefined {
  return findEntry(type, modelId)?.entry.can;
}

/** The place of a model's entry in the catalogue, in which newer models come first; undefined for what it does not know. */
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
