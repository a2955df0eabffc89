import type { ChatRequest } from '../chat-model.ts';
import type { RequestTerms, TokenPrices } from '../models.ts';

type Asked = Pick<ChatRequest, 'messages' | 'parameters'>;

/** The prices of a model, with what one request asks for that may change them. */
export function pricesForRequest(prices: TokenPrices | undefined, request: Asked): TokenPrices | undefined {
  if (prices === undefined) return undefined;
  const terms = requestTerms(request);
  return Object.keys(terms).length === 0 ? prices : { ...prices, terms: { ...prices.terms, ...terms } };
}

/** Passed-through keys of the file's `config`, by the names of the providers' APIs. */
function requestTerms({ messages, parameters: { extra = {} } }: Asked): RequestTerms {
  const terms: RequestTerms = {};
  const serviceTier = textOf(extra.service_tier ?? extra.serviceTier);
  const inferenceGeo = textOf(extra.inference_geo);
  const speed = textOf(extra.speed);
  if (serviceTier !== undefined) terms.serviceTier = serviceTier;
  if (inferenceGeo !== undefined) terms.inferenceGeo = inferenceGeo;
  if (speed !== undefined) terms.speed = speed;
  if (asksForAnHour(extra.cache_control)) terms.cacheTtl = '1h';
  if (extra.web_search_options !== undefined) terms.webSearch = true;
  if (messages.some(({ parts }) => parts.some(isAudio))) terms.audioInput = true;
  return terms;
}

function isAudio(part: Asked['messages'][number]['parts'][number]): boolean {
  if (part.type !== 'media') return false;
  return part.contentType?.startsWith('audio/') === true || part.url.startsWith('data:audio/');
}

function asksForAnHour(control: unknown): boolean {
  return typeof control === 'object' && control !== null && 'ttl' in control && control.ttl === '1h';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
