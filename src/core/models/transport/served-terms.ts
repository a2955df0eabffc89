import { isRecord } from '../../base/is-record.ts';
import type { BillingTerms, Usage } from '../chat-model.ts';
import { countOf, recordOf } from './plain-json.ts';

/** Such as `flex` or `provisioned_throughput`; whatever else a server writes there, a key of ours too, is not repeated. */
const TERM = /^[a-z]{2,}(?:_[a-z]+)*$/;
const LONGEST_TERM = 30;

/** How a provider says that it served a request; `undefined` where it says nothing. */
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

/** Vertex AI's `trafficType`: what is not reserved beforehand names its tier, or none for the standard one. */
export function servedTraffic(trafficType: unknown): Pick<Usage, 'served'> {
  if (typeof trafficType !== 'string' || trafficType.endsWith('_UNSPECIFIED')) return {};
  return servedTier(trafficType.replace(/^ON_DEMAND_(?=.)/, ''));
}

type AudioCounts = Pick<Usage, 'inputAudioTokens' | 'cacheReadAudioTokens' | 'outputAudioTokens'>;

/** OpenAI counts audio inside the input and the output. */
export function openAiAudio(input: unknown, output: unknown): AudioCounts {
  const counts: AudioCounts = {};
  const read = (details: unknown) => countOf(recordOf(details)?.audio_tokens);
  const heard = read(input);
  const cached = read(recordOf(input)?.cached_tokens_details);
  const spoken = read(output);
  if (heard !== undefined) counts.inputAudioTokens = heard;
  if (cached !== undefined) counts.cacheReadAudioTokens = cached;
  if (spoken !== undefined) counts.outputAudioTokens = spoken;
  return counts;
}

/** Gemini lists its counts by modality, the silent ones left out. */
export function geminiAudio(usageMetadata: Record<string, unknown>): AudioCounts {
  const counts: AudioCounts = {};
  const input = audioOf(usageMetadata.promptTokensDetails);
  const cached = audioOf(usageMetadata.cacheTokensDetails);
  const output = audioOf(usageMetadata.candidatesTokensDetails);
  if (input !== undefined) counts.inputAudioTokens = input;
  if (cached !== undefined) counts.cacheReadAudioTokens = cached;
  if (output) counts.outputAudioTokens = output;
  return counts;
}

/** 0 where the list is there and names no audio; undefined where there is no list. */
function audioOf(details: unknown): number | undefined {
  if (!Array.isArray(details) || details.length === 0) return undefined;
  const audio: unknown[] = details.filter((one) => isRecord(one) && one.modality === 'AUDIO');
  return audio.reduce<number>((sum, one) => sum + (isRecord(one) ? Number(one.tokenCount ?? 0) : 0), 0);
}
