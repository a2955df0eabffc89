import path from 'node:path';
import { toErrorInfo, UserError } from '../../../core/base/errors.ts';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import { parseGateExpression } from '../../../core/evals/file/gate-expression.ts';
import { type EvalReport, openReport } from '../../../core/evals/report/eval-report.ts';
import type { EvalJob } from '../../../core/evals/run/eval-job.ts';
import type { EvalPlan } from '../../../core/evals/run/eval-plan.ts';
import type { EvalRecord } from '../../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../../core/workbench.ts';
import type { CommandContext } from '../../context.ts';
import { EXIT, exitCodeOfEvaluation, worstExitCode } from '../../exit-codes.ts';
import { findRoot } from '../../find-root.ts';
import { limitNewSpace } from '../../limit-new-space.ts';
import { withWorkbench } from '../../with-workbench.ts';
import type { EvalValues } from '../eval.ts';
import { confirmRun } from './confirm-run.ts';
import { followEvaluation } from './follow-evaluation.ts';
import { printReports } from './print-reports.ts';
import { type EvalOptions, readEvalOptions } from './read-eval-options.ts';

type RunValues = EvalValues['run'];

/** An evaluation that is ready to start. */
interface Ready {
  spec: EvalSpec;
  /** Undefined for a stored result. */
  plan: EvalPlan | undefined;
  start(): Promise<EvalJob>;
}

/** For what was received when the command is interrupted: it is stored and printed, which may be long. */
const MAX_END_MS = 60_000;
/** A provider that fails for longer ends the run, which can be resumed: a job of CI must not hang. */
const PATIENCE_MS = 60_000;

/** `llmops eval`: everything of every file is checked before the first request. */
export async function run(values: RunValues, context: CommandContext): Promise<number> {
  limitNewSpace();
  const options = readEvalOptions(values);
  const folder = folderOf(options.files);
  return withWorkbench(context, { folder, record: true }, async (workbench) => {
    const ready = await prepareAll(workbench, options, { values, context });
    for (const { plan } of ready) for (const notice of plan?.notices ?? []) context.notices.report(notice);
    if (!values.yes)
      await confirmRun(
        ready.flatMap(({ plan }) => plan ?? []),
        context,
      );
    const hold = context.interrupt.hold(MAX_END_MS);
    try {
      return await runAll(workbench, ready, context);
    } finally {
      hold.release();
    }
  });
}

async function runAll(workbench: Workbench, ready: readonly Ready[], context: CommandContext): Promise<number> {
  const { interrupt, output } = context;
  const reports: EvalReport[] = [];
  const codes: number[] = [];
  for (const { spec, start } of ready) {
    if (interrupt.signal.aborted) break;
    const record = await followEvaluation(await start(), context);
    const report = await openReport(workbench.store.evals, record.id);
    reports.push(report);
    codes.push(exitCodeOfEvaluation(report.record, spec.maxErrors));
    // a JUnit file has one root, whatever the number of evaluations
    if (output.format !== 'junit') await printReports([report], { context, isOneOfMany: ready.length > 1 });
    reportEnd(report.record, context);
    if (record.state === 'done') await noteResults(workbench, record, context);
  }
  if (output.format === 'junit') await printReports(reports, { context, isOneOfMany: ready.length > 1 });
  return interrupt.signalled ? EXIT.interrupted : worstExitCode(codes);
}

/** Adds results of committed prompts to git notes, as the editor does. A failure is reported and does not fail the run. */
async function noteResults(
  { versions }: Workbench,
  { columns }: EvalRecord,
  { notices }: CommandContext,
): Promise<void> {
  const files = new Set(columns.flatMap(({ promptPath }) => promptPath ?? []));
  if (files.size === 0) return;
  const failed = await versions.results.noteRuns({ files: [...files] }).then(
    (noted) => noted?.failures[0]?.error,
    (error: unknown) => error,
  );
  if (failed === undefined) return;
  const { message, hint } = toErrorInfo(failed);
  notices.report(['The results could not be added to git notes.', message, hint].filter(Boolean).join(' '));
}

/** Why a result is not complete, and what to do: the formats for programs do not have it. */
function reportEnd({ id, file, state, error }: EvalRecord, { terminal }: CommandContext): void {
  if (error) terminal.note([error.message, error.hint].filter(Boolean).join(' '));
  if (state === 'done' || state === 'failed') return;
  terminal.note(`Continue it with llmops eval ${file ?? ''} --resume ${id}`.replace('  ', ' '));
}

