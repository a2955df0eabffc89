import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ListPrice, ListPrices } from '../../../src/core/models/prices/list/price-list.ts';
import { isRecord } from '../../../src/shared/is-record.ts';

/** One chat model of litellm's table, with the names of genai-prices. */
export interface ReferenceModel {
  /** As written in the table. */
  key: string;
  provider: string;
  /** Without the provider's prefix, as used by the provider's own API. */
  id: string;
  prices: ListPrices;
  /** By the value of `service_tier`. */
  tiers: Map<string, ListPrices>;
  /** What a regional endpoint of Vertex AI multiplies; undefined if the table has no value. */
  regional: number | undefined;
  /** What OpenAI's regional hosts multiply. */
  processing: Map<string, number>;
  /** By the value of `inference_geo`. */
  geo: Map<string, number>;
  contextWindow: number | undefined;
}

/** litellm's providers: their names in genai-prices, and the prefix of their keys. */
const PROVIDERS: Record<string, { id: string; prefix: string }> = {
  openai: { id: 'openai', prefix: '' },
  anthropic: { id: 'anthropic', prefix: '' },
  gemini: { id: 'google', prefix: 'gemini/' },
  bedrock: { id: 'aws', prefix: '' },
  bedrock_converse: { id: 'aws', prefix: '' },
  azure: { id: 'azure', prefix: 'azure/' },
  groq: { id: 'groq', prefix: 'groq/' },
  deepseek: { id: 'deepseek', prefix: 'deepseek/' },
  mistral: { id: 'mistral', prefix: 'mistral/' },
  xai: { id: 'x-ai', prefix: 'xai/' },
  openrouter: { id: 'openrouter', prefix: 'openrouter/' },
  cerebras: { id: 'cerebras', prefix: 'cerebras/' },
  together_ai: { id: 'together', prefix: 'together_ai/' },
  fireworks_ai: { id: 'fireworks', prefix: 'fireworks_ai/' },
};
const VERTEX = { id: 'google', prefix: 'vertex_ai/' };

const CLASSES: [string, string][] = [
  ['input_mtok', 'input_cost_per_token'],
  ['output_mtok', 'output_cost_per_token'],
  ['cache_read_mtok', 'cache_read_input_token_cost'],
  ['cache_write_mtok', 'cache_creation_input_token_cost'],
  ['input_audio_mtok', 'input_cost_per_audio_token'],
  ['output_audio_mtok', 'output_cost_per_audio_token'],
];
const CHAT_MODES = new Set(['chat', 'responses']);
const SERVICE_TIERS = ['flex', 'priority'];

type Row = Record<string, unknown>;

/** The chat models of an unpacked litellm package whose provider genai-prices knows too. */
export function readLitellm(folder: string): ReferenceModel[] {
  const file = path.join(folder, 'litellm', 'model_prices_and_context_window_backup.json');
  const table = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Row>;
  return Object.entries(table).flatMap(([key, row]) => {
    const target = typeof row.alias_of === 'string' ? table[row.alias_of] : undefined;
    const whole = { ...target, ...row };
    // Bare keys of Vertex AI repeat those with its prefix, if there are any.
    const isRepeated = isVertex(whole) && Object.hasOwn(table, `${VERTEX.prefix}${key}`);
    return isRepeated ? [] : (toModel(key, whole) ?? []);
  });
}

function toModel(key: string, row: Row): ReferenceModel | undefined {
  const name = String(row.litellm_provider ?? '');
  const onVertex = isVertex(row);
  const provider = onVertex ? VERTEX : PROVIDERS[name];
  if (!provider || !CHAT_MODES.has(String(row.mode))) return undefined;
  if (!onVertex && !key.startsWith(provider.prefix)) return undefined;
  if (provider.id === 'aws' && key.includes('/')) return undefined;
  const entry = isRecord(row.provider_specific_entry) ? row.provider_specific_entry : {};
  return {
    key,
    provider: provider.id,
    id: key.startsWith(provider.prefix) ? key.slice(provider.prefix.length) : key,
    prices: pricesOf(row, ''),
    tiers: new Map(
      SERVICE_TIERS.map((tier): [string, ListPrices] => [tier, pricesOf(row, `_${tier}`)]).filter(
        ([, prices]) => prices.input_mtok !== undefined && prices.output_mtok !== undefined,
      ),
    ),
    regional: onVertex ? (numberOf(row.regional_endpoint_uplift_multiplier) ?? 1) : undefined,
    processing: new Map(
      (name === 'openai' ? ['eu', 'us'] : []).map((region): [string, number] => {
        return [region, numberOf(row[`regional_processing_uplift_multiplier_${region}`]) ?? 1];
      }),
    ),
    geo: new Map(typeof entry.us === 'number' && name === 'anthropic' ? [['us', entry.us]] : []),
    // For OpenAI's models the table has the window minus the longest answer.
    contextWindow: provider.id === 'openai' || provider.id === 'azure' ? undefined : numberOf(row.max_input_tokens),
  };
}

function isVertex(row: Row): boolean {
  return String(row.litellm_provider ?? '').startsWith('vertex_ai');
}

function pricesOf(row: Row, suffix: string): ListPrices {
  const prices: ListPrices = {};
  for (const [name, field] of CLASSES) {
    const price = priceOf(row, field, suffix);
    if (price !== undefined) prices[name] = price;
  }
  const hour = perMillion(row[`cache_creation_input_token_cost_above_1hr${suffix}`]);
  if (hour !== undefined)
    prices.cache_write_1h_mtok = withTiers(row, 'cache_creation_input_token_cost_above_1hr', suffix, hour);
  return prices;
}

function priceOf(row: Row, field: string, suffix: string): ListPrice | undefined {
  const base = perMillion(row[`${field}${suffix}`]);
  return base === undefined ? undefined : withTiers(row, field, suffix, base);
}

/** `input_cost_per_token_above_200k_tokens_priority` and similar. */
function withTiers(row: Row, field: string, suffix: string, base: number): ListPrice {
  const pattern = new RegExp(`^${field}_above_(\\d+)k_tokens${suffix}$`);
  const tiers = Object.keys(row).flatMap((name) => {
    const found = pattern.exec(name);
    const price = perMillion(row[name]);
    return found && price !== undefined ? [{ start: Number(found[1]) * 1000, price }] : [];
  });
  if (tiers.length === 0) return base;
  return { base, tiers: tiers.sort((a, b) => a.start - b.start) };
}

/** To ten digits: the rest of the table's binary fractions is noise. */
function perMillion(value: unknown): number | undefined {
  const number = numberOf(value);
  return number === undefined ? undefined : Number((number * 1_000_000).toPrecision(10));
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
