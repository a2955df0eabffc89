import path from 'node:path';
import type { FileReader } from '../base/ports.ts';
import { contentHash } from '../prompts/content-hash.ts';
import { parsePrompt } from '../prompts/parse.ts';
import { readPartial } from '../prompts/partial-files.ts';
import { loadPartials } from '../prompts/partials.ts';
import type { RepositoryContext } from './context.ts';
import { nameOfPath, toRepositoryPath } from './names.ts';
import type { EffectiveContent } from './versions.ts';

/** Interim readers, until the read side has landed. */
export async function contentIn(
  { repository }: RepositoryContext,
  relative: string,
  files: FileReader,
): Promise<EffectiveContent> {
  const file = path.join(repository.root, relative);
  const source = await files.readText(file);
  const { prompt } = parsePrompt(source);
  const found = new Map<string, string>();
  const texts = await loadPartials(prompt, {
    partials: (name) => {
      const recording: FileReader = {
        ...files,
        readText: async (at) => {
          found.set(name, at);
          return files.readText(at);
        },
      };
      return readPartial(name, { promptDir: path.dirname(file), root: repository.root }, recording);
    },
  }).catch(() => new Map<string, string>());
  const partials = [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => ({
      name,
      text,
      path: toRepositoryPath(repository.root, found.get(name) ?? ''),
      blob: undefined,
    }));
  return { source, partials, hash: contentHash(source, texts) };
}

export function filesAtCommit({ objects, repository }: RepositoryContext, commit: string): FileReader {
  const spec = (file: string) => `${commit}:${toRepositoryPath(repository.root, file)}`;
  const text = async (file: string) => {
    const found = await objects.text(spec(file));
    if (found === undefined) throw new Error(`${file} is not at ${commit}`);
    return found;
  };
  return {
    readText: text,
    readBytes: async (file) => Buffer.from(await text(file)),
    realPath: async (file) => file,
    exists: async (file) => file !== repository.root && (await objects.read(spec(file)))?.type === 'blob',
  };
}

export function nameIn(relative: string, source: string): string {
  const name = parsePrompt(source).prompt.frontMatter?.data.name;
  return typeof name === 'string' && name !== '' ? name : nameOfPath(relative);
}
