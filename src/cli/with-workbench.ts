import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { toErrorInfo } from '../core/base/errors.ts';
import { diskFiles } from '../core/base/files/disk-files.ts';
import { isPathInside } from '../core/base/files/read-file.ts';
import type { Log } from '../core/base/ports.ts';
import { DEFAULT_SETTINGS, LINKED_FOLDERS_VARIABLE, type Settings } from '../core/base/settings.ts';
import { createWorkbench, type Workbench } from '../core/workbench.ts';
import type { Interrupt } from './interrupt.ts';
import type { Notices } from './output/notices.ts';
import { priceListFile } from './price-list-file.ts';

export interface CliHost {
  env: Record<string, string | undefined>;
  log: Log;
  notices: Notices;
  interrupt: Interrupt;
}

export interface WorkbenchOptions {
  /** The workspace's folder; see `findRoot`. */
  folder: string | undefined;
  timeoutMs?: number | undefined;
  record: boolean;
}

/**
 * The workbench of a command: keys from the environment, and settings that are the defaults. Runs are never purged from
 * here, since how long they are kept is a setting of the editor that this cannot see. Closing it reports what went wrong
 * with the database.
 */
export function createCliWorkbench(host: CliHost, { folder, timeoutMs, record }: WorkbenchOptions): Workbench {
  const { env, log } = host;
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    retentionDays: 0,
    linkedFolders: (env[LINKED_FOLDERS_VARIABLE] ?? '').split(path.delimiter).filter((one) => one !== ''),
    ...(timeoutMs ? { timeoutMs } : {}),
  };
  const workbench = createWorkbench({
    folder,
    // Whoever types the command trusts the folder; keys still go only to the providers' own origins.
    trusted: () => true,
    settings: () => settings,
    files: diskFiles,
    env,
    log,
    now: Date.now,
    async network() {
      const { createNetwork } = await import('../core/base/network/network.ts');
      return createNetwork({ systemCa: true, strictSsl: env.NODE_TLS_REJECT_UNAUTHORIZED !== '0', env });
    },
    priceListFile: priceListFile(env),
    storeWorkerUrl: new URL('./store-worker.js', import.meta.url),
    windowId: `cli-${randomUUID()}`,
    record,
  });
  return {
    ...workbench,
    async storeNotices() {
      // A store in memory that was asked for is nothing to report.
      if (!record || folder === undefined) return [];
      const notices = await workbench.storeNotices().catch((error: unknown) => [toErrorInfo(error).message]);
      for (const notice of notices) host.notices.report(notice);
      return notices;
    },
    async dispose() {
      if (!host.interrupt.signal.aborted) await this.storeNotices();
      await workbench.dispose();
    },
  };
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
