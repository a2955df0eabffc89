import { isRecord } from '../../../base/is-record.ts';
import { asText, type Draft } from '../draft.ts';
import { modelRef, readSettings } from '../model-settings.ts';
import { scalarType } from './prompty-inputs.ts';

export function readModel(value: unknown, draft: Draft, notes: string[]): void {
  if (typeof value === 'string') draft.model = modelRef(value, undefined, notes);
  if (!isRecord(value)) return;
  // Later files of version 1 have `connection` instead of `configuration`.
  const configuration = [value.configuration, value.connection].find(isRecord) ?? {};
  const provider = asText(value.provider) ?? asText(configuration.type);
  const id = value.id ?? configuration.azure_deployment ?? configuration.name ?? configuration.model;
  draft.model = modelRef(id, provider, notes);
  const options = [value.parameters, value.options].find(isRecord) ?? {};
  const { additionalProperties, ...own } = options;
  readSettings({ ...own, ...(isRecord(additionalProperties) ? additionalProperties : {}) }, draft, notes);
  const place = [value.connection, configuration].find(
    (item) => isRecord(item) && (item.endpoint ?? item.azure_endpoint),
  );
  if (place) notes.push('The model endpoint belongs in llmops/connections.yaml and is not imported.');
  const api = asText(value.api) ?? asText(value.apiType);
  if (api && api !== 'chat' && api !== 'responses')
    notes.push(`The API \`${api}\` is not imported: prompts run as chats.`);
}

/** Version 2 lists a function's parameters one by one, as it lists inputs. */
export function readTools(tools: unknown[], draft: Draft, notes: string[]): void {
  for (const tool of tools) {
    if (!isRecord(tool) || (tool.kind !== undefined && tool.kind !== 'function')) {
      notes.push(
        `The tool \`${isRecord(tool) ? String(tool.name ?? tool.kind) : String(tool)}\` is not a function and is not imported.`,
      );
      continue;
    }
    const list = Array.isArray(tool.parameters) ? tool.parameters.filter(isRecord) : undefined;
    if (!list) {
      readSettings({ tools: [tool] }, draft, notes);
      continue;
    }
    const properties = list.map((field) => [
      String(field.name),
      {
        type: scalarType(field.kind ?? field.type) ?? 'string',
        ...(asText(field.description) ? { description: field.description } : {}),
      },
    ]);
    const required = list.filter((field) => field.required === true).map((field) => field.name);
    const parameters = { type: 'object', properties: Object.fromEntries(properties), required };
    readSettings({ tools: [{ name: tool.name, description: tool.description, parameters }] }, draft, notes);
  }
}
