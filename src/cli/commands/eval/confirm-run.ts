import { UserError } from '../../../core/base/errors.ts';
import { describeCost } from '../../../core/evals/report/describe-cost.ts';
import type { EvalEstimate, ResumePlan } from '../../../core/evals/run/eval-plan.ts';
import { formatCount, formatList } from '../../../shared/format.ts';
import { ask, canAsk } from '../../ask.ts';
import type { CommandContext } from '../../context.ts';

/** What one evaluation sends, and the limit of what it may cost. */
export interface Sends extends ResumePlan {
  budgetUsd: number | undefined;
  /** Fewer may be sent: it was not looked up which requests are equal or answered already. */
  isAtMost: boolean;
}

/**
 * Asks before data is sent, on a terminal: who receives it, and what it may cost. Throws UserError `cancelled` unless the
 * answer is yes.
 */
export async function confirmRun(sends: readonly Sends[], { terminal }: CommandContext): Promise<void> {
  const question = describeRun(sends);
  if (question === undefined || !canAsk(terminal)) return;
  if (await ask(question)) return;
  throw new UserError('Cancelled. No request was sent.', { code: 'cancelled' });
}

/** Undefined if nothing is sent to anyone. */
export function describeRun(sends: readonly Sends[]): string | undefined {
  const providers = [...new Set(sends.flatMap((one) => one.providers))];
  const requests = sends.reduce((all, one) => all + one.requests, 0);
  if (providers.length === 0 || requests === 0) return undefined;
  // demo models cost nothing beside others
  const paid = sends.filter(({ estimate }) => !estimate.simulated);
  const estimate: EvalEstimate = {
    usd: sum(paid.map((one) => one.estimate.usd)),
    ceilingUsd: sum(paid.map((one) => one.estimate.ceilingUsd)),
    simulated: false,
  };
  const cost = describeCost({ estimate, budgetUsd: sum(paid.map((one) => one.budgetUsd)) });
  const upTo = sends.some(({ isAtMost }) => isAtMost) ? 'Up to ' : '';
  return `${upTo}${formatCount(requests, 'request')} will be sent to ${formatList(providers)}. ${cost}.`;
}

/** Undefined if a part is unknown, or has no limit. */
function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((total, value) => (total === undefined || value === undefined ? undefined : total + value), 0);
}
