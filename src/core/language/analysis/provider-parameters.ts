import type { ConnectionType, Parameters } from '../../models/chat-model.ts';
import { readParameters } from '../../prompts/front-matter/parameters.ts';

/** Parameters by the providers' own names. Only those are listed that a provider is known to reject. */
const OPENAI =
  'frequency_penalty presence_penalty logit_bias logprobs top_logprobs parallel_tool_calls prediction modalities verbosity prompt_cache_key prompt_cache_retention safety_identifier max_completion_tokens';
const ANTHROPIC = 'thinking top_k stop_sequences context_management mcp_servers container';
const GOOGLE =
  'frequencyPenalty presencePenalty responseLogprobs candidateCount safetySettings thinkingConfig mediaResolution responseModalities cachedContent speechConfig';

const OWNERS: ReadonlyMap<string, string> = new Map(
  [
    ['OpenAI', OPENAI],
    ['Anthropic', ANTHROPIC],
    ['Google', GOOGLE],
  ].flatMap(([owner = '', names = '']) => names.split(' ').map((name): [string, string] => [name, owner])),
);

/** Whose parameters a type of connection rejects; a compatible server may accept anything. */
const REFUSED: Readonly<Partial<Record<ConnectionType, readonly string[]>>> = {
  openai: ['Anthropic', 'Google'],
  'azure-openai': ['Anthropic', 'Google'],
  anthropic: ['OpenAI', 'Google'],
};

/** The provider of this parameter, if a connection of that type does not support it. */
export function foreignOwner(key: string, type: ConnectionType): string | undefined {
  const owner = OWNERS.get(key);
  return owner !== undefined && REFUSED[type]?.includes(owner) ? owner : undefined;
}

/** Our parameters by the providers' names for them; a request contains either. */
const OURS: ReadonlyMap<string, keyof Parameters> = new Map<string, keyof Parameters>([
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['max_tokens', 'maxOutputTokens'],
  ['max_completion_tokens', 'maxOutputTokens'],
  ['max_output_tokens', 'maxOutputTokens'],
  ['stop', 'stopSequences'],
  ['stop_sequences', 'stopSequences'],
  ['reasoning_effort', 'reasoningEffort'],
]);
const COUNTED: ReadonlySet<string> = new Set(['topP', 'topK', 'maxOutputTokens']);

/** The format's name for a parameter; the key itself if it is the format's own or unknown. */
export function ownName(key: string): string {
  return OURS.get(key) ?? key;
}

/** A type error of a parameter in a provider's spelling; the parser has checked ours. */
export function foreignTypeProblem(key: string, value: unknown, type: ConnectionType | undefined): string | undefined {
  const own = ownName(key);
  if (own === key || !COUNTED.has(own) || value === null || value === undefined) return undefined;
  // Self-hosted servers treat -1 (and vLLM 0) as no limit.
  if (type === 'openai-compatible' && (value === -1 || (own === 'topK' && value === 0))) return undefined;
  return readParameters({ [own]: value }).problems[0]?.message.replace(`\`${own}\``, `\`${key}\``);
}
