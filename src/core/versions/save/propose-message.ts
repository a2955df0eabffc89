import type { RepositoryContext } from '../context.ts';
import { describeChange } from '../describe/describe-change.ts';
import { findRename } from '../names/find-rename.ts';
import { promptNameOf } from '../names/prompt-names.ts';
import { contentAt, workingContent } from '../results/effective-content.ts';

/** Where many tools cut a commit's first line. */
const LONGEST = 72;

/** A first line for the commit, from the changes since HEAD: `churn-analysis: temperature 0.2 → 0.7`. */
export async function proposeMessage(context: RepositoryContext, path: string, signal?: AbortSignal): Promise<string> {
  const { head } = context.repository;
  const now = await workingContent(context, path);
  const name = lastPart(promptNameOf(now.source, path));
  const here = head === undefined ? undefined : await contentAt(context, head, path);
  const old = here || head === undefined ? undefined : await findRename(context, path, signal);
  const before = old !== undefined && head !== undefined ? await contentAt(context, head, old) : here;
  if (!before) return fit(`Add ${name}`);
  const former = lastPart(promptNameOf(before.source, old ?? path));
  if (former !== name) return fit(`Rename ${former} to ${name}`);
  const changes = describeChange(before, now).map(({ text }) => text.replaceAll('`', ''));
  if (changes.length > 0) return joined(name, changes);
  return fit(old === undefined ? `Save ${name}` : `Move ${name}`);
}

/** As many changes as fit into the line, the most important first. */
function joined(name: string, changes: readonly string[]): string {
  for (let count = changes.length; count > 1; count -= 1) {
    const left = changes.length - count;
    const line = `${name}: ${changes.slice(0, count).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
    if (line.length <= LONGEST) return line;
  }
  return fit(`${name}: ${changes[0]}`);
}

function lastPart(name: string): string {
  return name.split('/').at(-1) ?? name;
}

function fit(line: string): string {
  const flat = line.replace(/\s+/g, ' ').trim();
  return flat.length <= LONGEST ? flat : `${flat.slice(0, LONGEST - 1).trimEnd()}…`;
}
