import { isRecord } from '../../../../shared/is-record.ts';
import { isJson } from '../../../base/json/is-json.ts';
import { readChatMessages } from '../chat-messages.ts';
import {
  asText,
  type Draft,
  type DraftMessage,
  type Drafts,
  type ImportSource,
  type Inputs,
  readData,
  stemOf,
} from '../draft.ts';
import { type NamedFile, readNamedFile } from '../named-files.ts';
import { convertJinja } from '../template/jinja.ts';
import { quoteTags } from './promptfoo-chat.ts';
import { findPrompts } from './promptfoo-prompts.ts';
import { applyProviders, readProviders } from './promptfoo-providers.ts';

/** A promptfoo configuration: its prompts, except functions, its providers as models, a test's variables. */
export async function importPromptfoo(source: ImportSource): Promise<Drafts> {
  const notes: string[] = [];
  const data = readData(source.text);
  if (!isRecord(data)) return { drafts: [], notes: [`${source.path} is not a promptfoo configuration.`] };
  const found = await findPrompts(data.prompts, source, notes);
  const models = readProviders(await listAt(data.providers ?? data.targets, source, notes), notes);
  for (const { config } of models) {
    for (const [key, value] of Object.entries(config)) {
      const what = `The file of the setting \`${key}\`,`;
      if (key === 'tools' || key === 'response_format') config[key] = await dataAt(value, source, { what, notes });
    }
  }
  const drafts = found.map(({ label, text }, index) => {
    const name = label ?? (found.length > 1 ? `${stemOf(source.path)}-${index + 1}` : stemOf(source.path));
    const draft: Draft = { name, description: asText(data.description), inputs: new Map(), messages: [] };
    draft.messages = readText(text, draft.inputs, notes);
    applyProviders(draft, models, notes);
    applyVariables(draft.inputs, data, notes);
    return draft;
  });
  noteUnsupported(data, found.length, notes);
  return { drafts, notes };
}

const CARRIED = new Set(['prompts', 'providers', 'targets', 'description', 'defaultTest', '$schema']);

/** A red-team scan has a purpose and plugins; its prompts, if any, are those of the target. */
function noteUnsupported(data: Record<string, unknown>, count: number, notes: string[]): void {
  if (isRecord(data.redteam)) {
    const { purpose, plugins, strategies } = data.redteam;
    const parts = Object.entries({ plugins, strategies }).flatMap(([name, list]) =>
      Array.isArray(list) ? [`${list.length} ${name}`] : [],
    );
    const what = [...parts, ...(asText(purpose) ? ['a purpose'] : [])].join(', ') || 'settings';
    notes.push(
      `This is a red team configuration (\`redteam\`: ${what}), which attacks a target. It is not imported${count === 0 ? ', and it has no prompts of its own' : '; only its prompts are'}.`,
    );
  }
  for (const key of ['tests', 'scenarios', 'assert']) {
    if (data[key] === undefined) continue;
    const hasVariables = key === 'tests' && Array.isArray(data.tests) && data.tests.some(hasVars);
    const defaults = hasVariables ? '; variables of the first case became defaults' : '';
    notes.push(`\`${key}\`: assertions and test cases are not imported${defaults}.`);
  }
  if (isRecord(data.defaultTest)) {
    const lost = Object.keys(data.defaultTest).filter((key) => key !== 'vars');
    if (lost.length > 0)
      notes.push(`\`defaultTest\`: ${lost.join(', ')} ${lost.length === 1 ? 'is' : 'are'} not imported.`);
  }
  const others = Object.keys(data).filter(
    (key) => !CARRIED.has(key) && !['redteam', 'tests', 'scenarios', 'assert'].includes(key),
  );
  if (others.length > 0) notes.push(`Not imported: ${others.map((key) => `\`${key}\``).join(', ')}.`);
}

const hasVars = (test: unknown): boolean => isRecord(test) && isRecord(test.vars);

/** A list, one item, or a file with the list. */
function listAt(value: unknown, source: ImportSource, notes: string[]): Promise<unknown> {
  return dataAt(value, source, { what: 'The file of providers', notes });
}

async function dataAt(value: unknown, source: ImportSource, named: NamedFile): Promise<unknown> {
  const file = typeof value === 'string' ? /^file:\/\/(.*\.(?:ya?ml|json))$/.exec(value)?.[1] : undefined;
  if (file === undefined) return value;
  const text = await readNamedFile(source, file, named);
  return text === undefined ? undefined : readData(text);
}

/** JSON or YAML of messages is a chat; everything else is the user's text. */
function readText(text: string, inputs: Inputs, notes: string[]): DraftMessage[] {
  const convert = (part: string) => convertJinja(part, { inputs, notes, engine: 'nunjucks' });
  const isList = /^\s*\[/.test(text);
  if (isList || /^\s*- /.test(text)) {
    const quoted = isList && !isJson(text) ? quoteTags(text, notes) : text;
    // YAML's parser takes many seconds to reject a long text that only starts like JSON.
    const isRead = !isList || quoted.length < 100_000 || isJson(quoted);
    const data = isRead ? readData(quoted) : undefined;
    if (Array.isArray(data) && data.some((item) => isRecord(item) && ('content' in item || 'role' in item))) {
      return readChatMessages(data, { inputs, notes, convert });
    }
    if (/"?role"?\s*:/.test(text))
      notes.push('A text that looks like a list of messages could not be read: it was imported as a user message.');
  }
  return [{ role: 'user', content: convert(text) }];
}

function applyVariables(inputs: Inputs, data: Record<string, unknown>, notes: string[]): void {
  const tests = Array.isArray(data.tests) ? data.tests : [];
  const first = tests.find((test) => isRecord(test) && isRecord(test.vars));
  const shared = isRecord(data.defaultTest) && isRecord(data.defaultTest.vars) ? data.defaultTest.vars : {};
  const own = isRecord(first) && isRecord(first.vars) ? first.vars : {};
  for (const [name, value] of Object.entries({ ...shared, ...own })) {
    const details = inputs.get(name);
    if (!details) continue;
    if (typeof value === 'string' && /^(?:file|package):\/\//.test(value)) {
      notes.push(`The variable \`${name}\` comes from ${value.slice(0, 200)} and has no default.`);
      continue;
    }
    const given = Array.isArray(value) && !details.array ? value[0] : value;
    // promptfoo drops one line break at the end of a variable.
    inputs.set(name, { ...details, default: typeof given === 'string' ? given.replace(/\n$/, '') : given });
  }
}
