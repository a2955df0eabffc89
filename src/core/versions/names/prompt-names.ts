import { LRUCache } from 'lru-cache';
import { UserError } from '../../base/errors.ts';
import { boundsOf } from '../../base/files/read-file.ts';
import { splitFrontMatter } from '../../prompts/front-matter/front-matter.ts';
import { readYaml } from '../../prompts/front-matter/yaml-data.ts';
import { isPartialFile } from '../../prompts/template/partial-files.ts';
import type { RepositoryContext } from '../context.ts';
import { readBlob } from '../git/files-at.ts';
import { absolutePath } from '../git/repository-path.ts';
import { nameOfPath } from './ref-names.ts';

export interface PromptName {
  name: string;
  path: string;
}

const NAMES = /^["']?(?:name|variant)["']?[ \t]*:/m;

/** Cached by front matter, which stays the same while a template changes: parsing YAML is the expensive part. */
const frontMatterNames = new LRUCache<string, { yaml: string; name: string | undefined; variant: string | undefined }>({
  maxSize: 1_000_000,
  sizeCalculation: ({ yaml }) => yaml.length + 100,
});

/** The name for a prompt's versions: its `name`, with its variant, otherwise its path without extension. */
export function promptNameOf(source: string, path: string): string {
  const { yaml } = splitFrontMatter(source);
  const text = yaml ? source.slice(yaml.start, yaml.end) : '';
  if (!NAMES.test(text)) return nameOfPath(path);
  const found = frontMatterNames.get(text) ?? readNames(text);
  frontMatterNames.set(text, found);
  if (found.name === undefined) return nameOfPath(path);
  const suffix = found.variant ?? /\.([^./]+)\.prompt$/.exec(path)?.[1];
  return suffix ? `${found.name}.${suffix}` : found.name;
}

function readNames(yaml: string) {
  const { name, variant } = readYaml(yaml, { start: 0, end: yaml.length }).data;
  return {
    yaml,
    name: typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined,
    variant: typeof variant === 'string' || typeof variant === 'number' ? String(variant) : undefined,
  };
}

export interface NameOptions {
  /** The editor's text; the file's by default. */
  text?: string | undefined;
  /** The result of `listPromptNames`, if available. */
  present?: readonly PromptName[] | undefined;
  signal?: AbortSignal | undefined;
}

/** Name of a prompt; throws `name-clash` if another prompt has the same one, or one that differs only in case. */
export async function nameOfPrompt(
  context: RepositoryContext,
  path: string,
  { text, present, signal }: NameOptions = {},
): Promise<string> {
  const source = text ?? (await readWorking(context, path));
  const others = (present ?? (await listPromptNames(context, signal))).filter((other) => other.path !== path);
  const name = source === undefined ? nameOfPath(path) : promptNameOf(source, path);
  const clash = others.find((other) => sameName(other.name, name));
  if (!clash) return name;
  const how = clash.name === name ? 'the same name' : 'names that differ only in case';
  throw new UserError(
    `${path} and ${clash.path} have ${how}: "${name}"${clash.name === name ? '' : ` and "${clash.name}"`}.`,
    { code: 'name-clash', hint: 'Rename the file of one of them, or set `name:` in its front matter.' },
  );
}

/** Some file systems, and git on them, keep one ref for names that differ only in case. */
export function sameName(a: string, b: string): boolean {
  return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
}

function readWorking(context: RepositoryContext, path: string): Promise<string | undefined> {
  const file = absolutePath(context, path);
  return context.ports.files.readText(file, { within: boundsOf(file, context.folder) }).catch(() => undefined);
}

const named = new LRUCache<string, string>({ max: 20_000 });

/** All prompts that git tracks, as staged, and those that it neither tracks nor ignores. */
export async function listPromptNames(context: RepositoryContext, signal?: AbortSignal): Promise<PromptName[]> {
  const { git } = context;
  // Called with our own pattern, so without the flag for literal pathspecs.
  const args = [
    '--no-literal-pathspecs',
    'ls-files',
    '-z',
    '-t',
    '--stage',
    '--others',
    '--exclude-standard',
    '--',
    '*.prompt',
  ];
  const lines = (await git.run(args, { signal })).split('\0');
  const tracked = lines.flatMap((line) => {
    const match = /^[A-Z] \d+ ([0-9a-f]+) [0-3]\t(.*)$/s.exec(line);
    return match ? [{ blob: match[1] ?? '', path: match[2] ?? '' }] : [];
  });
  const untracked = lines.flatMap((line) => (line.startsWith('? ') ? [line.slice(2)] : []));
  const [byBlob, byFile] = await Promise.all([
    Promise.all(
      tracked
        .filter(({ path }) => !isPartialFile(path))
        .map(async ({ blob, path }) => ({ path, name: await nameByBlob(context, blob, path) })),
    ),
    Promise.all(
      untracked
        .filter((path) => !isPartialFile(path))
        .map(async (path) => {
          const source = await readWorking(context, path);
          return { path, name: source === undefined ? nameOfPath(path) : promptNameOf(source, path) };
        }),
    ),
  ]);
  const all = new Map([...byBlob, ...byFile].map((prompt) => [prompt.path, prompt]));
  return [...all.values()];
}

async function nameByBlob(context: RepositoryContext, blob: string, path: string): Promise<string> {
  const key = `${blob}:${path}`;
  const known = named.get(key);
  if (known !== undefined) return known;
  const source = await readBlob(context, blob);
  const name = source === undefined ? nameOfPath(path) : promptNameOf(source, path);
  named.set(key, name);
  return name;
}
