import { isRecord } from '../../../shared/is-record.ts';
import { readChatMessages } from './chat-messages.ts';
import { asText, type Draft, type Drafts, type ImportSource, readData, stemOf } from './draft.ts';
import { modelRef, readSettings } from './model-settings.ts';
import { convertMustache } from './template/mustache.ts';

/** A prompt of Langfuse in its API's and export's format: `prompt` is a text or messages, `config` the model's. */
export function importLangfuse(source: ImportSource): Drafts {
  const notes: string[] = [];
  const data = readData(source.text);
  const listed = isRecord(data) && Array.isArray(data.data) ? data.data : Array.isArray(data) ? data : [data];
  const drafts = listed.flatMap((item): Draft[] => {
    if (!isRecord(item) || item.prompt === undefined) {
      if (isRecord(item) && item.name !== undefined)
        notes.push(`\`${String(item.name)}\` has no text in this file and is not imported: export it separately.`);
      return [];
    }
    const draft = newDraft(item, source, asText(item.commitMessage));
    fill(draft, item.prompt, notes);
    if (isRecord(item.config)) {
      const { model, provider, ...config } = item.config;
      draft.model = modelRef(model, asText(provider), notes);
      readSettings(config, draft, notes);
    }
    noteLabels(item, notes);
    if (JSON.stringify(item.prompt).includes('@@@langfusePrompt')) {
      notes.push('References to other prompts (`@@@langfusePrompt…@@@`) were kept as text: turn them into partials.');
    }
    return [draft];
  });
  return { drafts, notes };
}

/** A prompt of MLflow's registry, as JSON with `template`, or its text only. */
export function importMlflow(source: ImportSource): Drafts {
  const notes: string[] = [];
  const data = /^\s*\{\s*"/.test(source.text) ? readData(source.text) : undefined;
  const fields = isRecord(data) ? (isRecord(data.prompt_version) ? data.prompt_version : data) : {};
  const template = fields.template ?? (isRecord(data) ? undefined : source.text);
  if (template === undefined) return { drafts: [], notes: [`No template was found in ${source.path}.`] };
  const draft = newDraft(fields, source, asText(fields.description) ?? asText(fields.commit_message));
  fill(draft, typeof template === 'string' ? (messagesOf(template) ?? template) : template, notes);
  const config = [fields.model_config, fields.config].find(isRecord);
  if (config) {
    const { model_name, provider, ...settings } = config;
    draft.model = modelRef(model_name ?? config.model, asText(provider), notes);
    readSettings(settings, draft, notes);
  }
  if (isRecord(fields.response_format)) draft.output = { format: 'json', schema: fields.response_format };
  noteLabels(fields, notes);
  return { drafts: [draft], notes };
}

function newDraft(fields: Record<string, unknown>, { path }: ImportSource, description: string | undefined): Draft {
  return { name: asText(fields.name) ?? stemOf(path), description, inputs: new Map(), messages: [] };
}

function messagesOf(text: string): unknown[] | undefined {
  const data = /^\s*\[\s*\{/.test(text) ? readData(text) : undefined;
  return Array.isArray(data) ? data : undefined;
}

function fill(draft: Draft, prompt: unknown, notes: string[]): void {
  const convert = (text: string) => convertMustache(text, { inputs: draft.inputs, notes });
  draft.messages = Array.isArray(prompt)
    ? readChatMessages(prompt, { inputs: draft.inputs, notes, convert })
    : [{ role: 'user', content: convert(String(prompt)) }];
}

function noteLabels(fields: Record<string, unknown>, notes: string[]): void {
  const version = fields.version === undefined ? '' : ` (this was version ${String(fields.version)})`;
  if (Array.isArray(fields.labels) && fields.labels.length > 0) {
    notes.push(`Labels and earlier versions are not imported${version}: ${fields.labels.join(', ')}.`);
  }
  if (Array.isArray(fields.tags) && fields.tags.length > 0)
    notes.push(`Tags are not imported: ${fields.tags.join(', ')}.`);
  else if (isRecord(fields.tags) && Object.keys(fields.tags).length > 0)
    notes.push(`Tags are not imported: ${Object.keys(fields.tags).join(', ')}.`);
}
