import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { diskFiles } from '../../../../src/core/base/files/disk-files.ts';
import { parsePriceFile } from '../../../../src/core/models/prices/price-file.ts';
import { PRICE_FIELDS, readPriceOverrides } from '../../../../src/core/models/prices/price-overrides.ts';
import { createPrices, type Prices } from '../../../../src/core/models/prices/prices.ts';
import { cpuTimeMs } from '../../../unit/cpu-time.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function workspace(yaml: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'llmops-prices-'));
  folders.push(folder);
  mkdirSync(path.join(folder, 'llmops'));
  writeFileSync(path.join(folder, 'llmops/prices.yaml'), yaml);
  return folder;
}

function open(
  folder: string,
  { prices = {}, trusted = true }: { prices?: Record<string, unknown>; trusted?: boolean } = {},
) {
  return createPrices({
    settings: () => ({ prices }),
    now: () => NOW,
    folder,
    trusted: () => trusted,
    files: diskFiles,
  });
}

const inputOf = async (prices: Prices, model: string) =>
  (await prices.pricesFor({ type: 'openai', connectionId: 'openai', model }))?.inputUsd;

describe('llmops/prices.yaml', () => {
  test('overrides the list, names its source and date, and the setting overrides it', async () => {
    const folder = workspace(
      'openai/gpt-5-mini:\n  inputUsd: 9\n  outputUsd: 9\n  asOf: 2026-11-01\nopenai/own:\n  inputUsd: 1\n',
    );
    const prices = open(folder, { prices: { 'openai/own': { inputUsd: 3 } } });
    const mini = await prices.pricesFor({ type: 'openai', connectionId: 'openai', model: 'gpt-5-mini' });
    expect(mini).toEqual({ inputUsd: 9, outputUsd: 9, source: 'llmops/prices.yaml (2026-11-01)', asOf: '2026-11-01' });
    expect(await inputOf(prices, 'own')).toBe(3);
    expect(prices.problems()).toEqual([]);
  });

  test('applies as soon as it is read again', async () => {
    const folder = workspace('openai/own:\n  inputUsd: 1\n');
    const prices = open(folder);
    expect(await inputOf(prices, 'own')).toBe(1);
    writeFileSync(path.join(folder, 'llmops/prices.yaml'), 'openai/own:\n  inputUsd: 2\n');
    await prices.reload();
    expect(await inputOf(prices, 'own')).toBe(2);
    rmSync(path.join(folder, 'llmops/prices.yaml'));
    await prices.reload();
    expect(await inputOf(prices, 'own')).toBeUndefined();
  });

  test('is not read in an untrusted workspace: a price of 0 would lift a budget', async () => {
    const prices = open(workspace('openai/gpt-5-mini:\n  inputUsd: 0\n  outputUsd: 0\n'), { trusted: false });
    expect(await inputOf(prices, 'gpt-5-mini')).toBe(0.25);
  });

  test('that links out of the workspace is reported and not read', async () => {
    const outside = workspace('openai/own:\n  inputUsd: 1\n');
    const folder = workspace('');
    rmSync(path.join(folder, 'llmops/prices.yaml'));
    symlinkSync(path.join(outside, 'llmops/prices.yaml'), path.join(folder, 'llmops/prices.yaml'));
    const prices = open(folder);
    expect(await inputOf(prices, 'own')).toBeUndefined();
    expect(prices.problems().map(({ message }) => message)).toEqual([
      expect.stringContaining('No prices from this file are used.'),
    ]);
  });

  test.each([
    ['openai/x:\n  inputUsd: cheap\n', 'cheap', '"inputUsd" must be a number'],
    ['openai/x:\n  inputUSD: 1\n', 'inputUSD', 'Did you mean inputUsd?'],
    ['gpt-5:\n  inputUsd: 1\n', 'gpt-5', 'Use connection/model'],
    ['openai/x:\n  - inputUsd: 1\n  - inputUsd: -1\n', '-1', '0 or more'],
    ['openai/x:\n  usdPerHour: 1\n  inputUsd: 1\n', 'openai/x', 'an hourly and a token price'],
    ['openai/x: [\n', '', 'No prices from this file are used.'],
    ['- openai/x\n', '- openai/x', 'This must be a map'],
    [
      'openai/x: {inputUsd: 1}\n---\nopenai/x: {inputUsd: 2}\n',
      '---\nopenai/x: {inputUsd: 2}',
      'Line 2: A second document',
    ],
  ])('reports each problem at its place: %j', async (yaml, marked, message) => {
    const { problems } = await parsePriceFile(yaml, '/w/llmops/prices.yaml');
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect(problem?.message).toContain(message);
    expect(problem?.range).toBeDefined();
    if (marked !== '') expect(yaml.slice(problem?.range?.start, problem?.range?.end).trim()).toBe(marked);
  });

  test('that is too long is rejected with a reason', async () => {
    const { problems } = await parsePriceFile(`# ${'x'.repeat(100_000)}`, '/w/llmops/prices.yaml');
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('larger than 100 KB')]);
    const found = open(workspace(`# ${'x'.repeat(400_000)}`));
    await found.load();
    expect(found.problems().map(({ message }) => message)).toEqual([expect.stringContaining('larger than 100 KB')]);
  });

  test('matches a pattern with many stars quickly', async () => {
    const pattern = `openai/${'a*'.repeat(40)}b`;
    const { find } = readPriceOverrides({ [pattern]: { inputUsd: 1 } });
    const began = cpuTimeMs();
    expect(find(`openai/${'a'.repeat(5_000)}`, NOW)).toBeUndefined();
    expect(find(`openai/${'a'.repeat(5_000)}b`, NOW)?.inputUsd).toBe(1);
    expect(cpuTimeMs() - began).toBeLessThan(200);
  });
});

describe('the schema of prices.yaml', () => {
  const text = readFileSync(new URL('../../../../media/schemas/prices.schema.json', import.meta.url), 'utf8');
  const schema = JSON.parse(text);
  const validate = new Ajv({ strict: false }).compile(schema);

  test('has the fields that the parser knows', () => {
    expect(Object.keys(schema.definitions.prices.properties).sort()).toEqual([...PRICE_FIELDS].sort());
  });

  test.each([
    ['', true],
    ['a/b:\n  inputUsd: 1\n  outputUsd: 4\n  asOf: 2026-11-29\n', true],
    ['a/*:\n  usdPerHour: 2\n  tokensPerSecond: 500\n', true],
    ['a/b:\n  - { inputUsd: 1 }\n  - { from: 2027-01-01, inputUsd: 2 }\n', true],
    ['a/b:\n  reasoningUsd: 1\n', true],
    ['a:\n  inputUsd: 1\n', false],
    ['a/b: {}\n', false],
    ['a/b: 5\n', false],
    ['a/b:\n  inputUsd: -1\n', false],
    ['a/b:\n  inputUsd: "1"\n', false],
    ['a/b:\n  input: 1\n', false],
    ['a/b:\n  asOf: 2026-11-29\n', false],
    ['a/b:\n  inputUsd: 1\n  asOf: yesterday\n', false],
    ['a/b:\n  usdPerHour: 1\n  inputUsd: 1\n', false],
    ['a/b:\n  usdPerHour: 1\n  tokensPerSecond: 0\n', false],
    ['a/b:\n  inputUsd: 1\n  tokensPerSecond: 5\n', false],
    ['- a\n', false],
  ])('agrees with the parser: %j', (yaml, sound) => {
    const value: unknown = parse(yaml);
    expect(validate(value)).toBe(sound);
    expect(readPriceOverrides(value).problems.length === 0).toBe(sound);
  });
});
