import { openReport } from '../../../core/evals/report/eval-report.ts';
import type { CommandContext } from '../../context.ts';
import { limitNewSpace } from '../../limit-new-space.ts';
import type { EvalValues } from '../eval.ts';
import { printReports } from './print-reports.ts';
import { withResults } from './with-results.ts';

/** `llmops eval show`: a stored result in any format, which is how the command line exports it. */
export function run({ id }: EvalValues['show'], context: CommandContext): Promise<void> {
  limitNewSpace();
  return withResults(context, async ({ evals, store }) => {
    const newest = id === undefined ? (await store.evals.list({ limit: 1 }))[0]?.id : undefined;
    const found = newest ?? (await evals.find(id));
    const { signal } = context.interrupt;
    const report = await openReport(store.evals, found, { signal, messages: (cell) => evals.messages(found, cell) });
    await printReports([report], { context });
  });
}
