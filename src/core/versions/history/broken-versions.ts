import type { RepositoryContext } from '../context.ts';
import { readTree } from '../git/path-states.ts';
import { nameOfPath } from '../names/ref-names.ts';
import type { BrokenRef } from '../refs/broken-refs.ts';
import type { PromptRefs } from '../refs/prompt-refs.ts';
import type { LogEntry } from './prompt-log.ts';

/** A commit that changed the prompt, but whose object is missing: the content of the version is unknown. */
export interface MissingText {
  entry: LogEntry;
  path: string;
  /** The number of log entries before it. */
  place: number;
}

/** As rows that report the problem, without those of earlier pages: otherwise the version would silently disappear. */
export async function brokenVersions(
  context: RepositoryContext,
  texts: readonly MissingText[],
  { refs, seen }: { refs: PromptRefs; seen: number },
): Promise<BrokenRef[]> {
  const fresh = texts.filter(({ place }) => place >= seen);
  return Promise.all(
    fresh.map(async ({ entry: { commit, shortCommit }, path }): Promise<BrokenRef> => {
      const [, object = ''] = (await readTree(context, commit, [path])).get(path)?.split(' ') ?? [];
      const saved = refs.tags.find((tag) => tag.commit === commit && tag.path === path);
      const name = saved ? `v${saved.number}` : shortCommit;
      const prompt = saved?.prompt ?? nameOfPath(path);
      const message = `The content of ${path} in ${shortCommit} is the object ${object.slice(0, 10)}, which is missing from this repository.`;
      return {
        ref: commit,
        kind: 'version',
        prompt,
        name,
        object,
        message,
        hint: 'Fetch it from a clone that has it.',
      };
    }),
  );
}
