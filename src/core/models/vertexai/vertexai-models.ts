import type { protos } from '@google-cloud/aiplatform';
import type { ListedModel } from '../chat-model.ts';
import { withDeclared } from '../openai/openai-compatible.ts';
import { callGrpc, type VertexContext } from './vertexai-context.ts';

type PublisherModel = protos.google.cloud.aiplatform.v1beta1.IPublisherModel;

/** Publishers whose models can be used here; Google's own and Claude by name, the others as managed services. */
const PUBLISHERS = ['google', 'anthropic', 'meta', 'mistralai', 'deepseek-ai', 'qwen', 'openai'];
const NOT_CHAT = /embedding|imagen|veo|lyria|chirp|tts|live|native-audio|robotics|computer-use/;

/**
 * Model Garden's list (only its v1beta1 API lists). It has no retirement dates and no limits, so those come from the
 * catalogue. Google's list has to succeed; a publisher that cannot be listed is omitted and logged.
 */
export async function listVertexModels(vertex: VertexContext, signal: AbortSignal): Promise<ListedModel[]> {
  const { context, auth } = vertex;
  const client = await vertex.clients.garden();
  // The parent contains no project, and personal credentials need one that is billed for the call.
  const headers = { 'x-goog-user-project': await auth.project() };
  const list = async (publisher: string) => {
    const request = { parent: `publishers/${publisher}` };
    const [models] = await callGrpc(vertex, {
      signal,
      headers,
      call: (options) => client.listPublisherModels(request, options),
    });
    return models.flatMap((model) => toListedModel(publisher, model));
  };
  const results = await Promise.allSettled(PUBLISHERS.map(list));
  const [google] = results;
  if (google?.status === 'rejected') throw google.reason;
  const listed = results.flatMap((result, index) => {
    if (result.status === 'fulfilled') return result.value;
    context.log.debug(`${context.connection.id}: models of ${PUBLISHERS[index]} were not listed: ${result.reason}`);
    return [];
  });
  return withDeclared(listed, context.connection.models);
}

function toListedModel(publisher: string, { name, versionId, launchStage }: PublisherModel): ListedModel[] {
  const id = name?.split('/').at(-1) ?? '';
  if (!isChat(publisher, id)) return [];
  const model: ListedModel = { id: fullId(publisher, id, versionId ?? '') };
  const stage = String(launchStage ?? '');
  if (stage === 'EXPERIMENTAL' || stage.endsWith('_PREVIEW')) {
    model.displayName = `${model.id} (${stage.toLowerCase().replaceAll('_', ' ')})`;
  }
  return [model];
}

function isChat(publisher: string, id: string): boolean {
  if (NOT_CHAT.test(id)) return false;
  if (publisher === 'google') return id.startsWith('gemini-');
  // The rest of Model Garden are weights to deploy on your own machines.
  return publisher === 'anthropic' ? id.startsWith('claude-') : id.endsWith('-maas');
}

/** Claude's versions are dates after an `@`; other publishers' ids are complete. */
function fullId(publisher: string, id: string, version: string): string {
  if (publisher === 'anthropic') return /^\d{8}$/.test(version) && !id.includes('@') ? `${id}@${version}` : id;
  return publisher === 'google' ? id : `${publisher}/${id}`;
}
