import { randomUUID } from 'node:crypto';
import { lazy } from './base/lazy.ts';
import type { Fetch, FileReader, Log, SecretStore } from './base/ports.ts';
import type { Settings } from './base/settings.ts';
import { createEvals, type Evals } from './evals/evals.ts';
import { createJobs, type Jobs } from './jobs/create-jobs.ts';
import type { ModelCache } from './models/catalogue/model-lists.ts';
import { createStoredLists } from './models/catalogue/stored-lists.ts';
import type { NetworkOptions } from './models/connection.ts';
import { ALLOW_VARIABLE, readAllowedOrigins } from './models/connections/allowed-origins.ts';
import { createEnvKeyStore } from './models/connections/env-keys.ts';
import { createSecretKeyStore } from './models/connections/keys.ts';
import type { HostModels, Models } from './models/models.ts';
import { createModels } from './models/registry.ts';
import { createPrompts, type Prompts } from './prompts/prompts.ts';
import { createRuns, type Runs } from './runs/runs.ts';
import { createLazyStore, type LazyStore } from './store/database/lazy-store.ts';
import type { RefTransport } from './versions/context.ts';
import { openVersions } from './versions/open-versions.ts';
import type { Versions } from './versions/versions.ts';

/** What a host provides to core: VS Code through its adapters, the CLI through Node. */
export interface Ports {
  /** Absolute path of the workspace folder; undefined if none is open. */
  folder: string | undefined;
  trusted(): boolean;
  settings(): Settings;
  files: FileReader;
  /** VS Code's SecretStorage. Without it keys are read from `env`. */
  secrets?: SecretStore;
  env?: Record<string, string | undefined>;
  log: Log;
  now(): number;
  network(): Promise<{ fetch: Fetch; options: NetworkOptions; prepare?(): void; close?(): Promise<void> }>;
  hostModels?: HostModels;
  /** Keeps providers' model lists for a day; without it they are kept in the folder's database. */
  modelCache?: ModelCache;
  /** Absolute path of the price list that "Update Prices" fetched, if any. */
  priceListFile?: string;
  storeWorkerUrl: URL;
  /** True if nothing waits for this thread while it computes, as in a command line. */
  mayBlock?: boolean;
  /** Written to the log, to distinguish windows. */
  windowId: string;
  /** `git.path` of the editor; `git` on PATH by default. */
  gitPath?(): string | undefined;
  /** Transport for labels and results if the host can sign in; by default git itself, with prompts off. */
  gitTransport?: (root: string) => Promise<RefTransport | undefined>;
  /** Absolute path of the Python interpreter that the user has selected, for metrics and targets. */
  python?: () => Promise<string | undefined>;
  /** Jobs of other windows were resumed, marked as interrupted, or found to have ended. */
  onOthersEnded?: () => void;
  /** False keeps runs in memory only (`llmops run --no-record`). */
  record?: boolean;
}

/** The whole of core by noun; heavy modules are loaded by the first call that needs them. */
export interface Workbench {
  models: Models;
  prompts: Prompts;
  runs: Runs;
  evals: Evals;
  /** The prompts' history in git. */
  versions: Versions;
  /** Opened by the first call. If the folder is missing or not writable, it is in memory (`status().notices`). */
  store: LazyStore;
  /** Long-running work of this window, with a journal in the store. */
  jobs: Jobs;
  dispose(): Promise<void>;
}

export function createWorkbench(ports: Ports): Workbench {
  const { folder, files, log, now } = ports;
  const store = createLazyStore({ ...ports, onOpen: () => jobs.recover() });
  const jobs = createJobs({
    store,
    kinds: {
      run: { interruptStale: (staleBefore) => store.runs.markInterrupted(staleBefore) },
      evaluation: { interruptStale: (staleBefore) => store.evals.markInterrupted(staleBefore) },
    },
    log,
    owner: ports.windowId,
    now,
    newId: randomUUID,
    onOthersEnded: () => ports.onOthersEnded?.(),
  });
  const network = lazy(ports.network);
  const cache = ports.modelCache ?? createStoredLists(store.state, now);
  const models = createModels({ ...ports, network, keys: keyStoreOf(ports), cache });
  const versions = openVersions({
    ...ports,
    gitPath: () => ports.gitPath?.(),
    env: ports.env ?? {},
    store,
    transport: ports.gitTransport,
  });
  const prompts = createPrompts({ folder, files, filesAt: versions.history.filesAt });
  const runs = createRuns({ ...ports, models, prompts, store, jobs });
  const evals = createEvals({ ...ports, network, models, runs, versions, store, jobs });
  log.debug(`Window ${ports.windowId} works on ${folder ?? 'no folder'}.`);
  return {
    models,
    prompts,
    runs,
    evals,
    versions,
    store,
    jobs,
    async dispose() {
      jobs.dispose();
      await Promise.all([runs.close(), evals.close()]);
      await versions.dispose().catch(() => undefined);
      await store.close();
      const opened = await network.made()?.catch(() => undefined);
      await opened?.close?.().catch(() => undefined);
    },
  };
}

function keyStoreOf({ secrets, env = {} }: Ports) {
  if (secrets) return createSecretKeyStore(secrets);
  return createEnvKeyStore(env, readAllowedOrigins(env[ALLOW_VARIABLE]));
}
