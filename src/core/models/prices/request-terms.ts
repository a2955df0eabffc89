import { definedFields } from '../../base/defined-fields.ts';
import type { ChatRequest } from '../chat-model.ts';
import type { ModelInfo, RequestTerms, TokenPrices } from '../models.ts';
import { textOf } from '../transport/plain-json.ts';

type Asked = Pick<ChatRequest, 'messages' | 'parameters'>;
type Priced = Pick<ModelInfo, 'prices' | 'type' | 'id'>;

/** The prices of a model, with the options of one request that may change them. */
export function pricesForRequest(model: Priced | undefined, request: Asked): TokenPrices | undefined {
  const prices = model?.prices;
  if (model === undefined || prices === undefined) return undefined;
  const terms = requestTerms(request);
  // Gemini on Vertex AI has no such fields: they are not sent, so they change nothing.
  if (model.type === 'vertexai' && /(?:^|\/)gemini/.test(model.id)) {
    for (const name of ['serviceTier', 'speed', 'inferenceGeo'] as const) delete terms[name];
  }
  return Object.keys(terms).length === 0 ? prices : { ...prices, terms: { ...prices.terms, ...terms } };
}

/** Passed-through keys of the file's `config`, by the names of the providers' APIs. */
function requestTerms({ messages, parameters: { extra = {} } }: Asked): RequestTerms {
  return definedFields({
    serviceTier: textOf(extra.service_tier),
    inferenceGeo: textOf(extra.inference_geo),
    speed: textOf(extra.speed),
    cacheTtl: isHourLong(extra.cache_control) ? ('1h' as const) : undefined,
    webSearch: extra.web_search_options !== undefined || undefined,
    audioInput: messages.some(({ parts }) => parts.some(isAudio)) || undefined,
  });
}

function isAudio(part: Asked['messages'][number]['parts'][number]): boolean {
  if (part.type !== 'media') return false;
  return part.contentType?.startsWith('audio/') === true || part.url.startsWith('data:audio/');
}

function isHourLong(control: unknown): boolean {
  return typeof control === 'object' && control !== null && 'ttl' in control && control.ttl === '1h';
}
