import { readFile, stat } from 'node:fs/promises';
import { toErrorInfo, UserError } from '../../../base/errors.ts';
import { replaceFile } from '../../../base/files/create-file.ts';
import { checkPriceList } from './check-list.ts';
import { checkListUrl, type FetchOptions, fetchPriceList } from './fetch-list.ts';
import type { ListProvider, PriceList } from './price-list.ts';

/** The stored form of a fetched list. */
interface Stored {
  url: string;
  /** The date. */
  fetchedAt: string;
  providers: ListProvider[];
}

/** The result of an update. */
interface PriceUpdate {
  url: string;
  /** The date. */
  date: string;
  models: number;
  /** Entries without the expected format, which were omitted. */
  dropped: number;
}

/** Fetches a list and replaces the previous one. Nothing changes unless all of it succeeds. */
export async function updatePriceList(
  url: string,
  { file, now, ...options }: FetchOptions & { file: string; now: number },
): Promise<PriceUpdate> {
  const { providers, models, dropped } = await fetchPriceList(url, options);
  const { href } = checkListUrl(url);
  const date = new Date(now).toISOString().slice(0, 10);
  const stored: Stored = { url: href, fetchedAt: date, providers };
  await replaceFile(file, JSON.stringify(stored)).catch((cause: unknown) => {
    const { message } = toErrorInfo(cause);
    throw new UserError(`The prices were fetched but could not be stored in ${file}: ${message}`, {
      code: 'output',
      hint: 'The current prices are still used. Make the folder writable and update again.',
      cause,
    });
  });
  return { url: href, date, models, dropped };
}

/** Reads the fetched list again when its file has changed: another window may have updated it. */
export function createFetchedListReader(file: string) {
  let known: { mark: string; list: PriceList | undefined } | undefined;
  let problem: string | undefined;
  return {
    problem: (): string | undefined => problem,
    /** Undefined if nothing was fetched; a file that cannot be used is a problem, and nothing in it is used. */
    async read(): Promise<PriceList | undefined> {
      const found = await stat(file).catch(() => undefined);
      const mark = found ? `${found.mtimeMs} ${found.size}` : '';
      if (known?.mark === mark) return known.list;
      problem = undefined;
      const list =
        found &&
        (await readStored(file).catch((error: unknown) => {
          problem = `The fetched price list cannot be used: ${toErrorInfo(error).message} Update the prices again.`;
          return undefined;
        }));
      known = { mark, list };
      return list;
    },
  };
}

async function readStored(file: string): Promise<PriceList> {
  const { url, fetchedAt, providers } = JSON.parse(await readFile(file, 'utf8')) as Partial<Stored>;
  if (typeof url !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(fetchedAt ?? '')) throw new Error('it is corrupted');
  const { host, pathname } = new URL(url);
  const source = pathname.includes('/genai-prices/') ? 'genai-prices as fetched' : `price list of ${host}`;
  return { source, date: fetchedAt ?? '', providers: checkPriceList(providers).providers };
}
