import { stringify } from 'yaml';
import type { Draft, DraftMessage, InputFacts } from './draft.ts';

/** The text of a `.prompt` file. */
export function writeDraft(draft: Draft): string {
  const head = frontMatter(draft);
  const body = template(draft.messages);
  if (Object.keys(head).length === 0) return `---\nname: ${JSON.stringify(draft.name)}\n---\n${body}\n`;
  const yaml = stringify(head, { lineWidth: 0, flowCollectionPadding: false });
  return `---\n${yaml}---\n${body}\n`;
}

function frontMatter(draft: Draft): Record<string, unknown> {
  const { description, model, models, config, inputs, output, toolDefs } = draft;
  const defaults = [...inputs].filter(([, facts]) => facts.default !== undefined);
  const input = {
    ...(inputs.size > 0 ? { schema: Object.fromEntries([...inputs].map(schemaEntry)) } : {}),
    ...(defaults.length > 0
      ? { default: Object.fromEntries(defaults.map(([name, facts]) => [name, facts.default])) }
      : {}),
  };
  return {
    ...(description ? { description } : {}),
    ...(model ? { model } : {}),
    ...(config && Object.keys(config).length > 0 ? { config } : {}),
    ...(Object.keys(input).length > 0 ? { input } : {}),
    ...(output ? { output } : {}),
    ...(toolDefs?.length ? { toolDefs } : {}),
    ...(models && models.length > 1 ? { 'llmops.models': models } : {}),
  };
}

/** One line of Picoschema: `plan(enum, the plan): [a, b]`, `items?(array): string`, `question: string, what is asked`. */
export function schemaEntry([name, facts]: [string, InputFacts]): [string, unknown] {
  const { array, optional, type } = facts;
  const description = facts.description?.trim().replace(/\s+/g, ' ');
  const key = `${name}${optional ? '?' : ''}`;
  const kind = array ? 'array' : Array.isArray(type) ? 'enum' : typeof type === 'object' ? 'object' : undefined;
  // In a key a parenthesis would end what Picoschema reads as the description.
  if (kind) return [`${key}(${kind}${description ? `, ${description.replace(/[()]/g, '')}` : ''})`, type ?? 'any'];
  return [key, `${typeof type === 'string' ? type : typeOf(facts.default)}${description ? `, ${description}` : ''}`];
}

function typeOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'object' && value !== null ? 'any' : 'string';
}

/** A single text of the user needs no marker; everything else says whose it is. */
function template(messages: readonly DraftMessage[]): string {
  const [first] = messages;
  if (messages.length === 1 && first?.role === 'user' && !first.history) return first.text.trim();
  return messages
    .map(({ role, text, history }) => (history ? '{{history}}' : `{{role "${role}"}}\n${text.trim()}`))
    .join('\n\n');
}