interface Preparing {
  values: RunValues;
  context: CommandContext;
}

async function prepareAll(workbench: Workbench, options: EvalOptions, preparing: Preparing): Promise<Ready[]> {
  const { evals } = workbench;
  const { stored } = options;
  if (options.files.length === 0) {
    const id = await evals.find(stored?.id);
    const file = (await workbench.store.evals.get(id))?.file;
    if (file === undefined) {
      throw new UserError(`The result ${id} has no file.`, { code: 'usage', hint: 'It was not started from a file.' });
    }
    const spec = await evals.read(path.resolve(folderOf([]) ?? '', file));
    return [await prepareStored(workbench, { spec, id, options }, preparing)];
  }
  const ready: Ready[] = [];
  for (const file of options.files) {
    const spec = await evals.read(file);
    if (stored) {
      const id = await evals.find(stored.id, file);
      ready.push(await prepareStored(workbench, { spec, id, options }, preparing));
    } else ready.push(await prepareNew(workbench, { spec, options }, preparing));
  }
  return ready;
}

async function prepareNew(
  { evals }: Workbench,
  { spec: read, options }: { spec: EvalSpec; options: EvalOptions },
  { values, context }: Preparing,
): Promise<Ready> {
  const { baseline, maxCost } = values;
  const hasBaseline = baseline !== undefined || read.baseline !== undefined;
  const spec = withGates(read, options, hasBaseline);
  const plan = await evals.plan(spec, {
    baseline: baseline === undefined ? undefined : { ref: baseline },
    sample: sampleOf(values, spec),
    maxCostUsd: maxCost,
    estimate: context.terminal.errIsTty && !values.yes,
    signal: context.interrupt.signal,
  });
  return { spec, plan, start: () => evals.start(plan, { signal: context.interrupt.signal, patienceMs: PATIENCE_MS }) };
}

async function prepareStored(
  { evals }: Workbench,
  { spec: read, id, options }: { spec: EvalSpec; id: string; options: EvalOptions },
  { values, context }: Preparing,
): Promise<Ready> {
  const spec = withGates(read, options, read.baseline !== undefined);
  const { signal } = context.interrupt;
  const start =
    options.stored?.verb === 'resume'
      ? () => evals.resume(id, { signal, maxCostUsd: values.maxCost, gates: spec.gates, patienceMs: PATIENCE_MS })
      : () => evals.rescore(id, { signal, spec });
  return { spec, plan: undefined, start };
}

function withGates(spec: EvalSpec, { gates, requiresGates }: EvalOptions, hasBaseline: boolean): EvalSpec {
  if (requiresGates && spec.gates.length === 0) {
    throw new UserError(`${spec.path} has no gates, but --gate requires them.`, {
      code: 'usage',
      hint: 'Add "gates" to the file, or give --gate an expression such as \'equals>=0.8\'.',
    });
  }
  const { metrics, repeats } = spec;
  const added = gates.map((gate) => parseGateExpression(gate, { metrics, repeats, hasBaseline }));
  return { ...spec, gates: [...spec.gates, ...added] };
}

function sampleOf({ sample, seed }: RunValues, spec: EvalSpec): EvalSpec['sample'] {
  if (sample !== undefined) return { n: sample, seed: seed ?? spec.sample?.seed ?? 0 };
  if (seed === undefined || spec.sample) return spec.sample && { ...spec.sample, seed: seed ?? spec.sample.seed };
  throw new UserError('--seed chooses the cases of a sample, but no sample is set.', {
    code: 'usage',
    hint: 'Add --sample with the number of cases, or remove --seed.',
  });
}

/** The workspace of the files, which share one database. */
function folderOf(files: readonly string[]): string | undefined {
  const [first = process.cwd(), ...others] = files.map((file) => path.dirname(file));
  const folder = findRoot(first);
  const other = others.find((one) => findRoot(one) !== folder);
  if (other === undefined) return folder;
  throw new UserError(`The evaluations are in different workspaces: ${first} and ${other}.`, {
    code: 'usage',
    hint: 'Run the command once for each workspace.',
  });
}
