import type { CommandContext } from '../../context.ts';
import type { EvalValues } from '../eval.ts';
import { withResults } from './with-results.ts';

/** `llmops eval pin`: a pinned result is kept until its pin is removed. */
export function run({ id, remove }: EvalValues['pin'], context: CommandContext): Promise<void> {
  return withResults(context, async ({ evals, store }) => {
    const found = await evals.find(id);
    await store.evals.pin(found, !remove);
    await context.output.print({
      json: () => ({ id: found, pinned: !remove }),
      text: ({ print }) => print(remove ? `${found} is no longer pinned.` : `Pinned ${found}.`),
    });
  });
}
