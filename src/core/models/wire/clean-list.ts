import type { ListedModel } from '../chat-model.ts';

/** Gateways list some hundreds; more is a mistake, and would fill menus and the cache. */
const MOST_MODELS = 5_000;
const LONGEST_ID = 256;
const LONGEST_NAME = 200;
/** Control characters, and marks that turn the direction of what follows: no name of a model needs one. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const DATE = /^\d{4}-\d{2}-\d{2}/;

/**
 * A server's list as it may be shown and kept. An id is sent back as it stands, so one with a secret or with characters
 * that cannot be seen is left out; a name that only looks nice is mended.
 */
export function cleanList(models: readonly ListedModel[], removeSecrets: (text: string) => string): ListedModel[] {
  return models.slice(0, MOST_MODELS).flatMap((model): ListedModel[] => {
    const { id, displayName, sunsetDate, baseModel, ...rest } = model;
    if (!isPlain(id, removeSecrets)) return [];
    const clean: ListedModel = { id, ...rest };
    const name =
      displayName && removeSecrets(displayName).replace(new RegExp(UNSEEN, 'gu'), ' ').slice(0, LONGEST_NAME);
    if (name) clean.displayName = name;
    if (sunsetDate !== undefined && DATE.test(sunsetDate)) clean.sunsetDate = sunsetDate.slice(0, 10);
    if (baseModel !== undefined && isPlain(baseModel, removeSecrets)) clean.baseModel = baseModel;
    return [clean];
  });
}

function isPlain(id: string, removeSecrets: (text: string) => string): boolean {
  return id !== '' && id.length <= LONGEST_ID && !UNSEEN.test(id) && removeSecrets(id) === id;
}
