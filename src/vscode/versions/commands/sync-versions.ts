import * as vscode from 'vscode';
import type { SyncConflict } from '../../../core/versions/sync/conflicts.ts';
import type { PushPlan } from '../../../core/versions/sync/plan-push.ts';
import type { PushResult } from '../../../core/versions/sync/push-versions.ts';
import type { Versions } from '../../../core/versions/versions.ts';
import { formatCount } from '../../../shared/format.ts';
import { plainLabel, plainMessage } from '../../host/plain-text.ts';
import { showJobProgress } from '../../shell/job-progress.ts';
import { describeFetch } from './describe-fetch.ts';
import { withIdentity } from './label-commands.ts';
import { openVersions, showStatusMessage, type VersionCommandDeps } from './version-targets.ts';

/** Shows what would be pushed, and pushes it only after confirmation. */
export async function pushVersions(deps: VersionCommandDeps): Promise<void> {
  const title = 'Push Labels and Results';
  const { versions } = await openVersions(deps);
  const plan = await showJobProgress('Collecting labels and results', ({ signal }) =>
    versions.sync.planPush(undefined, signal),
  );
  if (plan.conflicts.length > 0 && !(await resolveSyncConflicts(versions, plan.conflicts))) return;
  const current = plan.conflicts.length > 0 ? await versions.sync.planPush(plan.remote) : plan;
  for (const notice of current.notices) void vscode.window.showWarningMessage(plainMessage(notice));
  if (current.items.length === 0) return showStatusMessage(`$(check) ${current.remote} is up to date.`);
  const chosen = await chooseItems(title, current);
  if (!chosen || chosen.items.length === 0) return;
  const pushing = `Pushing ${formatCount(chosen.items.length, 'ref')} to ${plan.remote}`;
  const result = await showJobProgress(pushing, ({ signal }) => versions.sync.push(chosen, signal));
  deps.watch.fire();
  await reportPush(deps, current.remote, result);
}

/** All items are selected at first. Deselected items are not pushed. */
async function chooseItems(title: string, plan: PushPlan): Promise<PushPlan | undefined> {
  const kinds = { label: '$(tag)', tag: '$(bookmark)', results: '$(graph)' };
  const items = plan.items.map((item) => {
    return { label: `${kinds[item.kind]} ${plainLabel(item.description)}`, description: item.ref, picked: true, item };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: `${title}: ${plan.remote}`,
    placeHolder: `Select what to push to ${plan.url}`,
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return picked && { ...plan, items: picked.map(({ item }) => item) };
}

async function reportPush({ log }: VersionCommandDeps, remote: string, { sent, rejected }: PushResult): Promise<void> {
  if (rejected.length === 0)
    return showStatusMessage(`$(cloud-upload) Pushed ${formatCount(sent.length, 'ref')} to ${remote}.`);
  for (const { item, reason } of rejected) log.warn(`${remote} rejected ${item.ref}: ${reason}`);
  const [first] = rejected;
  const more = rejected.length > 1 ? `, and ${rejected.length - 1} more (see the log)` : '';
  const text = `${remote} rejected ${first?.item.description}: ${first?.reason}${more}. ${sent.length} of ${formatCount(sent.length + rejected.length, 'ref')} pushed.`;
  const choice = await vscode.window.showWarningMessage(plainMessage(text), 'Fetch First', 'Show Log');
  if (choice === 'Fetch First') await vscode.commands.executeCommand('llmops.versions.fetch');
  if (choice === 'Show Log') log.show();
}

export async function fetchVersions(deps: VersionCommandDeps): Promise<void> {
  const { versions } = await openVersions(deps);
  const result = await showJobProgress('Fetching labels and results', ({ signal }) =>
    versions.sync.fetch(undefined, signal),
  );
  deps.watch.fire();
  if (result.conflicts.length > 0 && (await resolveSyncConflicts(versions, result.conflicts))) deps.watch.fire();
  void vscode.window.showInformationMessage(plainMessage(describeFetch(result)));
  for (const notice of result.notices) void vscode.window.showWarningMessage(plainMessage(notice));
}

export async function resolveLabelConflicts(deps: VersionCommandDeps): Promise<void> {
  const { versions } = await openVersions(deps);
  const { conflicts } = await versions.sync.planPush();
  if (conflicts.length === 0) return showStatusMessage('$(check) No conflicting labels.');
  if (await resolveSyncConflicts(versions, conflicts)) deps.watch.fire();
}

/** False if a conflict was not resolved. The label's history keeps the moves of both sides in any case. */
async function resolveSyncConflicts(versions: Versions, conflicts: readonly SyncConflict[]): Promise<boolean> {
  for (const conflict of conflicts) {
    const items = [
      { label: '$(account) Keep Mine', description: conflict.mine.slice(0, 12), keep: 'mine' as const },
      { label: '$(cloud) Keep Theirs', description: conflict.theirs.slice(0, 12), keep: 'theirs' as const },
    ];
    const picked = await vscode.window.showQuickPick(items, {
      title: `Moved Here and on the Remote: ${plainLabel(conflict.description)}`,
      placeHolder: 'Select which move to keep. Both remain in the label’s history',
      ignoreFocusOut: true,
    });
    if (!picked) return false;
    const settled = await withIdentity(async (author) => {
      await versions.sync.resolveConflict(conflict, picked.keep, author);
      return true;
    });
    if (!settled) return false;
  }
  return true;
}
