import { type ErrorInfo, toErrorInfo } from '../../base/errors.ts';
import type { EvalRecord, EvalSummary } from '../../store/evals/eval-record.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { EarlyEnd } from '../requests/eval-outcome.ts';
import type { EvalWork } from './eval-job-start.ts';
import type { EvalPorts } from './eval-ports.ts';
import { summarizeStored } from './summarize-stored.ts';

interface Finished {
  record: EvalRecord;
  spec: EvalSpec;
  /** When its answers were finished, if they are only scored again; otherwise now. */
  endedAt?: number | undefined;
}

/** Does the work of an evaluation, then writes its outcome with the summary of what there is, whatever happened. */
export async function finishEvaluation(
  ports: EvalPorts,
  { record, spec, endedAt }: Finished,
  { context, clock }: EvalWork,
  work: () => Promise<EarlyEnd | undefined>,
): Promise<EvalRecord> {
  const { store, log, now } = ports;
  const early = await work().catch((error: unknown): EarlyEnd => {
    const info = toErrorInfo(error);
    if (info.code === 'cancelled') return { state: 'stopped', error: undefined };
    if (info.code === 'internal') log.error(`The evaluation ${record.name} failed unexpectedly.`, error);
    return { state: 'failed', error: info };
  });
  await enterStoredRatings(ports, record);
  const summary = await summaryOrProblem(ports, record.id, spec);
  await store.evals.update(record.id, {
    state: early?.state ?? 'done',
    endedAt: endedAt ?? now(),
    ...clock.end(),
    error: early?.error ?? ('problem' in summary ? summary.problem : undefined),
    ...('problem' in summary ? {} : { summary: summary.summary }),
  });
  const ended = (await store.evals.get(record.id)) ?? record;
  context.emit({ type: 'eval-end', record: ended });
  return ended;
}

/** What was rated while it ran, and what the file does not name when answers are scored again. */
async function enterStoredRatings({ store, log }: EvalPorts, { id, metrics }: EvalRecord): Promise<void> {
  try {
    const { places } = await store.evals.rated(id);
    if (places.length === 0 && !metrics.some(({ fromRatings }) => fromRatings)) return;
    const { enterRatings } = await import('../rating/enter-ratings.ts');
    await enterRatings({ store }, id, places);
  } catch (error) {
    log.error(`The ratings of the result ${id} could not be entered into its metrics.`, error);
  }
}

/** Without figures a result is still worth keeping. */
async function summaryOrProblem(
  ports: EvalPorts,
  id: string,
  spec: EvalSpec,
): Promise<{ summary: EvalSummary } | { problem: ErrorInfo }> {
  try {
    return { summary: await summarizeStored(ports, id, { spec }) };
  } catch (error) {
    ports.log.error(`The result ${id} could not be summed up.`, error);
    return { problem: toErrorInfo(error) };
  }
}
