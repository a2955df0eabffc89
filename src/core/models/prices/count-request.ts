import { connectionOf } from '../connection.ts';
import type { Models } from '../models.ts';
import { type CountedRequest, estimateRequest, type RequestTokens, type TokenFamily, tokenFamily } from './tokens.ts';

/** The parts of the input of a request to a model, counted by that model's tokenizer. */
export async function countRequest(
  models: Pick<Models, 'modelInfo' | 'connection'>,
  { model, ...request }: CountedRequest & { model: string },
): Promise<RequestTokens> {
  return estimateRequest(request, await familyOf(models, model));
}

async function familyOf(models: Pick<Models, 'modelInfo' | 'connection'>, model: string): Promise<TokenFamily> {
  const info = await models.modelInfo(model);
  const type = info?.type ?? (await models.connection(connectionOf(model))).connection.type;
  return tokenFamily(type, info?.baseModel ?? model);
}
