import { didYouMean, editDistance, nearestNames } from '../../models/lists/suggest.ts';
import { type CheckContext, report } from './check-context.ts';
import { findEntry } from './declarations.ts';
import type { YamlEntry, YamlValue } from './tree.ts';
import { FRONT_MATTER_KEYS } from './vocabulary.ts';

const namesAt = (place: string) => (FRONT_MATTER_KEYS[place] ?? []).map(({ key }) => key);
const ROOT = namesAt('');
const CONFIG = namesAt('config');
const OWN = ROOT.filter((key) => key.startsWith('llmops.'));
/** What providers call parameters themselves: sent as they stand, so no misspelling. */
const PROVIDERS_OWN =
  /^(top_p|top_k|max_tokens|max_completion_tokens|max_output_tokens|stop|stop_sequences|reasoning|reasoning_effort)$/;

/** Keys that the format does not have, or has elsewhere, and the tool's own keys. */
export function checkKeys(context: CheckContext): void {
  const root = context.analyzed.tree.frontMatter?.root;
  if (!root) return;
  for (const entry of root.entries) checkRootKey(context, entry);
  for (const place of ['input', 'output']) {
    const value = findEntry(root, [place])?.value;
    for (const entry of value?.kind === 'map' ? value.entries : []) checkInnerKey(context, place, entry);
  }
  const tools = findEntry(root, ['toolDefs'])?.value;
  for (const tool of tools?.kind === 'seq' ? tools.items : []) {
    for (const entry of tool.kind === 'map' ? tool.entries : []) checkInnerKey(context, 'toolDefs.[]', entry);
  }
  const config = findEntry(root, ['config'])?.value;
  for (const entry of config?.kind === 'map' ? config.entries : []) checkConfigKey(context, entry);
  checkOutput(context);
}

function checkRootKey(context: CheckContext, { key, keyRange, value }: YamlEntry): void {
  if (key.startsWith('llmops.')) {
    if (!OWN.includes(key)) reportUnknown(context, { key, keyRange, names: OWN });
    else if (value) checkOwnValue(context, key, value);
    return;
  }
  if (ROOT.includes(key) || key.includes('.') || key === '<<') return;
  if (CONFIG.includes(key)) report(context, 'misplaced-key', `\`${key}\` belongs under \`config\`.`, keyRange);
  else if (key === 'schema' || key === 'default' || key === 'format') {
    const place = key === 'format' ? '`output`' : key === 'default' ? '`input`' : '`input` or `output`';
    report(context, 'misplaced-key', `\`${key}\` belongs under ${place}.`, keyRange);
  } else reportUnknown(context, { key, keyRange, names: ROOT });
}

function checkInnerKey(context: CheckContext, place: string, { key, keyRange }: YamlEntry): void {
  const names = namesAt(place);
  if (names.includes(key) || key === '<<') return;
  if (ROOT.includes(key)) {
    report(
      context,
      'misplaced-key',
      `\`${key}\` belongs at the beginning of a line, not under \`${place}\`.`,
      keyRange,
    );
  } else reportUnknown(context, { key, keyRange, names });
}

function reportUnknown(
  context: CheckContext,
  { key, keyRange, names }: Pick<YamlEntry, 'key' | 'keyRange'> & { names: readonly string[] },
): void {
  const near = didYouMean(nearestNames(key, names, 1));
  report(
    context,
    'unknown-key',
    `There is no key \`${key}\` here. ${near ?? `Known are ${names.join(', ')}.`}`,
    keyRange,
  );
}

/** What is not known goes to the provider as it stands: only what is nearly a known name is worth a word. */
function checkConfigKey(context: CheckContext, { key, keyRange }: YamlEntry): void {
  if (CONFIG.includes(key) || PROVIDERS_OWN.test(key) || key.length < 4) return;
  const plain = key.toLowerCase().replace(/[_-]/g, '');
  const meant = CONFIG.find((name) => editDistance(plain, name.toLowerCase(), 2) <= (name.length > 5 ? 2 : 1));
  if (!meant) return;
  report(context, 'config-key', `\`${key}\` is no parameter that is known here. Did you mean ${meant}?`, keyRange);
}

function checkOwnValue(context: CheckContext, key: string, value: YamlValue): void {
  const wrong = (expected: string) => report(context, 'llmops-value', `\`${key}\` must be ${expected}.`, value.range);
  const isText = value.kind === 'scalar' && typeof value.value === 'string' && value.value.trim() !== '';
  const isAlias = value.kind === 'scalar' && !value.quoted && String(value.value).startsWith('*');
  if (isAlias) return;
  if (key === 'llmops.dataset' && !isText) wrong('the path of a file');
  if (key === 'llmops.rag' && value.kind !== 'map' && !isText) wrong('a map, or the name of a collection');
  if (
    key === 'llmops.cache' &&
    value.kind !== 'map' &&
    !(value.kind === 'scalar' && typeof value.value === 'boolean')
  ) {
    wrong('true, false or a map');
  }
}

function checkOutput(context: CheckContext): void {
  const { prompt, analyzed } = context;
  const format = findEntry(analyzed.tree.frontMatter?.root, ['output', 'format']);
  if (prompt.output.format !== 'json' || prompt.output.schema || !format) return;
  const hasSchema = findEntry(analyzed.tree.frontMatter?.root, ['output', 'schema'])?.value !== undefined;
  if (hasSchema) return;
  const message = 'JSON is asked for without a schema: add `output.schema`, and answers are held to it.';
  report(context, 'json-without-schema', message, format.value?.range ?? format.range);
}
