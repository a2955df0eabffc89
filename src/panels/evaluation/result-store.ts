import type { RoomClients } from '../../core/store/room-clients.ts';

/** The database of results, as far as the panel reads and changes it. */
export type ResultStore = Pick<
  RoomClients['evals'],
  'get' | 'list' | 'cases' | 'cells' | 'identities' | 'matrix' | 'listCases' | 'history' | 'rate'
>;
