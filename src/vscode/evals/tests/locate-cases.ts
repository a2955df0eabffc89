import * as vscode from 'vscode';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import type { EvalPlan } from '../../../core/evals/run/eval-plan.ts';
import type { EvalListed } from '../../../core/store/evals/eval-record.ts';
import type { Store } from '../../../core/store/store.ts';
import { readWorkspaceText, streamWorkspaceFile } from '../../host/workspace-files.ts';
import type { LocatedCase, ShownCase } from './test-items.ts';

/** More cases would fill the Test Explorer without being read. Those that failed come first. */
const MOST_CASES = 1000;
/** Rows after this many are not searched for: reading them would take longer than a line number is worth. */
const MOST_ROWS = 200_000;

/** The cases of a result, those that failed first, each with its line in its dataset as it is now. */
export async function locateCases(
  { evals }: Store,
  spec: EvalSpec,
  result: Pick<EvalListed, 'id'>,
): Promise<LocatedCase[]> {
  const sort = { by: 'number', descending: false } as const;
  const list = async (state?: 'errors' | 'failed') => {
    return [...(await evals.listCases(result.id, { filter: state ? { state } : {}, sort })).places];
  };
  const ordered = [...(await list('errors')), ...(await list('failed')), ...(await list())];
  const places = [...new Set(ordered)].slice(0, MOST_CASES);
  const cases = await evals.cases(result.id, places);
  const linesOf = await findLines(
    spec,
    cases.filter((one) => one !== undefined),
  );
  return places.flatMap((place, index) => {
    const stored = cases[index];
    return stored ? [{ place, stored, ...linesOf(stored) }] : [];
  });
}

/** The first cases of the datasets. A row that is no case is reported by a run. */
export async function locateRows(spec: EvalSpec): Promise<LocatedCase[]> {
  const { readCases } = await import('../../../core/evals/cases/read-cases.ts');
  const cases: ShownCase[] = [];
  const open = (file: string) => streamWorkspaceFile(vscode.Uri.file(file));
  for await (const one of readCases(spec, { open, onProblem: () => undefined })) {
    cases.push(one);
    if (cases.length >= MOST_CASES) break;
  }
  return locate(spec, cases);
}

/** The cases of a run that starts, in the order of its result. */
export async function locatePlanned({ spec, cases }: Pick<EvalPlan, 'spec' | 'cases'>): Promise<LocatedCase[]> {
  return cases ? locate(spec, cases.slice(0, MOST_CASES)) : locateRows(spec);
}

/** Those of a result, then others of the dataset: a result may be of a few cases only. */
export async function locateAll(store: Store, spec: EvalSpec, result: EvalListed | undefined): Promise<LocatedCase[]> {
  const first = result ? await locateCases(store, spec, result) : [];
  // a dataset that cannot be read any more is reported by a run
  const rows = await locateRows(spec).catch((error: unknown) => {
    if (first.length === 0) throw error;
    return [];
  });
  const known = new Set(first.map(({ stored }) => stored.id));
  return [...first, ...rows.filter(({ stored }) => !known.has(stored.id))].slice(0, MOST_CASES);
}

async function locate(spec: EvalSpec, cases: readonly ShownCase[]): Promise<LocatedCase[]> {
  const linesOf = await findLines(spec, cases);
  return cases.map((stored, place) => ({ place, stored, ...linesOf(stored) }));
}

type FindLine = (stored: Pick<ShownCase, 'dataset' | 'number'>) => Pick<LocatedCase, 'uri' | 'line'>;

/** A dataset that cannot be read any more has no lines. */
async function findLines(spec: EvalSpec, cases: readonly ShownCase[]): Promise<FindLine> {
  const wanted = Map.groupBy(cases, ({ dataset }) => dataset);
  const found = new Map<string, { uri: vscode.Uri; lines: ReadonlyMap<number, number> }>();
  for (const dataset of spec.datasets) {
    if (!('file' in dataset)) continue;
    const numbers = new Set(wanted.get(dataset.written)?.map(({ number }) => number));
    const uri = vscode.Uri.file(dataset.file);
    const lines = await readLines(uri, numbers).catch(() => new Map<number, number>());
    found.set(dataset.written, { uri, lines });
  }
  const inline = spec.datasets.some((dataset) => 'rows' in dataset) ? await inlineLines(spec.path) : undefined;
  return ({ dataset, number }) => {
    if (dataset === undefined) return { uri: undefined, line: inline?.(number) };
    const { uri, lines } = found.get(dataset) ?? {};
    const line = lines?.get(number);
    return { uri, line: line === undefined ? undefined : line - 1 };
  };
}

/** The lines of the rows in the evaluation file itself, by their numbers. */
async function inlineLines(file: string): Promise<(number: number) => number | undefined> {
  const [{ parseEvalFile }, { KNOWN_METRICS }, { lineStarts }, text] = await Promise.all([
    import('../../../core/evals/file/eval-file.ts'),
    import('../../../core/evals/file/known-metrics.ts'),
    import('../../../core/prompts/position.ts'),
    readWorkspaceText(vscode.Uri.file(file)),
  ]);
  const { rangeOf } = await parseEvalFile(text, file, KNOWN_METRICS);
  const starts = lineStarts(text);
  return (number) => {
    const range = rangeOf(['rows', String(number - 1)]);
    return range && starts.findLastIndex((start) => start <= range.start);
  };
}

async function readLines(uri: vscode.Uri, numbers: ReadonlySet<number>): Promise<Map<number, number>> {
  const { readDataset } = await import('../../../core/datasets/read-rows.ts');
  const last = Math.min(MOST_ROWS, Math.max(0, ...numbers));
  const lines = new Map<number, number>();
  if (last === 0) return lines;
  for await (const { number, line } of readDataset(uri.fsPath, streamWorkspaceFile(uri))) {
    if (line !== undefined && numbers.has(number)) lines.set(number, line);
    if (number >= last) break;
  }
  return lines;
}
