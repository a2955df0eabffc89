/** What the store's worker is started with. */
export interface StoreWorkerData {
  path: string;
  busyTimeoutMs: number;
  /** Only reads a file that exists, and changes nothing: not even what is damaged or of an older version. */
  readOnly?: boolean | undefined;
}

/** The parameters of each request. `at` is the client's clock, so that the worker needs none and tests can set it. */
export interface StoreParams {
  at: number;
  args: unknown[];
}

/** SQLite's own name for an in-memory database. */
export const MEMORY_PATH = ':memory:';
