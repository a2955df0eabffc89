import { stat } from 'node:fs/promises';
import { toErrorInfo } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import type { Settings } from '../../base/settings.ts';
import type { OpenStore } from '../open-store.ts';
import { createRoomClients, type LongCall } from '../room-clients.ts';
import type { Store } from '../store.ts';

const DAY_MS = 86_400_000;
/** Remembers the last purge, so that it runs once a day and not in every window. */
const PURGED_AT = 'retention.purgedAt';

/** A store that opens on the first call of a method, and again after a failure. */
export interface LazyStore extends Store {
  /** True once it was opened, possibly only in memory. Does not open it. */
  isOpen(): boolean;
  /** Database messages to show to the user, such as a damaged file that was replaced: empty if it is not open. */
  notices(): Promise<string[]>;
}

interface LazyStorePorts {
  folder: string | undefined;
  /** An untrusted folder has no database file of its own, and its file is not read. */
  trusted(): boolean;
  settings(): Settings;
  log: Log;
  now(): number;
  storeWorkerUrl: URL;
  /** Called after a database was opened, to handle the runs that other windows left unfinished. */
  onOpen?(): Promise<void>;
  /** False keeps everything in memory. */
  record?: boolean | undefined;
}

/** The workspace's database at `.llmops/llmops.db`, opened on first use. */
export function createLazyStore(ports: LazyStorePorts): LazyStore {
  let current: { place: string | undefined; store: Promise<OpenStore> } | undefined;
  let closed = false;
  const open = async (folder: string | undefined): Promise<OpenStore> => {
    const store = await openIn(folder, ports);
    maintain(store, ports).catch((error: unknown) => {
      if (!closed) ports.log.warn(`The database could not be cleaned up: ${toErrorInfo(error).message}`);
    });
    return store;
  };
  const get = (): Promise<OpenStore> => {
    const { folder } = ports;
    const inFile = folder !== undefined && ports.trusted() && ports.record !== false;
    const place = inFile ? folder : undefined;
    if (current?.place === place && current) return current.store;
    // The workspace became trusted in the meantime: what is in memory stays there.
    const entry = { place, store: open(place) };
    current = entry;
    entry.store.catch(() => {
      if (current === entry) current = undefined;
    });
    return entry.store;
  };
  const results = createResultReader(ports);
  const storeFor = async (method: string) => (method.startsWith('evals.') ? await results.get() : undefined) ?? get();
  const during = (long?: LongCall) =>
    createRoomClients(async (method, args) => (await storeFor(method)).call(method, args, long));
  return {
    ...during(),
    during,
    status: async () => (await get()).status(),
    isOpen: () => current !== undefined,
    async notices() {
      // An error while opening was reported to the caller already.
      const store = await current?.store.catch(() => undefined);
      return (await store?.status())?.notices ?? [];
    },
    async close() {
      closed = true;
      await current?.store.then((store) => store.close()).catch(() => undefined);
      current = undefined;
      await results.close();
    },
  };
}

/** Results can be browsed in a folder that is not trusted: its file is read, and nothing is written to it. */
function createResultReader(ports: LazyStorePorts) {
  let reading: Promise<OpenStore | undefined> | undefined;
  const open = async (folder: string): Promise<OpenStore | undefined> => {
    const { findDatabaseLocation } = await import('./database-location.ts');
    const path = await findDatabaseLocation(folder, ports.settings().linkedFolders);
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (!isThere) return undefined;
    const { openStore } = await import('../open-store.ts');
    return openStore({ path, log: ports.log, now: ports.now, workerUrl: ports.storeWorkerUrl, readOnly: true });
  };
  const close = async () => {
    const store = await reading?.catch(() => undefined);
    reading = undefined;
    await store?.close();
  };
  return {
    /** Undefined in a trusted workspace, and if there are no results. */
    async get(): Promise<OpenStore | undefined> {
      if (ports.folder === undefined || ports.record === false) return undefined;
      if (ports.trusted()) {
        if (reading) await close();
        return undefined;
      }
      reading ??= open(ports.folder);
      reading.catch(() => {
        reading = undefined;
      });
      return reading;
    },
    close,
  };
}

async function openIn(folder: string | undefined, ports: LazyStorePorts): Promise<OpenStore> {
  const [{ openStore }, { findDatabaseLocation }] = await Promise.all([
    import('../open-store.ts'),
    import('./database-location.ts'),
  ]);
  // Checked again after each failure: the user may have allowed or removed the link in the meantime.
  const path = folder === undefined ? undefined : await findDatabaseLocation(folder, ports.settings().linkedFolders);
  return openStore({ path, log: ports.log, now: ports.now, workerUrl: ports.storeWorkerUrl });
}

/** Deletes old runs according to the settings, once a day. */
async function maintain(store: Store, { settings, now, onOpen }: LazyStorePorts): Promise<void> {
  await onOpen?.();
  // completes a deletion of results that was cut off
  await store.evals.delete([]);
  const { retentionDays, retentionKeepRated } = settings();
  const last = await store.state.get(PURGED_AT);
  if (retentionDays <= 0 || (typeof last === 'number' && now() - last < DAY_MS)) return;
  const olderThan = now() - retentionDays * DAY_MS;
  await store.runs.purge({ olderThan, keepRated: retentionKeepRated });
  await store.jobs.purge(olderThan);
  await store.state.set(PURGED_AT, now());
}
