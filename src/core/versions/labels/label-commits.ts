import type { RepositoryContext } from '../context.ts';
import type { Author } from '../git/identity.ts';
import { isRepositoryPath } from '../names/ref-names.ts';
import { readTrailer } from '../refs/list-refs.ts';

/** One commit of a label's chain, as written by `move-label.ts`. */
export interface LabelCommit {
  commit: string;
  action: 'set' | 'move' | 'remove';
  /** The previous moves: none, one, or the two sides of a resolved conflict. */
  previous: string[];
  /** Undefined if the label was removed. */
  target: string | undefined;
  path: string;
  why: string;
  by: Author;
  at: number;
}

/** Undefined if there is no such commit, or if it does not belong to a label's chain. */
export async function readLabelCommit(
  { objects }: RepositoryContext,
  commit: string,
): Promise<LabelCommit | undefined> {
  const object = await objects.read(commit);
  return object?.type === 'commit' ? parseLabelCommit(object.hash, object.bytes.toString('utf8')) : undefined;
}

function parseLabelCommit(commit: string, text: string): LabelCommit | undefined {
  const end = text.indexOf('\n\n');
  const [head, message] = [text.slice(0, end), text.slice(end + 2)];
  const trailer = (key: string) => readTrailer(message, key) ?? '';
  const action = /^(set|move|remove)$/.exec(trailer('Label-Action'))?.[0] as LabelCommit['action'] | undefined;
  const person = /^committer (.*?) ?<([^>]*)> (\d+)/m.exec(head);
  if (!action || !person) return undefined;
  const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent]) => parent ?? '');
  const path = trailer('Prompt-Path');
  const target = action === 'remove' ? undefined : parents.at(-1);
  if (!isRepositoryPath(path) || (action !== 'remove' && target === undefined)) return undefined;
  return {
    commit,
    action,
    previous: action === 'remove' ? parents : parents.slice(0, -1),
    target,
    path,
    why: trailer('Why'),
    by: { name: person[1] ?? '', email: person[2] ?? '' },
    at: Number(person[3]) * 1000,
  };
}
