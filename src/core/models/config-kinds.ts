import type { ConfigKind } from '../config/config-kind.ts';

const loadConnections = () => import('./connections/connections.ts');
const loadReader = () => import('../config/read-config-text.ts');
const loadPrices = () => import('./prices/price-file.ts');

/** The configuration files about models. */
export const MODEL_CONFIG: readonly ConfigKind[] = [
  {
    path: 'llmops/connections.yaml',
    code: 'connection-file',
    schema: async () => (await import('../../../media/schemas/connections.schema.json')).default,
    check: async (text, where) => (await loadConnections()).checkConnectionFile(text, where),
    readText: async (files, { folder }) =>
      (await loadReader()).readConfigText(files, (await loadConnections()).CONNECTIONS, folder),
  },
  {
    path: 'llmops/prices.yaml',
    code: 'price-file',
    schema: async () => (await import('../../../media/schemas/prices.schema.json')).default,
    check: async (text, where) => (await (await loadPrices()).parsePriceFile(text, where)).problems,
    readText: async (files, { folder }) =>
      (await loadReader()).readConfigText(files, (await loadPrices()).PRICES, folder),
  },
];
