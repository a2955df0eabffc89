import { UserError } from '../../base/errors.ts';
import { relativeTo } from '../file/relative-to.ts';
import type { EvalPorts } from './eval-ports.ts';

/** The id that an id or its beginning means, or the newest result of a file. Throws UserError `unknown-result`. */
export async function findResult(
  { store, folder }: Pick<EvalPorts, 'store' | 'folder'>,
  written: string | undefined,
  file: string | undefined,
): Promise<string> {
  if (written !== undefined) {
    const id = await store.evals.find(written);
    if (id !== undefined) return id;
    throw new UserError(`There is no result ${written}.`, { code: 'unknown-result', hint: LISTED });
  }
  const newest = file === undefined ? undefined : await store.evals.newestOf(relativeTo(folder, file));
  if (newest !== undefined) return newest;
  throw new UserError(`${file ?? 'The evaluation'} has no result yet.`, {
    code: 'unknown-result',
    hint: 'Run it first. Results are kept in the .llmops folder of the workspace.',
  });
}

const LISTED = '`llmops eval list` lists the results of this workspace.';
