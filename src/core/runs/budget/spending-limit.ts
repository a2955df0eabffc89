import type { ChatEvent } from '../../models/chat-model.ts';
import { fitsBudget } from '../../store/ledger/fits-budget.ts';
import type { LiveFigures } from '../live-figures.ts';
import { type BudgetStop, budgetStopError } from '../run-problems.ts';
import { type RunProgress, textOfCall } from '../run-progress.ts';
import type { Reserve } from './day-budget.ts';

/** The limits of one run: its own, and the rest of the daily budget. */
export interface Limits {
  perRunUsd: number | undefined;
  reserve: Reserve | undefined;
}

/**
 * Takes an event of a stream as far as its cost is within the limits, by our own count. False if it is not: a text is
 * cut at the limit, a tool call is dropped, and the run fails with the reason.
 */
export function limitEvent(run: RunProgress, event: ChatEvent, limits: Limits): boolean {
  const limit = lowest(limits);
  const written = limit && textOf(event);
  if (limit === undefined || written === undefined) {
    run.take(event);
    if (event.type === 'usage') limits.reserve?.book(run.figures.costAfter('') ?? 0);
    return true;
  }
  const { figures } = run;
  const whole = figures.costAfter(written);
  if (whole === undefined || fitsBudget(whole, limit.limitUsd)) {
    run.take(event);
    limits.reserve?.book(whole ?? 0);
    return true;
  }
  if (event.type === 'text-delta' || event.type === 'reasoning-delta') {
    const text = longestWithin(figures, written, limit.limitUsd);
    if (text !== '') run.take({ type: event.type, text });
  }
  figures.refuse();
  const costUsd = figures.costAfter('');
  limits.reserve?.book(costUsd ?? 0);
  run.fail(budgetStopError({ ...limit, costUsd, simulated: run.simulated }));
  return false;
}

function lowest({ perRunUsd, reserve }: Limits): Pick<BudgetStop, 'limitUsd' | 'of'> | undefined {
  const dayUsd = reserve?.ceilingUsd();
  if (perRunUsd !== undefined && perRunUsd <= (dayUsd ?? perRunUsd)) return { limitUsd: perRunUsd, of: 'run' };
  return dayUsd === undefined ? undefined : { limitUsd: dayUsd, of: 'day' };
}

/** The output in an event, as it is counted; undefined for events without a cost. */
function textOf(event: ChatEvent): string | undefined {
  if (event.type === 'tool-call') return textOfCall(event);
  return event.type === 'text-delta' || event.type === 'reasoning-delta' ? event.text : undefined;
}

/** A provider may send a whole answer in one piece. No character is split. */
function longestWithin(figures: LiveFigures, text: string, limitUsd: number): string {
  let fits = 0;
  let over = text.length;
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    const cost = figures.costAfter(text.slice(0, middle));
    if (cost === undefined || fitsBudget(cost, limitUsd)) fits = middle;
    else over = middle;
  }
  const last = text.charCodeAt(fits - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? fits - 1 : fits);
}
