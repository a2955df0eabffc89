import { didYouMean, editDistance, nearestNames } from '../../base/nearest-name.ts';
import { findEntry } from '../analysis/declarations.ts';
import { keysAt } from '../analysis/vocabulary.ts';
import type { YamlEntry } from '../syntax/tree.ts';
import { type CheckContext, report, suggest } from './check-context.ts';

const namesAt = (place: string) => (keysAt(place) ?? []).map(({ key }) => key);
const ROOT = namesAt('');
const CONFIG = namesAt('config');
const OWN = ROOT.filter((key) => key.startsWith('llmops.'));
/** The providers' own parameter names: sent unchanged, so not a misspelling. */
const PROVIDERS_OWN =
  /^(top_p|top_k|max_tokens|max_completion_tokens|max_output_tokens|stop|stop_sequences|reasoning|reasoning_effort)$/;

/** Top-level keys that are never sent from `config`. */
const TOP_LEVEL: readonly string[] = ['model', 'toolChoice', 'maxTurns', 'returnToolRequests', 'tools'];
/** Parameters that are never sent from `config`, by what sets them. */
const SET_BY_PROMPT: Readonly<Partial<Record<string, string>>> = Object.assign(Object.create(null), {
  messages: 'is generated from the template',
  response_format: 'is generated from `output`',
  stream: 'is set by the run',
});
/** Keys that belong under one other key. */
const ONLY_PLACE: Readonly<Partial<Record<string, string>>> = Object.assign(Object.create(null), {
  default: 'input',
  format: 'output',
});
/** Other tools' names for a parameter, in lower case. */
const SYNONYMS: Readonly<Partial<Record<string, string>>> = Object.assign(Object.create(null), {
  maxtokens: 'maxOutputTokens',
  maxnewtokens: 'maxOutputTokens',
  maxcompletiontokens: 'maxOutputTokens',
  maxlength: 'maxOutputTokens',
  stopwords: 'stopSequences',
});

/** Reports keys that the format does not have, or has elsewhere, and checks the tool's own keys. */
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
    else if (value?.kind === 'map' && namesAt(key).length > 0) {
      for (const entry of value.entries) checkInnerKey(context, key, entry);
    }
    return;
  }
  if (ROOT.includes(key) || key.includes('.') || key === '<<') return;
  const place = CONFIG.includes(key) ? 'config' : ONLY_PLACE[key];
  if (place !== undefined) {
    report(context, 'misplaced-key', `\`${key}\` belongs under \`${place}\`.`, keyRange, { data: { place } });
  } else if (key === 'schema') {
    report(context, 'misplaced-key', '`schema` belongs under `input` or `output`.', keyRange);
  } else reportUnknown(context, { key, keyRange, names: ROOT });
}

function checkInnerKey(context: CheckContext, place: string, { key, keyRange }: YamlEntry): void {
  const names = namesAt(place);
  if (names.includes(key) || key === '<<') return;
  if (ROOT.includes(key)) reportTopLevel(context, place, { key, keyRange });
  else reportUnknown(context, { key, keyRange, names });
}

function reportTopLevel(context: CheckContext, owner: string, { key, keyRange }: Pick<YamlEntry, 'key' | 'keyRange'>) {
  const message = `\`${key}\` belongs at the top level, not under \`${owner}\`.`;
  report(context, 'misplaced-key', message, keyRange, { data: { place: '', owner } });
}

function reportUnknown(
  context: CheckContext,
  { key, keyRange, names }: Pick<YamlEntry, 'key' | 'keyRange'> & { names: readonly string[] },
): void {
  const near = nearestNames(key, names, 1);
  const message = `Unknown key \`${key}\`. ${didYouMean(near) ?? `Known keys: ${names.join(', ')}.`}`;
  report(context, 'unknown-key', message, keyRange, suggest(near));
}

/** Unknown keys are sent to the provider unchanged: only one that is close to a known name is reported. */
function checkConfigKey(context: CheckContext, { key, keyRange }: YamlEntry): void {
  if (TOP_LEVEL.includes(key)) {
    reportTopLevel(context, 'config', { key, keyRange });
    return;
  }
  const why = SET_BY_PROMPT[key];
  if (why !== undefined) {
    report(context, 'misplaced-key', `\`${key}\` ${why} and cannot be set in \`config\`.`, keyRange);
    return;
  }
  if (CONFIG.includes(key) || PROVIDERS_OWN.test(key) || key.length < 4) return;
  const plain = key.toLowerCase().replace(/[_-]/g, '');
  const meant =
    SYNONYMS[plain] ?? CONFIG.find((name) => editDistance(plain, name.toLowerCase(), 2) <= (name.length > 5 ? 2 : 1));
  if (!meant) return;
  const message = `Unknown parameter \`${key}\`. Did you mean ${meant}?`;
  report(context, 'config-key', message, keyRange, suggest([meant]));
}

function checkOutput(context: CheckContext): void {
  const { prompt, analyzed } = context;
  const format = findEntry(analyzed.tree.frontMatter?.root, ['output', 'format']);
  if (prompt.output.format !== 'json' || prompt.output.schema || !format) return;
  const hasSchema = findEntry(analyzed.tree.frontMatter?.root, ['output', 'schema'])?.value !== undefined;
  if (hasSchema) return;
  const message = 'JSON is requested without a schema. Add `output.schema` to check answers against it.';
  report(context, 'json-without-schema', message, format.value?.range ?? format.range);
}
