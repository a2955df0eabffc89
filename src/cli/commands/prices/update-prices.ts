import { contributes } from '../../../../package.json';
import { checkListUrl } from '../../../core/models/prices/list/fetch-list.ts';
import { updatePriceList } from '../../../core/models/prices/list/fetched-list.ts';
import { formatCount } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { openNetwork } from '../../open-network.ts';
import { priceListFile } from '../../price-list-file.ts';

/** `llmops prices update`: prints the address before the request; the list is checked, then stored. */
export async function run({ url }: { url: string | undefined }, context: CommandContext): Promise<void> {
  const { output, terminal, env, interrupt } = context;
  const { href } = checkListUrl(url ?? contributes.configuration.properties['llmops.priceList.url'].default);
  terminal.note(`Fetching ${href}`);
  const network = await openNetwork(env);
  try {
    const file = priceListFile(env);
    const source = { fetch: network.fetch, file, now: Date.now(), signal: interrupt.signal };
    const update = await updatePriceList(href, source);
    const { models, date, dropped } = update;
    const left = dropped > 0 ? ` ${dropped} entries could not be read and were skipped.` : '';
    await output.print({
      json: () => ({ ...update, file }),
      text: ({ print }) => print(`Saved the prices of ${formatCount(models, 'model')} (${date}) to ${file}.${left}`),
    });
  } finally {
    await network.close?.();
  }
}
