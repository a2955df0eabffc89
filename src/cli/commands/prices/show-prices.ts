import { createFetchedListReader } from '../../../core/models/prices/list/fetched-list.ts';
import { loadBuiltInList, type PriceList } from '../../../core/models/prices/list/price-list.ts';
import { formatCount } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { priceListFile } from '../../price-list-file.ts';

/** `llmops prices show`: the available lists, and which one is used first. */
export async function run(_values: unknown, { output, terminal, env }: CommandContext): Promise<void> {
  const file = priceListFile(env);
  const reader = createFetchedListReader(file);
  const [shipped, fetched] = [await loadBuiltInList(), await reader.read()];
  const problem = reader.problem();
  if (problem !== undefined) terminal.note(`${file}: ${problem}`);
  const used = fetched !== undefined && fetched.date >= shipped.date;
  await output.print({
    json: () => ({ fetched: fetched ? { ...toJson(fetched), file, used } : null, builtIn: toJson(shipped) }),
    text({ print }) {
      const unused = used ? '' : '; not used because it is older than the built-in list';
      if (fetched) print(`fetched   ${describe(fetched)}, ${file}${unused}`);
      print(`built in  ${describe(shipped)}`);
    },
  });
}

function describe(list: PriceList): string {
  return `${list.source} (${list.date}), ${formatCount(countModels(list), 'model')}`;
}

function toJson(list: PriceList): Record<string, unknown> {
  return { source: list.source, date: list.date, models: countModels(list) };
}

function countModels({ providers }: PriceList): number {
  return providers.reduce((sum, { models }) => sum + models.length, 0);
}
