import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { diskFiles } from '../core/base/disk-files.ts';
import type { Log } from '../core/base/ports.ts';
import { isPathInside } from '../core/base/read-file.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/base/settings.ts';
import { createWorkbench, type Workbench } from '../core/workbench.ts';

export interface CliHost {
  env: Record<string, string | undefined>;
  log: Log;
}

export interface WorkbenchOptions {
  /** The workspace's folder; see `findRoot`. */
  folder: string | undefined;
  timeoutMs?: number | undefined;
  record: boolean;
}

/**
 * The workbench of a command: keys from the environment, and settings that are the defaults. Runs are never purged from
 * here, since how long they are kept is a setting of the editor that this cannot see.
 */
export function createCliWorkbench({ env, log }: CliHost, { folder, timeoutMs, record }: WorkbenchOptions): Workbench {
  const settings: Settings = { ...DEFAULT_SETTINGS, retentionDays: 0, ...(timeoutMs ? { timeoutMs } : {}) };
  return createWorkbench({
    folder,
    // Whoever types the command trusts the folder; keys still go only to the providers' own origins.
    trusted: () => true,
    settings: () => settings,
    files: diskFiles,
    env,
    log,
    now: Date.now,
    async network() {
      const { createNetwork } = await import('../core/base/network.ts');
      return createNetwork({ systemCa: true, strictSsl: env.NODE_TLS_REJECT_UNAUTHORIZED !== '0', env });
    },
    storeWorkerUrl: new URL('./store-worker.js', import.meta.url),
    windowId: `cli-${randomUUID()}`,
    record,
  });
}

/**
 * The nearest folder at or above `start` that is a repository or holds the tool's own folder. A link inside of a workspace
 * does not lead into another one: then it is the workspace with the link, which refuses what is beyond it.
 */
export function findRoot(start: string): string | undefined {
  const root = nearestRoot(start);
  const outer = root === undefined || root === path.dirname(root) ? undefined : findRoot(path.dirname(root));
  if (root === undefined || outer === undefined) return root;
  return isPathInside(realpathSync.native(outer), realpathSync.native(root)) ? root : outer;
}

function nearestRoot(start: string): string | undefined {
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, '.git')) || existsSync(path.join(folder, 'llmops'))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}
