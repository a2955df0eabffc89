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

interface Found {
  label: string | undefined;
  text: string;
}

/** A promptfoo configuration: its prompts in every form but functions, its providers as models, a test's variables. */
export async function importPromptfoo(source: ImportSource): Promise<Drafts> {
  const notes: string[] = [];
  const data = readData(source.text);
  if (!isRecord(data)) return { drafts: [], notes: [`${source.path} is not a configuration of promptfoo.`] };
  const listed = Array.isArray(data.prompts) ? data.prompts : data.prompts === undefined ? [] : [data.prompts];
  const found: Found[] = [];
  for (const entry of listed) found.push(...(await readEntry(entry, source, notes)));
  const models = readProviders(data.providers ?? data.targets, notes);
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

async function readEntry(entry: unknown, source: ImportSource, notes: string[]): Promise<Found[]> {
  if (isRecord(entry)) {
    const label = asText(entry.label) ?? asText(entry.display);
    const text = asText(entry.raw) ?? asText(entry.id) ?? asText(entry.content);
    if (text === undefined) {
      notes.push(`A prompt without text (${label ?? Object.keys(entry).join(', ')}) is not carried.`);
      return [];
    }
    const found = await readEntry(text, source, notes);
    return found.map((item) => ({ ...item, label: label ?? item.label }));
  }
  if (typeof entry !== 'string') return [];
  const file = promptFile(entry);
  if (file === undefined) return [{ label: undefined, text: entry }];
  if (/\.(?:[cm]?js|[cm]?ts|py|rb|go|sh|exe)(?::\w+)?$/.test(file) || /^exec:/.test(entry)) {
    notes.push(`The prompt function ${file} is not supported: a function cannot become a template.`);
    return [];
  }
  const text = /[*?]/.test(file) ? undefined : await source.readFile?.(file);
  if (text === undefined) {
    notes.push(`The prompt file ${file} could not be read: import it by itself.`);
    return [];
  }
  return splitFile(file, text);
}

function promptFile(entry: string): string | undefined {
  if (entry.startsWith('file://')) return entry.slice('file://'.length);
  if (entry.startsWith('exec:')) return entry.slice('exec:'.length).trim();
  return /^[^\s{}]+\.(?:txt|md|json|ya?ml|j2|csv|[cm]?js|[cm]?ts|py)(?::\w+)?$/.test(entry) ? entry : undefined;
}

/** A text file holds several prompts where lines of `---` part them. */
function splitFile(file: string, text: string): Found[] {
  const parts = /\.(?:json|ya?ml)$/.test(file)
    ? [text]
    : text.split(/^---[ \t]*$/m).filter((part) => part.trim() !== '');
  return parts.map((part, index) => ({
    label: parts.length > 1 ? `${stemOf(file)}-${index + 1}` : stemOf(file),
    text: part.trim(),
  }));
}

/** JSON or YAML of messages is a chat; whatever else is the user's text. */
function readText(text: string, inputs: Inputs, notes: string[]) {
  const convert = (part: string) => convertJinja(part, { inputs, notes });
  const data = /^\s*(?:\[|- )/.test(text) ? readData(text) : undefined;
  if (Array.isArray(data) && data.some((item) => isRecord(item) && 'content' in item)) {
    return readChatMessages(data, notes, convert);
  }
  return [{ role: 'user' as const, text: convert(text) }];
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
    const id = asText(key) ?? (isRecord(item) ? asText(item.id) : asText(item));
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
