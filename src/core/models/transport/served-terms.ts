import { isRecord } from '../../../shared/is-record.ts';
import { definedFields } from '../../base/defined-fields.ts';
import type { BillingTerms, Usage } from '../chat-model.ts';
import { countOf, recordOf } from './plain-json.ts';

/** Such as `flex` or `provisioned_throughput`; other values, possibly a key of ours, are not repeated. */
const TERM = /^[a-z]{2,}(?:_[a-z]+)*$/;
const LONGEST_TERM = 30;

/** How a provider served a request, as it reports; `undefined` if it does not. */
export function servedTerms(terms: Record<keyof BillingTerms, unknown>): BillingTerms | undefined {
  const served: BillingTerms = {};
  for (const [name, value] of Object.entries(terms)) {
    if (typeof value !== 'string' || value === '') continue;
    const term = value.toLowerCase();
    served[name as keyof BillingTerms] = TERM.test(term) && term.length <= LONGEST_TERM ? term : 'another';
  }
  return Object.keys(served).length === 0 ? undefined : served;
}

/** The tier in a chunk of an OpenAI-compatible stream. */
export function servedTier(serviceTier: unknown): Pick<Usage, 'served'> {
  const served = servedTerms({ serviceTier, speed: undefined, inferenceGeo: undefined, endpoint: undefined });
  return served === undefined ? {} : { served };
}

/** Vertex AI's `trafficType`: without a reservation it names the tier, or none for the standard one. */
export function servedTraffic(trafficType: unknown): Pick<Usage, 'served'> {
  if (typeof trafficType !== 'string' || trafficType.endsWith('_UNSPECIFIED')) return {};
  return servedTier(trafficType.replace(/^ON_DEMAND_(?=.)/, ''));
}

type AudioCounts = Pick<Usage, 'inputAudioTokens' | 'cacheReadAudioTokens' | 'outputAudioTokens'>;

/** OpenAI includes audio in the input and the output. */
export function openAiAudio(input: unknown, output: unknown): AudioCounts {
  const read = (details: unknown) => countOf(recordOf(details)?.audio_tokens);
  return definedFields({
    inputAudioTokens: read(input),
    cacheReadAudioTokens: read(recordOf(input)?.cached_tokens_details),
    outputAudioTokens: read(output),
  });
}

/** Gemini lists its counts by modality, without those that do not occur. */
export function geminiAudio(usageMetadata: Record<string, unknown>): AudioCounts {
  return definedFields({
    inputAudioTokens: audioOf(usageMetadata.promptTokensDetails),
    cacheReadAudioTokens: audioOf(usageMetadata.cacheTokensDetails),
    outputAudioTokens: audioOf(usageMetadata.candidatesTokensDetails) || undefined,
  });
}

/** 0 if there is a list without audio; undefined if there is no list. */
function audioOf(details: unknown): number | undefined {
  if (!Array.isArray(details) || details.length === 0) return undefined;
  const audio: unknown[] = details.filter((one) => isRecord(one) && one.modality === 'AUDIO');
  return audio.reduce<number>((sum, one) => sum + (isRecord(one) ? Number(one.tokenCount ?? 0) : 0), 0);
}
