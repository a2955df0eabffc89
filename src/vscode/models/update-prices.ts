import * as vscode from 'vscode';
import { formatCount } from '../../shared/format.ts';
import type { ChannelLog } from '../host/log.ts';
import { createEditorNetwork } from '../host/network.ts';
import { plainMessage } from '../host/plain-text.ts';
import { priceListFile } from '../host/price-list-file.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { showJobProgress } from '../shell/job-progress.ts';

export interface UpdatePricesDeps {
  context: vscode.ExtensionContext;
  workbenches: Workbenches;
  log: ChannelLog;
}

/**
 * "Update Prices": shows the URL and asks, then downloads, checks and stores the list. The new prices apply
 * immediately.
 */
export async function updatePrices({ context, workbenches, log }: UpdatePricesDeps): Promise<void> {
  const { checkListUrl } = await import('../../core/models/prices/list/fetch-list.ts');
  const { href } = checkListUrl(readSetting('priceList.url'));
  const fetchIt = 'Download';
  const change = 'Change URL';
  const choice = await vscode.window.showInformationMessage(
    'Download model prices?',
    {
      modal: true,
      detail: `From ${plainMessage(href)}\n\nNothing about this workspace is sent. The list is checked before it is used.`,
    },
    fetchIt,
    change,
  );
  if (choice === change) await vscode.commands.executeCommand('workbench.action.openSettings', 'llmops.priceList.url');
  if (choice !== fetchIt) return;
  const update = await fetchWithProgress(href, context);
  await workbenches.reloadModels();
  const left = update.dropped > 0 ? ` ${update.dropped} entries could not be read and were skipped.` : '';
  log.info(`Downloaded prices of ${update.models} models from ${update.url}.${left}`);
  void vscode.window.showInformationMessage(
    `Updated prices of ${formatCount(update.models, 'model')} (${update.date}).${left}`,
  );
}

function fetchWithProgress(url: string, context: vscode.ExtensionContext) {
  return showJobProgress('Downloading prices…', async ({ signal }) => {
    const [{ updatePriceList }, network] = await Promise.all([
      import('../../core/models/prices/list/fetched-list.ts'),
      createEditorNetwork(),
    ]);
    try {
      return await updatePriceList(url, {
        fetch: network.fetch,
        file: priceListFile(context),
        now: Date.now(),
        signal,
      });
    } finally {
      await network.close();
    }
  });
}
