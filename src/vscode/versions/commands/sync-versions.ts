import * as vscode from 'vscode';
import type { SyncConflict } from '../../../core/versions/sync/conflicts.ts';
import type { PushPlan } from '../../../core/versions/sync/plan-push.ts';
import type { PushResult } from '../../../core/versions/sync/push-versions.ts';
import type { Versions } from '../../../core/versions/versions.ts';
import { plainLabel, plainMessage } from '../../host/plain-text.ts';
import { showJobProgress } from '../../shell/job-progress.ts';
import { withIdentity } from './label-commands.ts';
import { counted, describeFetch } from './sync-texts.ts';
import { openVersions, told, type VersionCommandDeps } from './version-targets.ts';

/** Shows what would leave the machine, and sends it only then. */
export async function pushVersions(deps: VersionCommandDeps): Promise<void> {
  const title = 'Push Labels and Results';
  const { versions } = await openVersions(deps);
  const plan = await showJobProgress('Looking at what can be sent', ({ signal }) =>
    versions.sync.planPush(undefined, signal),
  );
  if (plan.conflicts.length > 0 && !(await settleConflicts(versions, plan.conflicts))) return;
  const current = plan.conflicts.length > 0 ? await versions.sync.planPush(plan.remote) : plan;
  for (const notice of current.notices) void vscode.window.showWarningMessage(plainMessage(notice));
  if (current.items.length === 0)
    return told(`$(check) ${current.remote} has every label, version and result already.`);
  const chosen = await chooseItems(title, current);
  if (!chosen || chosen.items.length === 0) return;
  const result = await showJobProgress(`Sending to ${plan.remote}`, ({ signal, report }) => {
    report({ message: counted(chosen.items.length, 'ref') });
    return versions.sync.push(chosen, signal);
  });
  deps.watch.fire();
  await tellPush(deps, current.remote, result);
}

/** Everything is ticked; what is unticked stays here. */
async function chooseItems(title: string, plan: PushPlan): Promise<PushPlan | undefined> {
  const kinds = { label: '$(tag)', tag: '$(bookmark)', results: '$(graph)' };
  const items = plan.items.map((item) => {
    return { label: `${kinds[item.kind]} ${plainLabel(item.description)}`, description: item.ref, picked: true, item };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: `${title}: ${plan.remote}`,
    placeHolder: `This is sent to ${plan.url}`,
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return picked && { ...plan, items: picked.map(({ item }) => item) };
}

async function tellPush({ log }: VersionCommandDeps, remote: string, { sent, rejected }: PushResult): Promise<void> {
  if (rejected.length === 0) return told(`$(cloud-upload) Sent ${counted(sent.length, 'ref')} to ${remote}.`);
  for (const { item, reason } of rejected) log.warn(`${remote} refused ${item.ref}: ${reason}`);
  const [first] = rejected;
  const more = rejected.length > 1 ? `, and ${rejected.length - 1} more (the log has them)` : '';
  const text = `${remote} refused ${first?.item.description}: ${first?.reason}${more}. ${counted(sent.length, 'ref')} of ${sent.length + rejected.length} went through.`;
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
  if (result.conflicts.length > 0 && (await settleConflicts(versions, result.conflicts))) deps.watch.fire();
  void vscode.window.showInformationMessage(plainMessage(describeFetch(result)));
  for (const notice of result.notices) void vscode.window.showWarningMessage(plainMessage(notice));
}

export async function settleVersions(deps: VersionCommandDeps): Promise<void> {
  const { versions } = await openVersions(deps);
  const { conflicts } = await versions.sync.planPush();
  if (conflicts.length === 0) return told('$(check) No label moved on both sides.');
  if (await settleConflicts(versions, conflicts)) deps.watch.fire();
}

/** False where one was left as it is. Both sides' moves stay in the label's history whichever is kept. */
async function settleConflicts(versions: Versions, conflicts: readonly SyncConflict[]): Promise<boolean> {
  for (const conflict of conflicts) {
    const items = [
      { label: '$(account) Keep mine', description: conflict.mine.slice(0, 12), keep: 'mine' as const },
      { label: '$(cloud) Keep theirs', description: conflict.theirs.slice(0, 12), keep: 'theirs' as const },
    ];
    const picked = await vscode.window.showQuickPick(items, {
      title: `Moved on both sides: ${plainLabel(conflict.description)}`,
      placeHolder: 'Both moves stay in the label’s history; choose where it stands',
      ignoreFocusOut: true,
    });
    if (!picked) return false;
    const settled = await withIdentity(async (author) => {
      await versions.sync.settleConflict(conflict, picked.keep, author);
      return true;
    });
    if (!settled) return false;
  }
  return true;
}
