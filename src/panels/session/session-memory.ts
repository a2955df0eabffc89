import { toErrorInfo } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Settings } from '../../core/base/settings.ts';
import type { Parameters } from '../../core/models/chat-model.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { CompareSnapshot } from '../../protocol/compare.ts';

/** The last used inputs and columns of a prompt's panel. */
interface Remembered {
  input?: Record<string, unknown>;
  models?: string[];
  /** The columns with the commits of their versions. */
  columns?: RememberedColumn[];
  /** The comparison whose runs are in the columns. */
  comparisonId?: string | undefined;
}

export interface RememberedColumn {
  model: string;
  version?: string | undefined;
  label?: string | undefined;
  parameters?: Parameters;
  promptCaching?: boolean;
  runIds?: string[];
}

/** Never throws. If the store cannot be read, a notice is shown, and the panel starts with the defaults of the file. */
export async function recallSession(
  workbench: Workbench,
  path: string,
): Promise<{ remembered: Remembered; notices: string[] }> {
  try {
    const { store } = workbench;
    const [status, value] = await Promise.all([store.status(), store.state.get(keyOf(path))]);
    return { remembered: (value ?? {}) as Remembered, notices: status.notices };
  } catch (error) {
    const { message, hint } = toErrorInfo(error);
    return { remembered: {}, notices: [hint ? `${message} ${hint}` : message] };
  }
}

/** Stores inputs and models for the next time. Errors of the store are shown by the runs themselves. */
export function rememberSession(
  workbench: Workbench,
  log: Log,
  { path, ...value }: Remembered & { path: string },
): void {
  workbench.store.state
    .set(keyOf(path), value)
    .catch((error: unknown) => log.debug(`Could not save the inputs: ${String(error)}`));
}

/** Stores only the inputs. The last used models of Compare are kept. */
export async function rememberInput(workbench: Workbench, path: string, input: Record<string, unknown>): Promise<void> {
  const { store } = workbench;
  const before = (await store.state.get(keyOf(path))) as Remembered | undefined;
  await store.state.set(keyOf(path), { ...before, input });
}

/** Today's spending and the limits. If the store cannot be read, the spending is left out, but not the limits. */
export async function readBudget(
  workbench: Workbench,
  settings: Settings,
  log: Log,
): Promise<CompareSnapshot['budget']> {
  const limits = { perDayUsd: settings.budgetPerDayUsd, perRunUsd: settings.budgetPerRunUsd };
  try {
    return { spentTodayUsd: await workbench.runs.spentToday(), ...limits };
  } catch (error) {
    log.error('Could not read the spending of today', error);
    return { spentTodayUsd: undefined, ...limits };
  }
}

function keyOf(path: string): string {
  return `compare:${path}`;
}
