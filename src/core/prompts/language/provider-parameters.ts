import type { ConnectionType } from '../../models/chat-model.ts';

/** Parameters that providers call so themselves. Only those are listed of which it is known who refuses them. */
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

/** Whose parameters a type of connection refuses; a compatible server may take anything. */
const REFUSED: Readonly<Partial<Record<ConnectionType, readonly string[]>>> = {
  openai: ['Anthropic', 'Google'],
  'azure-openai': ['Anthropic', 'Google'],
  anthropic: ['OpenAI', 'Google'],
};

/** The provider whose parameter this is, where a connection of that type does not take it. */
export function foreignOwner(key: string, type: ConnectionType): string | undefined {
  const owner = OWNERS.get(key);
  return owner !== undefined && REFUSED[type]?.includes(owner) ? owner : undefined;
}
