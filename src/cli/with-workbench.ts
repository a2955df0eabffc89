import path from 'node:path';
import { toErrorInfo } from '../core/base/errors.ts';
import { diskFiles } from '../core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS, LINKED_FOLDERS_VARIABLE, type Settings } from '../core/base/settings.ts';
import { createWindowId } from '../core/jobs/window-id.ts';
import { createWorkbench, type Workbench } from '../core/workbench.ts';
import type { CommandContext } from './context.ts';
import { openNetwork } from './open-network.ts';
import { priceListFile } from './price-list-file.ts';

interface WorkbenchOptions {
  /** The workspace's folder; see `findRoot`. */
  folder: string | undefined;
  timeoutMs?: number | undefined;
  record: boolean;
}

/** Opens the workbench of a folder for a command, then closes it and reports problems with the database. */
export async function withWorkbench<T>(
  context: CommandContext,
  options: WorkbenchOptions,
  use: (workbench: Workbench) => Promise<T>,
): Promise<T> {
  const workbench = openWorkbench(context, options);
  try {
    return await use(workbench);
  } finally {
    await workbench.dispose();
  }
}

/**
 * Keys come from the environment, and settings are the defaults. Runs are never purged here, since the retention time
 * is a setting of the editor.
 */
function openWorkbench(context: CommandContext, { folder, timeoutMs, record }: WorkbenchOptions): Workbench {
  const { env, log, notices, interrupt } = context;
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    retentionDays: 0,
    linkedFolders: (env[LINKED_FOLDERS_VARIABLE] ?? '').split(path.delimiter).filter((one) => one !== ''),
    ...(timeoutMs ? { timeoutMs } : {}),
  };
  const workbench = createWorkbench({
    folder,
    // The user who runs the command trusts the folder; keys are still sent only to the providers' own origins.
    trusted: () => true,
    settings: () => settings,
    files: diskFiles,
    env,
    log,
    now: Date.now,
    network: () => openNetwork(env),
    priceListFile: priceListFile(env),
    storeWorkerUrl: new URL('./store-worker.js', import.meta.url),
    windowId: createWindowId('cli'),
    mayBlock: true,
    record,
  });
  const reportNotices = async () => {
    // A store in memory that was requested is not a problem.
    if (!record || folder === undefined) return [];
    const found = await workbench.store.notices().catch((error: unknown) => [toErrorInfo(error).message]);
    for (const notice of found) notices.report(notice);
    return found;
  };
  return {
    ...workbench,
    store: { ...workbench.store, notices: reportNotices },
    async dispose() {
      if (!interrupt.signal.aborted) await reportNotices();
      await workbench.dispose();
    },
  };
}
