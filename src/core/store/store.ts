import type { LongCall, RoomClients } from './room-clients.ts';

export interface StoreStatus {
  path: string;
  /** `memory` if the folder cannot be written: the data is lost with the window, and the user is shown the reason. */
  mode: 'file' | 'memory';
  sizeBytes: number;
  runs: number;
  /** Sentences to show once: a corrupted file moved to a path, a read-only folder. */
  notices: string[];
}

/** All of it runs in one worker thread; every method may throw UserError (`store`, `store-newer`). */
export interface Store extends RoomClients {
  /** The same methods, with progress and an early end. */
  during(call: LongCall): RoomClients;
  status(): Promise<StoreStatus>;
  close(): Promise<void>;
}
