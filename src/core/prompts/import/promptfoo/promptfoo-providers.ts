import { isRecord } from '../../../../shared/is-record.ts';
import { asText, type Draft } from '../draft.ts';
import { isKnownProvider, modelRef, readSettings } from '../model-settings.ts';

interface Provider {
  /** As written in the source. */
  id: string;
  model: string | undefined;
  config: Record<string, unknown>;
}

/** Names between a provider and its model that select one of its APIs. */
const CHATS = new Set('chat messages message responses response converse'.split(' '));
const OTHERS = new Set(
  'completion completions embedding embeddings assistant agents agent realtime image moderation transcription video live text-generation text-classification'.split(
    ' ',
  ),
);

export function readProviders(value: unknown, notes: string[]): Provider[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.flatMap((item): Provider[] => {
    const [key, options] =
      isRecord(item) && item.id === undefined && item.provider === undefined
        ? (Object.entries(item)[0] ?? [])
        : [undefined, item];
    const id = asText(key) ?? (isRecord(item) ? (asText(item.provider) ?? asText(item.id)) : asText(item));
    if (id === undefined) return [];
    const config = isRecord(options) && isRecord(options.config) ? options.config : {};
    if (isRecord(options)) {
      for (const name of ['prompts', 'transform', 'delay', 'env'].filter((name) => options[name] !== undefined))
        notes.push(`\`${name}\` of the provider \`${id}\` is not imported.`);
    }
    if (
      /^(?:file|exec|python|golang|ruby|https?|wss?|package|javascript|webhook|echo|browser|sequence):/.test(id) ||
      !id.includes(':')
    ) {
      notes.push(`The provider \`${id}\` is not imported.`);
      return [];
    }
    return providerOf(id, config, notes);
  });
}

/** `ollama:chat:llama3.1:8b`: after the provider, and an optional API name, everything is the model's id. */
function providerOf(id: string, config: Record<string, unknown>, notes: string[]): Provider[] {
  const [provider = '', ...rest] = id.split(':');
  const [kind = '', ...more] = rest;
  if (OTHERS.has(kind) && kind !== 'text-generation' && !kind.startsWith('completion')) {
    notes.push(`The provider \`${id}\` is not imported: prompts run as chats.`);
    return [];
  }
  if (OTHERS.has(kind)) notes.push(`The provider \`${id}\` completes text; here a prompt runs as a chat.`);
  const isKind = CHATS.has(kind) || OTHERS.has(kind);
  const name = (isKind ? more : rest).join(':');
  if (name === '') {
    const given = asText(config.model) ?? asText(config.deployment);
    if (given === undefined) notes.push(`The provider \`${id}\` names no model and is not imported.`);
    return given === undefined ? [] : [{ id, model: refOf(given, provider, notes), config }];
  }
  return [{ id, model: refOf(name, provider, notes), config }];
}

/** A provider without a connection here keeps its name: its model is not the same as another provider's. */
function refOf(name: string, provider: string, notes: string[]): string | undefined {
  if (isKnownProvider(provider) || /\$\{|\{\{/.test(name) || !/^[A-Za-z][\w-]*$/.test(provider))
    return modelRef(name, provider, notes);
  notes.push(
    `The connection \`${provider}\` is not built in: add it to llmops/connections.yaml, or choose a model other than \`${provider}/${name}\`.`,
  );
  return `${provider}/${name}`;
}

/** The models to compare, and their settings as far as one prompt can express them. */
export function applyProviders(draft: Draft, providers: readonly Provider[], notes: string[]): void {
  const models = providers.flatMap(({ model }) => model ?? []);
  draft.model = models[0];
  draft.models = [...new Set(models)];
  const carried = providers.filter(({ model }) => model !== undefined);
  const used = carried.length > 0 ? carried : providers.slice(0, 1);
  readSettings(mergeSettings(used, notes), draft, notes);
}

/** A prompt has one `config` for all its models: of different values the first is kept, the others are reported. */
function mergeSettings(providers: readonly Provider[], notes: string[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  const own = providers.map(({ config, ...provider }) => ({ ...provider, config: withoutAccess(config) }));
  for (const key of new Set(own.flatMap(({ config }) => Object.keys(config)))) {
    const holders = own.filter(({ config }) => config[key] !== undefined && config[key] !== null);
    const [first] = holders;
    if (!first) continue;
    merged[key] = first.config[key];
    const others = holders.filter(({ config }) => JSON.stringify(config[key]) !== JSON.stringify(merged[key]));
    for (const { id, config } of others) {
      notes.push(
        `The setting \`${key}\` is ${shown(config[key])} for \`${id}\` and ${shown(merged[key])} for \`${first.id}\`: a prompt has one value for all models, so the second one is used.`,
      );
    }
    if (holders.length < own.length)
      notes.push(
        `The setting \`${key}\` of \`${first.id}\` now belongs to the prompt and applies to all of its models.`,
      );
  }
  return merged;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``;
}

/** How a provider is reached, not what is requested. */
function withoutAccess(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).filter(
      ([key]) =>
        !/^(?:api|base|organization|headers|region|project|accessKey|secret|sessionToken|profile|cost)/i.test(key),
    ),
  );
}
