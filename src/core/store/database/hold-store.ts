import { toErrorInfo } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import type { Settings } from '../../base/settings.ts';
import type { OpenStore } from '../open-store.ts';
import { createRoomClients, type LongCall } from '../room-clients.ts';
import type { Store } from '../store.ts';

const DAY_MS = 86_400_000;
/** Where the last purge is remembered, so that every window of a day need not do it again. */
const PURGED_AT = 'retention.purgedAt';

/** A store that opens on the first call of a method, and again after a failure. */
export interface HeldStore extends Store {
  /** True once somebody has opened it. Opens nothing. */
  isOpen(): boolean;
  /** What the user is to be told of the database: nothing where nobody has opened it. */
  notices(): Promise<string[]>;
  close(): Promise<void>;
}

export interface StoreHolderPorts {
  folder: string | undefined;
  /** A folder that is not trusted keeps nothing in a file of its own, nor has one read. */
  trusted(): boolean;
  settings(): Settings;
  log: Log;
  now(): number;
  storeWorkerUrl: URL;
  /** Called when a database was opened: what other windows left under way is looked after. */
  onOpen?(): Promise<void>;
  /** False keeps everything in memory. */
  record?: boolean | undefined;
}

/** The workspace's database at `.llmops/llmops.db`, opened by whoever first asks for it. */
export function holdStore(ports: StoreHolderPorts): HeldStore {
  let held: { place: string | undefined; store: Promise<OpenStore> } | undefined;
  let closed = false;
  const open = async (folder: string | undefined): Promise<OpenStore> => {
    const [{ openStore }, { findDatabasePlace }] = await Promise.all([
      import('../open-store.ts'),
      import('./database-place.ts'),
    ]);
    // Looked at again after each failure: the user may have allowed or removed the link since.
    const path = folder === undefined ? undefined : await findDatabasePlace(folder, ports.settings().linkedFolders);
    const store = await openStore({ path, log: ports.log, now: ports.now, workerUrl: ports.storeWorkerUrl });
    maintain(store, ports).catch((error: unknown) => {
      if (!closed) ports.log.warn(`The database could not be cleaned up: ${toErrorInfo(error).message}`);
    });
    return store;
  };
  const get = (): Promise<OpenStore> => {
    const { folder } = ports;
    const inFile = folder !== undefined && ports.trusted() && ports.record !== false;
    const place = inFile ? folder : undefined;
    if (held?.place === place && held) return held.store;
    // Trust has been given since: what is in memory stays there.
    const entry = { place, store: open(place) };
    held = entry;
    entry.store.catch(() => {
      if (held === entry) held = undefined;
    });
    return entry.store;
  };
  const during = (long?: LongCall) => createRoomClients(async (method, args) => (await get()).call(method, args, long));
  return {
    ...during(),
    during,
    status: async () => (await get()).status(),
    isOpen: () => held !== undefined,
    async notices() {
      // One that could not be opened has failed whoever asked for it.
      const store = await held?.store.catch(() => undefined);
      return (await store?.status())?.notices ?? [];
    },
    async close() {
      closed = true;
      await held?.store.then((store) => store.close()).catch(() => undefined);
      held = undefined;
    },
  };
}

/** Old runs are deleted as the settings ask, once a day. */
async function maintain(store: Store, { settings, now, onOpen }: StoreHolderPorts): Promise<void> {
  await onOpen?.();
  const { retentionDays, retentionKeepRated } = settings();
  const last = await store.state.get(PURGED_AT);
  if (retentionDays <= 0 || (typeof last === 'number' && now() - last < DAY_MS)) return;
  const olderThan = now() - retentionDays * DAY_MS;
  await store.runs.purge({ olderThan, keepRated: retentionKeepRated });
  await store.jobs.purge(olderThan);
  await store.state.set(PURGED_AT, now());
}
