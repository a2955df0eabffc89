import { UserError } from '../../../core/base/errors.ts';
import type { FetchResult } from '../../../core/versions/sync/fetch-versions.ts';
import type { PushPlan } from '../../../core/versions/sync/plan-push.ts';
import { EXIT } from '../../exit-codes.ts';
import { formatJson, type Terminal } from '../../output/terminal.ts';
import { type VersionsHost, withVersions } from './open-versions.ts';

export interface PushOptions {
  remote?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** `llmops versions push`: tells what would leave before it does. Branches are pushed by git, not from here. */
export function pushVersions({ remote, dryRun, json }: PushOptions, host: VersionsHost): Promise<number> {
  return withVersions(host, async ({ versions, terminal }) => {
    const plan = await versions.sync.planPush(remote);
    if (!json) printPlan(plan, terminal);
    for (const notice of plan.notices) terminal.err(`${notice}\n`);
    for (const { description } of plan.conflicts) {
      terminal.err(`${description}: moved here and at ${plan.remote}. llmops versions fetch tells more.\n`);
    }
    if (dryRun || plan.items.length === 0) {
      if (json) terminal.out(`${formatJson({ ...plan, sent: [], rejected: [] }, 2)}\n`);
      return plan.conflicts.length > 0 ? EXIT.usage : EXIT.ok;
    }
    const { sent, rejected } = await versions.sync.push(plan);
    if (json) terminal.out(`${formatJson({ ...plan, sent, rejected }, 2)}\n`);
    else terminal.out(terminal.clean(`Sent ${sent.length} of ${plan.items.length} to ${plan.remote}.\n`));
    for (const { item, reason } of rejected) terminal.err(`${item.description} was refused: ${reason}\n`);
    if (rejected.length > 0) return EXIT.provider;
    return plan.conflicts.length > 0 ? EXIT.usage : EXIT.ok;
  });
}

function printPlan({ remote, url, items }: PushPlan, { out, clean }: Terminal): void {
  out(clean(items.length === 0 ? `${remote} (${url}) has all of it.\n` : `To ${remote} (${url}):\n`));
  for (const { description } of items) out(clean(`  ${description}\n`));
}

export interface FetchOptions {
  remote?: string;
  keep?: 'mine' | 'theirs';
  json?: boolean;
}

/** `llmops versions fetch`: labels, saved versions and results; the work tree and branches stay as they are. */
export function fetchVersions({ remote, keep, json }: FetchOptions, host: VersionsHost): Promise<number> {
  return withVersions(host, async ({ versions, terminal }) => {
    const fetched = await versions.sync.fetch(remote);
    if (keep) for (const conflict of fetched.conflicts) await versions.sync.settleConflict(conflict, keep);
    if (json) terminal.out(`${formatJson({ ...fetched, settled: keep ?? null }, 2)}\n`);
    else printFetched(fetched, terminal);
    for (const notice of fetched.notices) terminal.err(`${notice}\n`);
    const open = keep ? [] : fetched.conflicts;
    for (const { description } of open) terminal.err(`${description}: moved on both sides.\n`);
    if (open.length === 0) return EXIT.ok;
    throw new UserError(
      `${open.length === 1 ? 'A label' : `${open.length} labels`} moved here and at ${fetched.remote}.`,
      {
        code: 'label-moved',
        hint: 'Run it again with --keep mine or --keep theirs; the history of both is kept.',
      },
    );
  });
}

function printFetched(fetched: FetchResult, { out, clean }: Terminal): void {
  const { labelsMoved, tagsAdded, tagsClashing, resultsAdded, remote } = fetched;
  for (const { prompt, label, to, by } of labelsMoved) {
    out(clean(`${prompt}: ${label} ${to === undefined ? 'removed' : `→ ${to.slice(0, 10)}`} by ${by.name}\n`));
  }
  for (const tag of tagsAdded) out(clean(`new version ${tag.replace(/^refs\/tags\//, '')}\n`));
  for (const tag of tagsClashing) out(clean(`${tag} is another commit at ${remote}; yours stays\n`));
  if (resultsAdded > 0) out(`${resultsAdded} ${resultsAdded === 1 ? 'result' : 'results'} of colleagues\n`);
  const nothing = labelsMoved.length + tagsAdded.length + tagsClashing.length + resultsAdded === 0;
  if (nothing) out(clean(`Nothing new at ${remote}.\n`));
}
