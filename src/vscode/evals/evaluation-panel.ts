import { UserError } from '../../core/base/errors.ts';
import type { PanelDeps } from '../shell/panel-host.ts';

export interface EvaluationTarget {
  id: string;
  /** The place of the case to show. */
  place?: number;
  /** The stored result to compare with. */
  against?: string;
}

/** Opens the panel of a result, or shows the one that is open. */
export async function openEvaluationPanel(_deps: PanelDeps, { id }: EvaluationTarget): Promise<void> {
  throw new UserError(`The result ${id} cannot be shown yet.`, { code: 'usage', hint: 'Export it instead.' });
}
