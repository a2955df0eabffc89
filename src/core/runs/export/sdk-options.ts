import type { CodeRequest } from './code-request.ts';

/** The base URL that a client wants: it appends the rest of the request's path itself. */
export function sdkBaseUrl({ url }: CodeRequest): string {
  return url.replace(/\?.*$/, '').replace(/\/chat\/completions$|\/responses$|\/v1\/messages$/, '');
}

/** OpenAI has two APIs for chat; which one a model is reached by is the provider's choice. */
export function isResponsesApi({ url }: CodeRequest): boolean {
  return /\/responses(\?|$)/.test(url);
}

/** google-genai and @google/genai take one flat `config` where the API has several fields. */
export function genaiConfig(body: Record<string, unknown>): { contents: unknown; config: Record<string, unknown> } {
  const { contents, generationConfig, ...rest } = body;
  return { contents, config: { ...(typeof generationConfig === 'object' ? generationConfig : {}), ...rest } };
}
