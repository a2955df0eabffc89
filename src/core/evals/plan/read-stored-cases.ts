import { isPathInside, streamRegularFile } from '../../base/files/read-file.ts';
import type { DatasetBytes } from '../../datasets/read-rows.ts';
import type { DatasetColumns } from '../../datasets/row-columns.ts';
import type { StoredCase } from '../../store/evals/eval-record.ts';
import { checkCases } from '../cases/check-cases.ts';
import type { CasePrompt } from '../cases/prompt-inputs.ts';
import { caseError, readCases } from '../cases/read-cases.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { CaseChoice } from '../run/eval-plan.ts';
import { toStoredCase } from './stored-case.ts';

/** More cases than this are read again when the evaluation starts. */
const MOST_IN_MEMORY = 20_000;

interface CheckOptions {
  /** The workspace's; undefined if none is open. */
  folder: string | undefined;
  prompts: readonly CasePrompt[];
  baselineHas: ((id: string) => boolean) | undefined;
  /** Only these. */
  chosen: CaseChoice | undefined;
  onNotice(text: string): void;
  signal?: AbortSignal | undefined;
}

interface CheckedDataset {
  count: number;
  cases: StoredCase[] | undefined;
  /** Some of them, from the whole dataset. */
  examples: StoredCase[];
}

/** All cases, checked. Throws one UserError with all faults, before a request is sent. */
export async function checkDataset(spec: EvalSpec, options: CheckOptions): Promise<CheckedDataset> {
  const { prompts, chosen, folder } = options;
  const isChosen = chooser(chosen);
  const mappings = mappingsOf(spec);
  const stored: StoredCase[] = [];
  const examples: StoredCase[] = [];
  let count = 0;
  const { problems } = await checkCases(spec, {
    ...options,
    open: opener(folder),
    onCase(one) {
      if (!isChosen(one.id)) return;
      count += 1;
      const isExample = count <= MOST_EXAMPLES;
      if (!isExample && count > MOST_IN_MEMORY) return;
      const kept = toStoredCase(one, { prompts, mapping: mappings.get(one.dataset) ?? {} });
      if (isExample) examples.push(kept);
      stored.push(kept);
    },
  });
  if (problems.length === 0 && chosen && count === 0) {
    problems.push({ code: 'no-cases', message: 'None of the selected cases is in the dataset.' });
  }
  if (problems.length > 0) throw caseError(problems);
  return { count, cases: count > MOST_IN_MEMORY ? undefined : stored, examples };
}

const MOST_EXAMPLES = 40;

/** The cases of a dataset that was checked. */
export async function* readStoredCases(
  spec: EvalSpec,
  { prompts, chosen, folder, signal }: Pick<CheckOptions, 'prompts' | 'chosen' | 'folder' | 'signal'>,
): AsyncGenerator<StoredCase> {
  const isChosen = chooser(chosen);
  const mappings = mappingsOf(spec);
  for await (const one of readCases(spec, { open: opener(folder), signal })) {
    if (!isChosen(one.id)) continue;
    yield toStoredCase(one, { prompts, mapping: mappings.get(one.dataset) ?? {} });
  }
}

function chooser(chosen: CaseChoice | undefined): (id: string) => boolean {
  if (chosen === undefined) return () => true;
  if ('except' in chosen) {
    const others = new Set(chosen.except);
    return (id) => !others.has(id);
  }
  const ids = new Set(chosen);
  return (id) => ids.has(id);
}

/** Links are not followed out of the workspace: a repository could send any file of this machine with them. */
function opener(folder: string | undefined): (file: string) => DatasetBytes {
  return (file) =>
    streamRegularFile(file, folder !== undefined && isPathInside(folder, file) ? { within: [folder] } : {});
}

/** What columns mean, by the dataset as cases name it. */
export function mappingsOf({ datasets }: Pick<EvalSpec, 'datasets'>): Map<string | undefined, DatasetColumns> {
  return new Map(datasets.map((dataset) => ['file' in dataset ? dataset.written : undefined, dataset.columns]));
}
