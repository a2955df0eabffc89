import { UserError } from '../../core/base/errors.ts';
import type { RunRecord } from '../../core/store/runs/run-record.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { HistoryView } from '../../protocol/compare.ts';
import type { PromptSource } from '../session/panel-prompt.ts';

/** The ID of a comparison, or runs of one prompt from any comparisons, each of which gets its own column. */
export type Recorded = string | { runIds: readonly string[] };

/** Throws UserError if no run is left. */
export async function readRecorded(workbench: Workbench, recorded: Recorded): Promise<[RunRecord, ...RunRecord[]]> {
  const { store } = workbench;
  const records =
    typeof recorded === 'string'
      ? await store.runs.comparison(recorded)
      : (await Promise.all(recorded.runIds.map((id) => store.runs.get(id))))
          .filter((record) => record !== undefined)
          .map((record, column) => ({ ...record, column, repeat: 0 }));
  const [first, ...others] = records;
  if (first) return [first, ...others];
  const what = typeof recorded === 'string' ? 'This comparison is' : 'These runs are';
  throw new UserError(`${what} no longer in the history.`, {
    code: 'store',
    hint: 'It was deleted, or its retention period has ended. Run the prompt again.',
  });
}

/** When these runs were made, and whether the prompt has changed since. */
export async function historyOf(
  recorded: Recorded,
  records: readonly [RunRecord, ...RunRecord[]],
  source: PromptSource,
): Promise<HistoryView> {
  const { sourceHash } = await import('../../core/prompts/source-hash.ts');
  const working = records.find(({ version }) => !version);
  return {
    comparisonId: typeof recorded === 'string' ? recorded : undefined,
    startedAt: Math.min(...records.map((record) => record.startedAt)),
    sourceChanged: working !== undefined && working.sourceHash !== sourceHash(source.text),
  };
}
