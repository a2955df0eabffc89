import { lazy } from '../../base/lazy.ts';
import type { FileReader } from '../../base/ports.ts';
import type { Settings } from '../../base/settings.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import type { TokenPrices } from '../models.ts';
import type { PriceListEntry } from './list/find-in-lists.ts';
import type { PricedModel } from './list/price-at-place.ts';
import { type PriceOverrides, readPriceOverrides } from './price-overrides.ts';

/** The sources of prices besides the built-in list. */
interface PricesPorts {
  settings(): Pick<Settings, 'prices'>;
  now(): number;
  /** Absolute path of the workspace folder; its llmops/prices.yaml is read if the workspace is trusted. */
  folder?: string | undefined;
  trusted?(): boolean;
  files?: FileReader;
  /** Absolute path of the list that "Update Prices" fetched. */
  priceListFile?: string | undefined;
}

export type Prices = ReturnType<typeof createPrices>;

/** Prices by the user's setting first, then by the workspace's file, then by the lists. All are read on first use. */
export function createPrices(ports: PricesPorts) {
  const { now } = ports;
  let overrides: { of: string; read: PriceOverrides } | undefined;
  const current = () => {
    const { prices } = ports.settings();
    // By content: a host may return one object that changes, or a new one each time.
    const of = JSON.stringify(prices) ?? '';
    if (overrides?.of !== of) overrides = { of, read: readPriceOverrides(prices) };
    return overrides.read;
  };
  const file = createFileOverrides(ports);
  const listEntry = remember(ports);
  return {
    async pricesFor(model: PricedModel): Promise<TokenPrices | undefined> {
      const ref = `${model.connectionId}/${model.model}`;
      const own = current().find(ref, now()) ?? (await file.read())?.find(ref, now());
      if (own !== undefined) return own;
      if (model.type === 'demo') return (await import('../demo/demo.ts')).demoPrices[model.model];
      return (await listEntry.find(model))?.prices;
    },
    /** From the price lists alone, for a context window that no provider reports. */
    listEntry: (model: PricedModel) => listEntry.find(model),
    problems: () => [...current().problems, ...file.problems(), ...listEntry.problems()],
    /** Reads the workspace's file, so that `problems` includes its errors. */
    async load(): Promise<void> {
      await file.read();
    },
    /** Reads it again if it was read before. */
    async reload(): Promise<void> {
      listEntry.forget();
      await file.reload();
    },
  };
}

function createFileOverrides({ folder, trusted = () => false, files }: PricesPorts) {
  let reading: { trusted: boolean; result: Promise<PriceOverrides | undefined> } | undefined;
  let problems: ConfigProblem[] = [];
  const load = async (isTrusted: boolean) => {
    if (!isTrusted || folder === undefined || files === undefined) return undefined;
    const { readPriceFile } = await import('./price-file.ts');
    return readPriceFile(files, folder);
  };
  const read = async () => {
    const isTrusted = trusted();
    if (reading?.trusted !== isTrusted) reading = { trusted: isTrusted, result: load(isTrusted) };
    const mine = reading;
    const found = await mine.result;
    if (reading === mine) problems = found?.problems ?? [];
    return found;
  };
  return {
    read,
    problems: () => problems,
    async reload() {
      if (reading === undefined) return;
      reading = undefined;
      await read();
    },
  };
}

/** Some prices change with the hour of the day, so results are cached for a few minutes only. */
const REMEMBERED_MS = 5 * 60 * 1000;

/** A list of models looks up hundreds of prices, again and again. */
function remember({ now, priceListFile }: PricesPorts) {
  let found = new Map<string, Promise<PriceListEntry | undefined>>();
  let period: number | undefined;
  const lists = createPriceLists(priceListFile);
  const forget = () => {
    found = new Map();
    lists.forget();
  };
  const findEntry = async (requested: PricedModel, at: number) => {
    if (requested.type === 'demo' || requested.type === 'vscode') return undefined;
    const { findInLists } = await import('./list/find-in-lists.ts');
    return findInLists(await lists.load(), requested, at);
  };
  return {
    forget,
    problems: lists.problems,
    find(model: PricedModel): Promise<PriceListEntry | undefined> {
      const current = Math.floor(now() / REMEMBERED_MS);
      if (current !== period) forget();
      period = current;
      const { type, baseModel, baseUrl, location, serviceTier } = model;
      const key = JSON.stringify([type, model.model, baseModel, baseUrl, location, serviceTier]);
      const entry = found.get(key) ?? findEntry(model, now());
      found.set(key, entry);
      return entry;
    },
  };
}

/** The shipped list, and before it the one that was fetched to the file, unless that is older. */
function createPriceLists(file: PricesPorts['priceListFile']) {
  let problem: string | undefined;
  const openReader = lazy(async () => {
    if (file === undefined) return undefined;
    const { createFetchedListReader } = await import('./list/fetched-list.ts');
    return createFetchedListReader(file);
  });
  const lists = lazy(async () => {
    const { loadBuiltInList } = await import('./list/price-list.ts');
    const shipped = await loadBuiltInList();
    const reader = await openReader();
    if (!reader) return [shipped];
    const fetched = await reader.read();
    problem = reader.problem();
    // An update of the extension may contain a newer list than the one that was fetched long ago.
    return fetched !== undefined && fetched.date >= shipped.date ? [fetched, shipped] : [shipped];
  });
  return {
    load: () => lists(),
    forget: () => lists.reset(),
    problems(): ConfigProblem[] {
      return problem === undefined || file === undefined ? [] : [{ where: file, message: problem }];
    },
  };
}
