import { formatNumber } from '../../../../shared/format.ts';
import type { ListedModel } from '../../chat-model.ts';

/** A server's list, sanitized for showing and storing. */
export interface CleanList {
  models: ListedModel[];
  /** The number of omitted entries: above the limit, or with an id that cannot be shown. */
  omitted: number;
}

/** Gateways list some hundreds; more is an error, and would fill menus and the cache. */
export const MOST_MODELS = 5_000;
const LONGEST_ID = 256;
const LONGEST_NAME = 200;
/** No model reads or writes this many tokens. */
const MOST_TOKENS = 1_000_000_000;
/** Control characters, zero-width characters and direction marks: no name of a model needs one. */
const UNSEEN = /[\p{Cc}\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/u;
const DATE = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]{5,20}Z?)?$/;

/**
 * A server may list anything. An id is sent back unchanged, so one with a secret, with invisible characters or without
 * end is omitted and counted; a display name is cleaned, and an impossible number becomes unknown.
 */
export function cleanList(models: readonly ListedModel[], removeSecrets: (text: string) => string): CleanList {
  const kept = new Map<string, ListedModel>();
  let omitted = 0;
  for (const model of models) {
    const isKnown = kept.has(model.id);
    if (!isKnown && (kept.size >= MOST_MODELS || !isPlain(model.id, removeSecrets))) omitted += 1;
    else if (!isKnown) kept.set(model.id, cleanModel(model, removeSecrets));
  }
  return { models: [...kept.values()], omitted };
}

function cleanModel(model: ListedModel, removeSecrets: (text: string) => string): ListedModel {
  const { id, displayName, contextWindow, maxOutputTokens, createdAt, sunsetDate, baseModel } = model;
  const clean: ListedModel = { id };
  const name =
    displayName &&
    removeSecrets(displayName.slice(0, 20 * LONGEST_NAME))
      .replace(new RegExp(UNSEEN, 'gu'), ' ')
      .slice(0, LONGEST_NAME);
  if (name) clean.displayName = name;
  if (isCount(contextWindow)) clean.contextWindow = contextWindow;
  if (isCount(maxOutputTokens)) clean.maxOutputTokens = maxOutputTokens;
  if (createdAt !== undefined && DATE.test(createdAt)) clean.createdAt = createdAt;
  if (sunsetDate !== undefined && DATE.test(sunsetDate)) clean.sunsetDate = sunsetDate.slice(0, 10);
  if (baseModel !== undefined && isPlain(baseModel, removeSecrets)) clean.baseModel = baseModel;
  return clean;
}

function isCount(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && (value ?? 0) > 0 && (value ?? 0) <= MOST_TOKENS;
}

function isPlain(id: string, removeSecrets: (text: string) => string): boolean {
  return id !== '' && id.length <= LONGEST_ID && !UNSEEN.test(id) && removeSecrets(id) === id;
}

/** The note below a list that does not show everything; undefined if it does. */
export function omittedNote(omitted: number | undefined): string | undefined {
  if (!omitted) return undefined;
  return omitted === 1
    ? '1 more model that the server lists is not shown.'
    : `${formatNumber(omitted)} more models that the server lists are not shown.`;
}
