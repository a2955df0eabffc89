import { isRecord } from '../../../shared/is-record.ts';
import { parsePrompt } from '../../prompts/parse.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import type { EffectiveContent } from '../results/effective-content.ts';
import { describeMessages } from './describe-messages.ts';
import { describeSchemas } from './describe-schema.ts';
import { lineChanges, quoted, shortList, shortValue } from './format-change.ts';

/** The texts of a version: its file, and its partials by name. */
export type VersionText = Pick<EffectiveContent, 'source'> & { partials: { name: string; text: string }[] };

export interface ContentChange {
  kind: 'model' | 'parameter' | 'input' | 'output' | 'tool' | 'message' | 'partial' | 'about' | 'formatting';
  /** A line without a full stop: `temperature 0.2 → 0.7`. Names are in backticks. */
  text: string;
}

/**
 * Describes the changes between two versions, most important first: changes that affect answers precede those that only
 * a reader sees. Empty if nothing changed; never throws, however broken the files.
 */
export function describeChange(before: VersionText, after: VersionText): ContentChange[] {
  const [old, now] = [parse(before.source), parse(after.source)];
  const changes = isReadable(old) && isReadable(now) ? describeFrontMatter(old, now) : describeUnread(old, now);
  const found: ContentChange[] = [
    ...changes,
    ...describeMessages(before.source, after.source).map(as('message')),
    ...describePartials(before.partials, after.partials).map(as('partial')),
  ].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  if (found.length > 0 || isSame(before, after)) return found;
  return [{ kind: 'formatting', text: 'formatting or comments only' }];
}

const ORDER: readonly ContentChange['kind'][] = [
  'model',
  'parameter',
  'input',
  'output',
  'tool',
  'message',
  'partial',
  'about',
  'formatting',
];

function as(kind: ContentChange['kind']): (text: string) => ContentChange {
  return (text) => ({ kind, text });
}

/** A named schema is compared by its name alone: its file has its own history. */
function parse(source: string): Prompt {
  return parsePrompt(source, { resolveSchema: (name) => ({ type: name }) }).prompt;
}

function isReadable({ errors = [], frontMatter, source }: Prompt): boolean {
  if (!frontMatter) return !source.trimStart().startsWith('---');
  const { end } = frontMatter.range;
  return !errors.some(({ code, range }) => range.start <= end && /^(yaml|front-matter)/.test(code));
}

/** Front matter that is not valid YAML is compared as text. */
function describeUnread(old: Prompt, now: Prompt): ContentChange[] {
  const how = lineChanges(yamlOf(old), yamlOf(now));
  return how ? [{ kind: 'parameter', text: `front matter, which is broken: ${how}` }] : [];
}

function yamlOf({ frontMatter, source, template }: Prompt): string {
  return frontMatter
    ? source.slice(frontMatter.range.start, frontMatter.range.end)
    : source.slice(0, template.range.start);
}

/** Keys that are described one by one. */
const DESCRIBED = new Set(['model', 'config', 'input', 'output', 'tools', 'toolDefs', 'toolChoice']);

function describeFrontMatter(old: Prompt, now: Prompt): ContentChange[] {
  const [before, after] = [dataOf(old), dataOf(now)];
  const [oldFormat, newFormat] = [formatOf(old), formatOf(now)];
  const output = oldFormat === newFormat ? [] : [`output ${oldFormat} → ${newFormat}`];
  return [
    ...describeValue('model', before.model, after.model).map(as('model')),
    ...describeMap(mapOf(before.config), mapOf(after.config)).map(as('parameter')),
    ...describeSchemas(old.input.schema, now.input.schema, 'input').map(as('input')),
    ...describeDefaults(old.input.defaults, now.input.defaults).map(as('input')),
    ...[...output, ...describeSchemas(schemaOf(old), schemaOf(now), 'output field')].map(as('output')),
    ...describeTools(old, now).map(as('tool')),
    ...describeValue('toolChoice', before.toolChoice, after.toolChoice).map(as('tool')),
    ...describeOthers(before, after).map(as('about')),
  ];
}

function dataOf({ frontMatter }: Prompt): Record<string, unknown> {
  return frontMatter?.data ?? {};
}

