import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createNetwork } from '../../src/core/base/network/network.ts';
import { costOf } from '../../src/core/models/prices/costs.ts';
import { checkPriceList } from '../../src/core/models/prices/list/check-list.ts';
import { checkListUrl, LARGEST_LIST } from '../../src/core/models/prices/list/fetch-list.ts';
import { updatePriceList } from '../../src/core/models/prices/list/fetched-list.ts';
import { type ListModel, loadBuiltInList } from '../../src/core/models/prices/list/price-list.ts';
import { createPrices, type Prices } from '../../src/core/models/prices/prices.ts';
import { pricesForRequest } from '../../src/core/models/prices/request-terms.ts';

const NOW = Date.parse('2026-12-24T12:00:00Z');
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answer: Answer;
let requests: IncomingMessage[] = [];
let origin: string;
let folder: string;
const network = createNetwork({ systemCa: false, strictSsl: true, env: {} });

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await network.close?.();
});
beforeEach(() => {
  requests = [];
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-list-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => path.join(folder, 'storage', 'prices.json');
const update = (signal?: AbortSignal) =>
  updatePriceList(`${origin}/data.json`, { fetch: network.fetch, file: file(), now: NOW, ...(signal && { signal }) });
const send = (body: string, status = 200, headers: Record<string, string> = {}) => {
  answer = (_, response) => response.writeHead(status, headers).end(body);
};

/** In the published format, with data that only it has. */
const published = (models: Partial<ListModel>[]) =>
  JSON.stringify([
    {
      id: 'openai',
      name: 'OpenAI',
      api_pattern: 'https://api\\.openai\\.com',
      pricing_urls: ['https://example.com'],
      extractors: [],
      models,
    },
  ]);
const NEW_MODEL = {
  id: 'gpt-7',
  match: { equals: 'gpt-7' },
  prices: { input_mtok: 3, output_mtok: 12 },
  name: 'GPT-7',
};

function open(): Prices {
  return createPrices({ settings: () => ({ prices: {} }), now: () => NOW, priceListFile: file() });
}
const priceOf = (prices: Prices, model: string) => prices.pricesFor({ type: 'openai', connectionId: 'openai', model });

describe('a fetched price list', () => {
  test('is validated, stored and used at once; the request reveals nothing', async () => {
    const prices = open();
    expect(await priceOf(prices, 'gpt-7')).toBeUndefined();
    send(published([NEW_MODEL, { ...NEW_MODEL, id: 'gpt-5-mini', match: { equals: 'gpt-5-mini' } }]));
    const result = await update();
    expect(result).toEqual({ url: `${origin}/data.json`, date: '2026-12-24', models: 2, dropped: 0 });
    await prices.reload();
    const source = `price list of ${new URL(origin).host} (2026-12-24)`;
    expect(await priceOf(prices, 'gpt-7')).toEqual({ inputUsd: 3, outputUsd: 12, source, asOf: '2026-12-24' });
    expect((await priceOf(prices, 'gpt-5-mini'))?.inputUsd).toBe(3);
    // Prices that it does not have are still known.
    expect((await priceOf(prices, 'gpt-4o'))?.inputUsd).toBe(2.5);

    const [request] = requests;
    expect(request?.method).toBe('GET');
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual(
      ['accept', 'accept-encoding', 'accept-language', 'connection', 'host', 'sec-fetch-mode', 'user-agent'].sort(),
    );
    expect(request?.headers['user-agent']).toBe('undici');
  });

  test('is used by another window, which reads the file after it has changed', async () => {
    let now = NOW;
    const other = createPrices({ settings: () => ({ prices: {} }), now: () => now, priceListFile: file() });
    expect(await priceOf(other, 'gpt-7')).toBeUndefined();
    send(published([NEW_MODEL]));
    await update();
    now += 6 * 60 * 1000;
    expect((await priceOf(other, 'gpt-7'))?.inputUsd).toBe(3);
  });

  test('uses multiples and other kinds of prices from the built-in list', async () => {
    const { providers } = await loadBuiltInList();
    const shipped = providers.find(({ id }) => id === 'openai')?.models.find(({ id }) => id === 'gpt-5-mini');
    const standard = { input_mtok: 0.25, output_mtok: 2 };
    expect(shipped?.prices).toMatchObject(standard);
    send(published([{ id: 'gpt-5-mini', match: { equals: 'gpt-5-mini' }, prices: standard }]));
    await update();
    const fetched = await priceOf(open(), 'gpt-5-mini');
    expect(fetched).toMatchObject({ inputUsd: 0.25, outputUsd: 2, cacheReadUsd: 0.025, asOf: '2026-12-24' });
    send(published([{ id: 'gpt-5-mini', match: { equals: 'gpt-5-mini' }, prices: { input_mtok: 1, output_mtok: 2 } }]));
    await update();
    expect((await priceOf(open(), 'gpt-5-mini'))?.cacheReadUsd).toBeUndefined();
  });

  test('contains the prices of service tiers', async () => {
    const variants = [{ when: { service_tier: 'flex' }, prices: { input_mtok: 1, output_mtok: 2 } }];
    send(published([{ ...NEW_MODEL, price_variants: variants }]));
    await update();
    const prices = await priceOf(open(), 'gpt-7');
    const request = { messages: [], parameters: { extra: { service_tier: 'flex' } } };
    const flex = pricesForRequest({ id: 'gpt-7', type: 'openai', prices }, request);
    expect(costOf({ inputTokens: 1e6, outputTokens: 1e6 }, flex).totalUsd).toBeCloseTo(3, 12);
  });

  test('that is older than the built-in one is not used', async () => {
    send(published([{ ...NEW_MODEL, id: 'gpt-5-mini', match: { equals: 'gpt-5-mini' } }]));
    await updatePriceList(`${origin}/x`, { fetch: network.fetch, file: file(), now: Date.parse('2026-01-01') });
    expect((await priceOf(open(), 'gpt-5-mini'))?.inputUsd).toBe(0.25);
  });

  test('leaves out the few invalid entries, and reports how many', async () => {
    const sound = Array.from({ length: 30 }, (_, i) => ({ ...NEW_MODEL, id: `m${i}`, match: { equals: `m${i}` } }));
    const wrong = { id: 'bad', match: { glob: '*' }, prices: { input_mtok: 1 } };
    send(published([...sound, wrong as unknown as ListModel]));
    expect(await update()).toMatchObject({ models: 30, dropped: 1 });
  });
});

describe('an invalid price list is rejected, and nothing changes', () => {
  const good = published([NEW_MODEL]);
  const negative = published([{ ...NEW_MODEL, prices: { input_mtok: -1, output_mtok: 1 } }]);
  const slow = published([{ ...NEW_MODEL, match: { regex: '^(a+)+$' } }]);

  test.each<[string, () => void, string]>([
    ['truncated', () => send(good.slice(0, -20)), 'not valid JSON, or it is incomplete'],
    ['a web page', () => send('<!DOCTYPE html><html>', 200, { 'content-type': 'text/html' }), 'a web page'],
    ['another object', () => send('{"gpt-5": 1}'), 'not a list of providers'],
    ['an empty list', () => send('[]'), 'no model with a price'],
    ['providers without models', () => send('[{"id": "openai", "api_pattern": "x"}]'), 'no list of models'],
    ['negative prices', () => send(negative), 'no model with a price'],
    ['a pattern that never ends', () => send(slow), 'no model with a price'],
    ['a number', () => send('1e999'), 'not a list of providers'],
    ['not there', () => send('', 404), 'answered 404'],
    ['a failure', () => send('', 503), 'answered 503'],
    [
      'a redirect',
      () => send('', 302, { location: 'https://elsewhere.example/data.json' }),
      'redirects to https://elsewhere.example/data.json',
    ],
  ])('%s', async (_, prepare, message) => {
    send(good);
    await update();
    const before = readFileSync(file(), 'utf8');
    prepare();
    await expect(update()).rejects.toThrow(message);
    expect(readFileSync(file(), 'utf8')).toBe(before);
    expect(readdirSync(path.dirname(file()))).toEqual(['prices.json']);
    expect((await priceOf(open(), 'gpt-7'))?.inputUsd).toBe(3);
  });

  test('a huge file is aborted early, whether its size is announced or not', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-length': String(LARGEST_LIST + 1) }).write('[');
    await expect(update()).rejects.toThrow('larger than 16 MB');
    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      answer = (_, response) => {
        response.on('close', resolve);
        const chunk = Buffer.alloc(1024 * 1024, ' ');
        const pump = () => {
          while (!response.destroyed && sent < 200 * 1024 * 1024) {
            sent += chunk.length;
            if (!response.write(chunk)) return response.once('drain', pump);
          }
          response.end();
        };
        pump();
      };
    });
    await expect(update()).rejects.toThrow('larger than 16 MB');
    await closed;
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('a silent server is abandoned when the user cancels', async () => {
    const control = new AbortController();
    answer = () => control.abort();
    await expect(update(control.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a list that cannot be stored is an error of this machine', async () => {
    send(good);
    writeFileSync(path.join(folder, 'storage'), 'a file in the way');
    await expect(update()).rejects.toMatchObject({ code: 'output' });
  });

  test('a damaged file is reported, and the built-in list is used', async () => {
    send(good);
    await update();
    writeFileSync(file(), readFileSync(file(), 'utf8').slice(0, -9));
    utimesSync(file(), new Date(), new Date());
    const prices = open();
    expect((await priceOf(prices, 'gpt-4o'))?.inputUsd).toBe(2.5);
    expect(prices.problems().map(({ message }) => message)).toEqual([
      expect.stringContaining('Update the prices again'),
    ]);
  });

  test.each([
    '',
    'data.json',
    'http://prices.example/data.json',
    'https://me:pw@prices.example/',
    'file:///etc/passwd',
  ])('no request is sent to %j', (url) => expect(() => checkListUrl(url)).toThrow('is not a valid address'));

  test('does not repeat a password', () => {
    expect(() => checkListUrl('https://user:hunter2@prices.example/list.json')).toThrow(
      'https://…@prices.example/list.json is not a valid address',
    );
  });
});

test.each([
  '(?:a|aa){40}b',
  `${'a?'.repeat(30)}${'a'.repeat(30)}`,
  'a{0,60}'.repeat(4),
  '(?:a|aa)'.repeat(30),
  'a*a*a*b',
  '(?:aa?)?'.repeat(20),
])('a pattern that takes seconds on a long name is rejected: %s', (regex) => {
  const sound = { ...NEW_MODEL, match: { regex: '^gpt-7[-@]\\d{8}$' } };
  const models = [...Array.from({ length: 20 }, () => sound), { ...NEW_MODEL, match: { regex } }];
  expect(checkPriceList(JSON.parse(published(models)))).toMatchObject({ models: 20, dropped: 1 });
});

test('the built-in list is valid', async () => {
  const { providers } = await loadBuiltInList();
  const models = providers.reduce((sum, provider) => sum + provider.models.length, 0);
  // Multiples are our own extension, which no published list has.
  const plain = providers.map((provider) => ({
    ...provider,
    models: provider.models.map(({ price_variants, ...model }) => model),
  }));
  expect(checkPriceList(plain)).toMatchObject({ models, dropped: 0 });
});
