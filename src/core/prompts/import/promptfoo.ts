import { readChatMessages } from './chat-messages.ts';
import {
  asText,
  type Draft,
  type Drafts,
  type ImportSource,
  type Inputs,
  isRecord,
  readData,
  stemOf,
} from './draft.ts';
import { convertJinja } from './jinja.ts';
import { modelRef, readSettings } from './model-settings.ts';
import { findPrompts } from './promptfoo-prompts.ts';

/** A promptfoo configuration: its prompts in every form but functions, its providers as models, a test's variables. */
export async function importPromptfoo(source: ImportSource): Promise<Drafts> {
  const notes: string[] = [];
  const data = readData(source.text);
  if (!isRecord(data)) return { drafts: [], notes: [`${source.path} is not a configuration of promptfoo.`] };
  const found = await findPrompts(data.prompts, source, notes);
  const models = readProviders(await listAt(data.providers ?? data.targets, source), notes);
  const drafts = found.map(({ label, text }, index) => {
    const name = label ?? (found.length > 1 ? `${stemOf(source.path)}-${index + 1}` : stemOf(source.path));
    const draft: Draft = { name, description: asText(data.description), inputs: new Map(), messages: [] };
    draft.messages = readText(text, draft.inputs, notes);
    applyProviders(draft, models, notes);
    applyVariables(draft.inputs, data);
    return draft;
  });
  for (const key of ['tests', 'scenarios', 'assert']) {
    if (data[key] !== undefined)
      notes.push(`\`${key}\`: assertions and test cases are not carried; variables of the first case became defaults.`);
  }
  return { drafts, notes };
}

/** A list, one item, or a file that holds the list. */
async function listAt(value: unknown, source: ImportSource): Promise<unknown> {
  const file = typeof value === 'string' ? /^file:\/\/(.*\.(?:ya?ml|json))$/.exec(value)?.[1] : undefined;
  const data = file === undefined ? undefined : readData((await source.readFile?.(file)) ?? '');
  return data ?? value;
}

/** JSON or YAML of messages is a chat; whatever else is the user's text. */
function readText(text: string, inputs: Inputs, notes: string[]) {
  const convert = (part: string) => convertJinja(part, { inputs, notes });
  const data = /^\s*(?:\[|- )/.test(text) ? readData(quoteTags(text, notes)) : undefined;
  if (Array.isArray(data) && data.some((item) => isRecord(item) && 'content' in item)) {
    return readChatMessages(data, notes, convert);
  }
  return [{ role: 'user' as const, text: convert(text) }];
}

/** In a chat written as JSON tags stand where values do: `"content": {{ question | dump }}`, and loops over earlier turns. */
function quoteTags(text: string, notes: string[]): string {
  if (!/^\s*\[/.test(text) || isJson(text)) return text;
  const withoutLoops = text.replace(/\{%-?\s*for\b[^%]*%\}[\s\S]*?"role"[\s\S]*?\{%-?\s*endfor\s*-?%\}\s*,?/g, () => {
    notes.push('The messages that a loop makes go where `{{history}}` stands.');
    return '{"type": "placeholder", "name": "history"},';
  });
  // Strings are skipped whole: a tag inside of one is text already.
  return withoutLoops.replace(/"(?:[^"\\]|\\.)*"|\{\{-?([\s\S]*?)-?\}\}/g, (whole, code: string | undefined) =>
    code === undefined ? whole : JSON.stringify(`{{ ${code.replace(/\|\s*(?:dump|tojson|safe)\s*$/, '').trim()} }}`),
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Provider {
  model: string | undefined;
  config: Record<string, unknown>;
}

function readProviders(value: unknown, notes: string[]): Provider[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.flatMap((item): Provider[] => {
    const [key, options] =
      isRecord(item) && item.id === undefined ? (Object.entries(item)[0] ?? []) : [undefined, item];
    const id = asText(key) ?? (isRecord(item) ? (asText(item.provider) ?? asText(item.id)) : asText(item));
    if (id === undefined) return [];
    const config = isRecord(options) && isRecord(options.config) ? options.config : {};
    if (/^(?:file|exec|python|https?|package|javascript):/.test(id) || !id.includes(':')) {
      notes.push(`The provider \`${id}\` is not carried.`);
      return [];
    }
    const [provider = '', ...rest] = id.split(':');
    return [{ model: modelRef(rest.at(-1), provider, notes), config }];
  });
}

function applyProviders(draft: Draft, providers: readonly Provider[], notes: string[]): void {
  const models = providers.flatMap(({ model }) => model ?? []);
  draft.model = models[0];
  draft.models = [...new Set(models)];
  const [first] = providers;
  if (first) readSettings(withoutKeys(first.config), draft, notes);
}

/** What says how a provider is reached, and not what it is asked. */
function withoutKeys(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).filter(([key]) => !/^(?:api|base|organization|headers|region)/i.test(key)),
  );
}

function applyVariables(inputs: Inputs, data: Record<string, unknown>): void {
  const tests = Array.isArray(data.tests) ? data.tests : [];
  const first = tests.find((test) => isRecord(test) && isRecord(test.vars));
  const shared = isRecord(data.defaultTest) && isRecord(data.defaultTest.vars) ? data.defaultTest.vars : {};
  const own = isRecord(first) && isRecord(first.vars) ? first.vars : {};
  for (const [name, value] of Object.entries({ ...shared, ...own })) {
    const facts = inputs.get(name);
    const isFile = typeof value === 'string' && /^file:\/\//.test(value);
    if (facts && !isFile)
      inputs.set(name, { ...facts, default: Array.isArray(value) && !facts.array ? value[0] : value });
  }
}
