import { UserError } from '../../../core/base/errors.ts';
import type { PushPlan } from '../../../core/versions/sync/plan-push.ts';
import { formatCount } from '../../../shared/format.ts';
import { ask, canAsk } from '../../ask.ts';
import type { CommandContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import type { VersionsValues } from '../versions.ts';
import { withVersions } from './with-prompt.ts';

/** `llmops versions push`: shows what will be pushed before it is, and asks on a terminal. Branches are pushed with git, not here. */
export function run({ remote, dryRun, yes }: VersionsValues['push'], context: CommandContext): Promise<number> {
  return withVersions(context, async ({ versions, terminal, output }) => {
    const plan = await versions.sync.planPush(remote);
    await output.print({
      text({ print }) {
        const place = `${plan.remote} (${plan.url})`;
        print(plan.items.length === 0 ? `${place} is up to date.` : `To ${place}:`);
        for (const { description } of plan.items) print(`  ${description}`);
      },
    });
    for (const notice of plan.notices) terminal.note(notice);
    for (const { description } of plan.conflicts) {
      terminal.note(`${description}: moved both here and at ${plan.remote}. Run llmops versions fetch for details.`);
    }
    const isSent = !dryRun && plan.items.length > 0;
    if (isSent && !yes && canAsk(terminal)) await confirmPush(plan);
    const { sent, rejected } = isSent ? await versions.sync.push(plan) : { sent: [], rejected: [] };
    await output.print({
      json: () => ({ ...plan, sent, rejected }),
      text({ print }) {
        if (isSent) print(`Pushed ${sent.length} of ${plan.items.length} to ${plan.remote}.`);
      },
    });
    for (const { item, reason } of rejected) terminal.note(`${item.description} was rejected: ${reason}`);
    if (rejected.length > 0) return EXIT.provider;
    return plan.conflicts.length > 0 ? EXIT.usage : EXIT.ok;
  });
}

async function confirmPush({ items, remote }: PushPlan): Promise<void> {
  if (await ask(`${formatCount(items.length, 'ref')} will be pushed to ${remote}.`)) return;
  throw new UserError('Cancelled. Nothing was pushed.', { code: 'cancelled' });
}
