import type { CodeRequest } from './code-request.ts';

/** The base URL for a client, which appends the rest of the request's path itself. */
export function sdkBaseUrl({ url }: CodeRequest): string {
  return url.replace(/\?.*$/, '').replace(/\/chat\/completions$|\/responses$|\/v1\/messages$/, '');
}

/** OpenAI has two APIs for chat; the provider chooses the one for a model. */
export function isResponsesApi({ url }: CodeRequest): boolean {
  return /\/responses(\?|$)/.test(url);
}

/** google-genai and @google/genai have one flat `config` for several fields of the API. */
export function genaiConfig(body: Record<string, unknown>): { contents: unknown; config: Record<string, unknown> } {
  const { contents, generationConfig, ...rest } = body;
  return { contents, config: { ...(typeof generationConfig === 'object' ? generationConfig : {}), ...rest } };
}
