import path from 'node:path';
import { describeState, headlineOf } from '../../../core/evals/report/describe-result.ts';
import type { EvalListed } from '../../../core/store/evals/eval-record.ts';
import { formatBytes, formatDate, formatNumber, formatUsd } from '../../../shared/format.ts';
import { markSimulated } from '../../../shared/simulated-cost.ts';
import type { CommandContext } from '../../context.ts';
import { findRoot, outsideWorkspace } from '../../find-root.ts';
import { formatTable, left, right } from '../../output/table.ts';
import type { EvalValues } from '../eval.ts';
import { withResults } from './with-results.ts';

/** `llmops eval list`: running ones first, then the newest. */
export async function run({ file, limit }: EvalValues['list'], context: CommandContext): Promise<void> {
  const { output } = context;
  const target = file === undefined ? undefined : path.resolve(file);
  const start = target === undefined ? process.cwd() : path.dirname(target);
  const folder = findRoot(start);
  const results = await withResults(
    context,
    ({ store }) => store.evals.list({ file: relative(folder, target), limit }),
    folder,
  );
  await output.print({
    json: () => results.map(toJson),
    text({ out, print, style }) {
      if (folder === undefined) print(`No results are stored: ${outsideWorkspace(start)}.`);
      else if (results.length === 0)
        print(`No results${file === undefined ? '' : ` of ${file}`} are stored. llmops eval runs an evaluation.`);
      else out(formatTable(COLUMNS, results.map(toCells), style.bold));
    },
  });
}

/** As results store it: with `/`, from the workspace's folder. */
function relative(folder: string | undefined, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  return path
    .relative(folder ?? path.dirname(file), file)
    .split(path.sep)
    .join('/');
}

const COLUMNS = [
  ...left('ID', 'EVALUATION', 'STATE', 'RESULT', 'STARTED'),
  ...right('CASES', 'COST', 'SIZE'),
  ...left('PINNED'),
];

function toCells(result: EvalListed): string[] {
  const { id, name, state, startedAt, counts, totals, simulated, bytes, isPinned } = result;
  return [
    ...[id, name, describeState(state), state === 'done' ? headlineOf(result) : '', formatDate(startedAt)],
    formatNumber(counts.cases),
    markSimulated(formatUsd(totals.costUsd), simulated),
    formatBytes(bytes),
    isPinned ? 'pinned' : '',
  ];
}

function toJson(result: EvalListed) {
  const {
    id,
    name,
    file,
    state,
    startedAt,
    endedAt,
    workedMs,
    simulated,
    counts,
    totals,
    isPinned,
    bytes,
    baselineId,
  } = result;
  return {
    id,
    name,
    file: file ?? null,
    state,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === undefined ? null : new Date(endedAt).toISOString(),
    durationMs: workedMs ?? null,
    simulated,
    counts,
    totals: {
      // without the noise of binary fractions
      costUsd: totals.costUsd === undefined ? null : Number(totals.costUsd.toPrecision(12)),
      inputTokens: totals.inputTokens ?? null,
      outputTokens: totals.outputTokens ?? null,
    },
    gates: result.summary?.gates ?? [],
    baseline: baselineId ?? null,
    pinned: isPinned,
    bytes,
  };
}
