import { contributes } from '../../../../package.json';
import { checkListUrl } from '../../../core/models/prices/list/fetch-list.ts';
import { createFetchedListReader, updatePriceList } from '../../../core/models/prices/list/fetched-list.ts';
import { loadBuiltInList, type PriceList } from '../../../core/models/prices/list/price-list.ts';
import { EXIT } from '../../exit-codes.ts';
import { formatJson, type Terminal } from '../../output/terminal.ts';
import { priceListFile } from '../../price-list-file.ts';
import type { CliHost } from '../../with-workbench.ts';

type Host = CliHost & { terminal: Terminal };

/** `llmops prices update`: says which address is asked before it is asked; what is fetched is checked and stored. */
export async function updatePricesCommand(options: { url?: string; json?: boolean }, host: Host): Promise<number> {
  const { terminal, env, interrupt } = host;
  const { href } = checkListUrl(options.url ?? contributes.configuration.properties['llmops.priceList.url'].default);
  terminal.err(`Fetching ${terminal.clean(href)}\n`);
  const { createNetwork } = await import('../../../core/base/network/network.ts');
  const network = createNetwork({ systemCa: true, strictSsl: env.NODE_TLS_REJECT_UNAUTHORIZED !== '0', env });
  try {
    const file = priceListFile(env);
    const update = await updatePriceList(href, {
      fetch: network.fetch,
      file,
      now: Date.now(),
      signal: interrupt.signal,
    });
    if (options.json) {
      terminal.out(`${formatJson({ ...update, file }, 2)}\n`);
      return EXIT.ok;
    }
    const left = update.dropped > 0 ? ` ${update.dropped} entries could not be read and were skipped.` : '';
    terminal.out(
      `Prices of ${update.models} ${update.models === 1 ? 'model' : 'models'}, of ${update.date}, are in ${terminal.clean(file)}.${left}\n`,
    );
    return EXIT.ok;
  } finally {
    await network.close?.();
  }
}

/** `llmops prices show`: which lists there are, and which of them is asked first. */
export async function showPricesCommand(options: { json?: boolean }, { terminal, env }: Host): Promise<number> {
  const file = priceListFile(env);
  const reader = createFetchedListReader(file);
  const [shipped, fetched] = [await loadBuiltInList(), await reader.read()];
  const problem = reader.problem();
  if (problem !== undefined) terminal.err(`${terminal.clean(`${file}: ${problem}`)}\n`);
  const isFetchedUsed = fetched !== undefined && fetched.date >= shipped.date;
  if (options.json) {
    const lists = {
      fetched: fetched ? { ...toJson(fetched), file, used: isFetchedUsed } : null,
      builtIn: toJson(shipped),
    };
    terminal.out(`${formatJson(lists, 2)}\n`);
    return EXIT.ok;
  }
  if (fetched) {
    const unused = isFetchedUsed ? '' : '; it is older than the built-in list and is not used';
    terminal.out(terminal.clean(`fetched   ${describe(fetched)}, ${file}${unused}\n`));
  }
  terminal.out(terminal.clean(`built in  ${describe(shipped)}\n`));
  return EXIT.ok;
}

function describe(list: PriceList): string {
  return `${list.source} (${list.date}), ${countModels(list)} models`;
}

function toJson(list: PriceList): Record<string, unknown> {
  return { source: list.source, date: list.date, models: countModels(list) };
}

function countModels({ providers }: PriceList): number {
  return providers.reduce((sum, { models }) => sum + models.length, 0);
}
