import type { ConnectionType } from '../chat-model.ts';
import { PROVIDER_IDS } from '../prices/list/find-in-lists.ts';
import { loadBuiltInList } from '../prices/list/price-list.ts';
import { catalogueRank } from './catalogue.ts';

/** Not chat models: the price list has their names next to those of models that write text. */
const OTHER_KINDS = /audio|realtime|transcribe|tts|image|live|embedding|search|instruct|computer|[:@]|\.ft-/;

/**
 * Names of a provider's models from the catalogue and the price list, the newest families first: suggestions for when
 * there is no key to request the list with. Deployments on Azure have names of their own.
 */
export async function catalogueModels(type: ConnectionType): Promise<string[]> {
  const provider = type === 'azure-openai' ? undefined : PROVIDER_IDS[type];
  if (provider === undefined) return [];
  const { providers } = await loadBuiltInList();
  const ids = providers.find(({ id }) => id === provider)?.models.map(({ id }) => id) ?? [];
  const ranked = ids.flatMap((id) => {
    const rank = OTHER_KINDS.test(id) ? undefined : catalogueRank(type, id);
    return rank === undefined ? [] : [{ id, rank }];
  });
  ranked.sort((a, b) => a.rank - b.rank || b.id.localeCompare(a.id, 'en', { numeric: true }));
  return ranked.map(({ id }) => id);
}
