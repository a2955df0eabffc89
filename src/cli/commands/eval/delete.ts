import { UserError } from '../../../core/base/errors.ts';
import type { EvalRecord } from '../../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { formatCount, formatList } from '../../../shared/format.ts';
import { ask, canAsk } from '../../ask.ts';
import type { CommandContext } from '../../context.ts';
import type { EvalValues } from '../eval.ts';
import { withResults } from './with-results.ts';

/** `llmops eval delete`: nothing is deleted unless all can be. */
export function run({ ids, force, yes }: EvalValues['delete'], context: CommandContext): Promise<void> {
  const { terminal, output } = context;
  return withResults(context, async (workbench) => {
    const records = await findAll(workbench, ids);
    checkDeletable(records, force);
    const found = records.map(({ id }) => id);
    const question = `${formatCount(found.length, 'result')} will be deleted: ${formatList(found)}.`;
    const asks = !yes && canAsk(terminal);
    if (asks && !(await ask(question))) throw new UserError('Cancelled. Nothing was deleted.', { code: 'cancelled' });
    await workbench.store.evals.delete(found);
    await output.print({
      json: () => ({ deleted: found }),
      text: ({ print }) => print(`Deleted ${formatCount(found.length, 'result')}.`),
    });
  });
}

async function findAll({ evals, store }: Workbench, written: readonly string[]): Promise<EvalRecord[]> {
  const ids = new Set<string>();
  for (const one of written) ids.add(await evals.find(one));
  const records = await Promise.all([...ids].map((id) => store.evals.get(id)));
  return records.filter((record) => record !== undefined);
}

function checkDeletable(records: readonly EvalRecord[], force: boolean): void {
  const pinned = records.filter(({ isPinned }) => isPinned).map(({ id }) => id);
  if (pinned.length > 0 && !force) {
    throw new UserError(`${formatList(pinned)} ${pinned.length === 1 ? 'is' : 'are'} pinned.`, {
      code: 'usage',
      hint: 'Add --force to delete it anyway. Nothing was deleted.',
    });
  }
  const running = records.find(({ state }) => state === 'running' || state === 'paused');
  if (running) {
    throw new UserError(`${running.id} is running.`, {
      code: 'evaluation-running',
      hint: 'Stop it first. Nothing was deleted.',
    });
  }
}
