import { existsSync } from 'node:fs';
import path from 'node:path';
import { toErrorInfo, UserError } from '../../../core/base/errors.ts';
import { type EvalReport, openReport } from '../../../core/evals/report/eval-report.ts';
import type { EvalRecord } from '../../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../../core/workbench.ts';
import type { CommandContext } from '../../context.ts';
import { EXIT, exitCodeOfEvaluation, worstExitCode } from '../../exit-codes.ts';
import { findRoot, outsideWorkspace } from '../../find-root.ts';
import { limitNewSpace } from '../../limit-new-space.ts';
import { noteResults } from '../../note-results.ts';
import { withWorkbench } from '../../with-workbench.ts';
import type { EvalValues } from '../eval.ts';
import { confirmRun } from './confirm-run.ts';
import { followEvaluation } from './follow-evaluation.ts';
import { prepareEvaluations, type ReadyEvaluation } from './prepare-evaluations.ts';
import { printReports } from './print-reports.ts';
import { type EvalOptions, readEvalOptions } from './read-eval-options.ts';

type RunValues = EvalValues['run'];

/** For what was received when the command is interrupted: it is stored and printed, which may be long. */
const MAX_END_MS = 60_000;

/** `llmops eval`. */
export async function run(values: RunValues, context: CommandContext): Promise<number> {
  try {
    return await evaluate(values, context);
  } catch (error) {
    // the comment on a pull request is all that many see of the run, and an empty one would replace the last report
    if (context.output.format === 'markdown' && !context.interrupt.signal.aborted) {
      context.terminal.out(await describeFault(error));
    }
    throw error;
  }
}

async function describeFault(error: unknown): Promise<string> {
  const { markdownText } = await import('../../../shared/markdown-text.ts');
  const { message, hint } = toErrorInfo(error);
  const lines = [message, hint].flatMap((text) => (text === undefined ? [] : text.split('\n')));
  return `## The evaluation ended with an error\n\n${lines.map((line) => markdownText(line)).join('\n\n')}\n`;
}

/** Everything of every file is checked before the first request. */
async function evaluate(values: RunValues, context: CommandContext): Promise<number> {
  limitNewSpace();
  const options = readEvalOptions(values);
  const folder = folderOf(options.files);
  return withWorkbench(context, { folder, record: true }, async (workbench) => {
    openEarly(workbench, options);
    const ready = await prepareEvaluations(workbench, options, { values, context, folder });
    const isRecorded = await reportRecording(workbench, { folder, files: options.files }, context);
    for (const { notices } of ready) for (const notice of notices) context.notices.report(notice);
    if (!values.yes) {
      const sends = ready.flatMap((one) => one.sends ?? []);
      await confirmRun(sends, context);
    }
    const hold = context.interrupt.hold(MAX_END_MS);
    try {
      return await runAll(workbench, { folder, ready, isRecorded }, context);
    } finally {
      hold.release();
    }
  });
}

/** Says why results are not stored, before something is paid for them. False then. */
async function reportRecording(
  { store }: Workbench,
  { folder, files: [file = '.'] }: { folder: string | undefined; files: readonly string[] },
  { notices }: CommandContext,
): Promise<boolean> {
  const { mode } = await store.status();
  if (mode === 'file') return true;
  const isOutside = folder === undefined;
  const reason = isOutside ? outsideWorkspace(path.dirname(file)) : 'the database of the workspace cannot be written';
  notices.report(`The result is not recorded: ${reason}. It can be neither resumed nor compared later.`);
  await store.notices();
  return false;
}

/** The database opens in a thread of its own while the evaluation is read; what is wrong with it, its first use reports. */
function openEarly({ store }: Workbench, { files }: EvalOptions): void {
  if (files.every((file) => existsSync(file))) store.status().catch(() => undefined);
}

interface Running {
  folder: string | undefined;
  ready: readonly ReadyEvaluation[];
  isRecorded: boolean;
}

async function runAll(
  workbench: Workbench,
  { folder, ready, isRecorded }: Running,
  context: CommandContext,
): Promise<number> {
  const { interrupt, output } = context;
  const reports: EvalReport[] = [];
  const codes: number[] = [];
  const printing = { context, isRecorded, isOneOfMany: ready.length > 1 };
  for (const { spec, start } of ready) {
    if (interrupt.signal.aborted) break;
    const record = await followEvaluation(await start(), context);
    const report = await openReport(workbench.store.evals, record.id);
    reports.push(report);
    codes.push(exitCodeOfEvaluation(report.record, spec.maxErrors));
    // a JUnit file has one root, whatever the number of evaluations
    if (output.format !== 'junit') await printReports([report], printing);
    reportEnd(report.record, isRecorded, context);
    if (record.state === 'done') await noteResults(workbench, { folder, files: promptsOf(record) }, context);
  }
  if (output.format === 'junit') await printReports(reports, printing);
  return interrupt.signalled ? EXIT.interrupted : worstExitCode(codes);
}

/** The prompts of its columns. */
function promptsOf({ columns }: EvalRecord): string[] {
  return [...new Set(columns.flatMap(({ promptPath }) => promptPath ?? []))];
}

/** Why a result is not complete, and what to do: the formats for programs do not have it. */
function reportEnd({ id, file, state, error }: EvalRecord, isRecorded: boolean, { terminal }: CommandContext): void {
  if (error) terminal.note([error.message, error.hint].filter(Boolean).join(' '));
  if (state === 'done' || !isRecorded) return;
  terminal.note(`Continue it with llmops eval ${file ?? ''} --resume ${id}`.replace('  ', ' '));
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
