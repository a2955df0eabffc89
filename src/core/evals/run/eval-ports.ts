import type { Fetch, FileReader, Log } from '../../base/ports.ts';
import type { Settings } from '../../base/settings.ts';
import type { Jobs } from '../../jobs/create-jobs.ts';
import type { Models } from '../../models/models.ts';
import type { Runs } from '../../runs/runs.ts';
import type { Store } from '../../store/store.ts';
import type { Versions } from '../../versions/versions.ts';

/** What evaluations need of the rest of core and of the host. */
export interface EvalPorts {
  /** The workspace's folder; undefined if none is open. */
  folder: string | undefined;
  files: FileReader;
  trusted(): boolean;
  settings(): Settings;
  models: Models;
  runs: Pick<Runs, 'asker' | 'dayBudget'>;
  versions: Pick<Versions, 'names' | 'history' | 'results'>;
  store: Pick<Store, 'evals' | 'jobs' | 'ledger'>;
  jobs: Pick<Jobs, 'start'>;
  network(): Promise<{ fetch: Fetch }>;
  env?: Record<string, string | undefined> | undefined;
  /** Absolute path of the Python interpreter that the user has selected. */
  python?: (() => Promise<string | undefined>) | undefined;
  /** This window's id, by which others know that it is alive. */
  windowId: string;
  log: Log;
  now(): number;
  /** True if nothing waits for this thread while it computes, as in a command line; false uses other threads. */
  mayBlock?: boolean | undefined;
}
