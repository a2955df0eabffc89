import { ProviderError, UserError } from '../../../base/errors.ts';
import { isLoopback } from '../../../base/network/loopback.ts';
import { toNetworkError } from '../../../base/network/network-errors.ts';
import type { Fetch } from '../../../base/ports.ts';
import { type CheckedList, checkPriceList } from './check-list.ts';

/** The published file has about 1 MB. */
export const LARGEST_LIST = 16 * 1024 * 1024;
const LONGEST_MS = 60_000;
const UNCHANGED = 'The current prices are still used.';

export interface FetchOptions {
  fetch: Fetch;
  signal?: AbortSignal;
}

/** Checks an address to fetch from: https, or a server on this machine. Throws UserError `usage`. */
export function checkListUrl(written: string): URL {
  const text = written.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === undefined || !isSafe || url.username !== '' || url.password !== '') {
    // an address may contain a password by mistake, which must not be in a log
    const shown = text === '' ? 'An empty string' : text.replace(/\/\/[^/?#]*@/, '//…@');
    throw new UserError(`${shown} is not a valid address for a price list.`, {
      code: 'usage',
      hint: 'Set llmops.priceList.url to an https:// address without user name and password.',
    });
  }
  return url;
}

/** Fetches and checks a price list; nothing but the request for the file is sent. Throws ProviderError. */
export async function fetchPriceList(written: string, { fetch, signal }: FetchOptions): Promise<CheckedList> {
  const url = checkListUrl(written);
  const text = await download(url, fetch, signal);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    const isPage = /^\s*</.test(text);
    throw badList(url, isPage ? 'it is a web page, not a data file' : 'it is not valid JSON, or it is incomplete');
  }
  try {
    return checkPriceList(data);
  } catch (error) {
    throw badList(url, error instanceof Error ? error.message : String(error));
  }
}

async function download(url: URL, fetch: Fetch, signal: AbortSignal | undefined): Promise<string> {
  const timeout = AbortSignal.timeout(LONGEST_MS);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    // The user has seen this address, so no other is contacted.
    const response = await fetch(url.href, {
      redirect: 'manual',
      headers: { accept: 'application/json' },
      signal: either,
    });
    if (!response.ok) throw refused(url, response);
    return await readLimited(url, response);
  } catch (error) {
    if (timeout.aborted && !signal?.aborted) {
      throw new ProviderError(`${url.host} did not send the prices within ${LONGEST_MS / 1000} s.`, {
        code: 'timeout',
        hint: `${UNCHANGED} Try again.`,
        retryable: true,
      });
    }
    throw toNetworkError(error, url.href) ?? error;
  }
}

function refused(url: URL, response: Response): ProviderError {
  const { status } = response;
  const target = response.headers.get('location');
  void response.body?.cancel().catch(() => undefined);
  if (status >= 300 && status < 400) {
    const where = target && URL.canParse(target, url) ? new URL(target, url).href : 'another address';
    return new ProviderError(`${url.href} redirects to ${where}, which was not contacted.`, {
      code: 'bad-response',
      hint: `${UNCHANGED} Set llmops.priceList.url to that address if you trust it.`,
      status,
      retryable: false,
    });
  }
  return new ProviderError(`${url.href} answered ${status}.`, {
    code: status >= 500 ? 'server' : 'bad-response',
    hint: `${UNCHANGED} Check the address in llmops.priceList.url.`,
    status,
    retryable: status >= 500,
  });
}

async function readLimited(url: URL, response: Response): Promise<string> {
  const tooLarge = () => badList(url, `it is larger than ${LARGEST_LIST / 1024 / 1024} MB`);
  if (Number(response.headers.get('content-length') ?? 0) > LARGEST_LIST) {
    void response.body?.cancel().catch(() => undefined);
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop ends the transfer.
    if (size > LARGEST_LIST) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function badList(url: URL, why: string): ProviderError {
  return new ProviderError(`The response of ${url.href} cannot be used as a price list: ${why}.`, {
    code: 'bad-response',
    hint: UNCHANGED,
    retryable: false,
  });
}
