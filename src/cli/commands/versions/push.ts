import type { CommandContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import type { VersionsValues } from '../versions.ts';
import { withVersions } from './with-prompt.ts';

/** `llmops versions push`: shows what will be pushed before it is. Branches are pushed with git, not here. */
export function run({ remote, dryRun }: VersionsValues['push'], context: CommandContext): Promise<number> {
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
