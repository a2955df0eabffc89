import { UserError } from '../../../core/base/errors.ts';
import type { FetchResult } from '../../../core/versions/sync/fetch-versions.ts';
import { formatCount } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import type { Terminal } from '../../output/terminal.ts';
import type { VersionsValues } from '../versions.ts';
import { withVersions } from './with-prompt.ts';

/** `llmops versions fetch`: fetches labels, saved versions and results; the work tree and branches do not change. */
export function run({ remote, keep }: VersionsValues['fetch'], context: CommandContext): Promise<void> {
  return withVersions(context, async ({ versions, terminal, output }) => {
    const fetched = await versions.sync.fetch(remote);
    if (keep) for (const conflict of fetched.conflicts) await versions.sync.resolveConflict(conflict, keep);
    await output.print({
      json: () => ({ ...fetched, settled: keep ?? null }),
      text: () => printFetched(fetched, terminal),
    });
    for (const notice of fetched.notices) terminal.note(notice);
    const open = keep ? [] : fetched.conflicts;
    for (const { description } of open) terminal.note(`${description}: moved on both sides.`);
    if (open.length === 0) return;
    const labels = open.length === 1 ? 'A label was' : `${open.length} labels were`;
    throw new UserError(`${labels} moved both here and at ${fetched.remote}.`, {
      code: 'label-moved',
      hint: 'Run the command again with --keep mine or --keep theirs. Both histories are kept.',
    });
  });
}

function printFetched(fetched: FetchResult, { print }: Terminal): void {
  const { labelsMoved, tagsAdded, tagsClashing, resultsAdded, remote } = fetched;
  for (const { prompt, label, to, by } of labelsMoved) {
    print(`${prompt}: ${label} ${to === undefined ? 'removed' : `→ ${to.slice(0, 10)}`} by ${by.name}`);
  }
  for (const tag of tagsAdded) print(`new version ${tag.replace(/^refs\/tags\//, '')}`);
  for (const tag of tagsClashing) print(`${tag} is a different commit at ${remote}; yours is kept`);
  if (resultsAdded > 0) print(`${formatCount(resultsAdded, 'result')} from others`);
  const nothing = labelsMoved.length + tagsAdded.length + tagsClashing.length + resultsAdded === 0;
  if (nothing) print(`Nothing new at ${remote}.`);
}