/** As written: several formats are treated as text. */
function formatOf(prompt: Prompt): string {
  const { format } = mapOf(dataOf(prompt).output);
  return typeof format === 'string' ? shortValue(format) : prompt.output.format;
}

function schemaOf({ output }: Prompt) {
  return output.schema;
}

function mapOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? { ...value } : {};
}

/** `temperature 0.2 → 0.7`, `adds topP 0.9`, `removes topP 0.9`. */
function describeMap(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => describeValue(shortValue(key), before[key], after[key]));
}

function describeValue(name: string, before: unknown, after: unknown): string[] {
  if (sameValue(before, after)) return [];
  if (before === undefined || before === null) return [`adds ${name} ${shortValue(after)}`];
  if (after === undefined || after === null) return [`removes ${name} ${shortValue(before)}`];
  const [from, to] = [shortValue(before), shortValue(after)];
  return [from === to ? `${name} changed` : `${name} ${from} → ${to}`];
}

function sameValue(before: unknown, after: unknown): boolean {
  return JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
}

function describeDefaults(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => !sameValue(before[name], after[name]));
  if (changed.length > 2) return [`defaults of ${shortList(changed.map(quoted))} changed`];
  return changed.flatMap((name) => {
    const [from, to] = [before[name], after[name]];
    if (from === undefined) return [`adds default ${shortValue(to)} of ${quoted(name)}`];
    if (to === undefined) return [`removes default ${shortValue(from)} of ${quoted(name)}`];
    const [shortFrom, shortTo] = [shortValue(from), shortValue(to)];
    const how = shortFrom === shortTo ? 'changed' : `${shortFrom} → ${shortTo}`;
    return [`default of ${quoted(name)}${how === 'changed' ? '' : ':'} ${how}`];
  });
}

function describeTools(old: Prompt, now: Prompt): string[] {
  const [before, after] = [toolsOf(old), toolsOf(now)];
  const added = [...after.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const changed = [...after].filter(([name, tool]) => before.has(name) && !sameValue(before.get(name), tool));
  const counted = (verb: string, names: string[]) =>
    names.length === 0 ? [] : [`${verb} ${names.length === 1 ? 'tool' : 'tools'} ${shortList(names.map(quoted))}`];
  return [
    ...counted('adds', added),
    ...counted('removes', removed),
    ...changed.map(([name]) => `tool ${quoted(name)} changed`),
  ];
}

function toolsOf({ tools, toolNames }: Prompt): Map<string, Prompt['tools'][number] | undefined> {
  return new Map([
    ...toolNames.map((name) => [name, undefined] as const),
    ...tools.map((tool) => [tool.name, tool] as const),
  ]);
}

function describeOthers(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => !DESCRIBED.has(key))
    .flatMap((key) => {
      const isText = [before[key], after[key]].every((value) => value === undefined || typeof value === 'string');
      // a sentence is not identified by its first words
      if (key === 'description' || !isText)
        return sameValue(before[key], after[key]) ? [] : [verbOf(before, after, key)];
      return describeValue(shortValue(key), before[key], after[key]);
    });
}

function verbOf(before: Record<string, unknown>, after: Record<string, unknown>, key: string): string {
  const name = key === 'description' ? key : quoted(key);
  if (before[key] === undefined) return `adds ${name}`;
  return after[key] === undefined ? `removes ${name}` : `${name} changed`;
}

function describePartials(before: VersionText['partials'], after: VersionText['partials']): string[] {
  const [old, now] = [before, after].map((all) => new Map(all.map(({ name, text }) => [name, text])));
  if (!old || !now) return [];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    if (from === undefined) return [`adds partial ${quoted(name)}`];
    if (to === undefined) return [`no longer uses partial ${quoted(name)}`];
    const how = lineChanges(from, to);
    return how ? [`partial ${quoted(name)}${how === 'rewritten' ? '' : ':'} ${how}`] : [];
  });
}

function isSame(before: VersionText, after: VersionText): boolean {
  const fullText = ({ source, partials }: VersionText) =>
    JSON.stringify([source, partials.map(({ name, text }) => [name, text])]).replaceAll('\\r\\n', '\\n');
  return fullText(before) === fullText(after);
}
