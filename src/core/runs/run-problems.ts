import { formatUsd } from '../../shared/format.ts';
import { markSimulated } from '../../shared/simulated-cost.ts';
import { type ErrorInfo, toErrorInfo, UserError } from '../base/errors.ts';
import type { Log } from '../base/ports.ts';
import type { ChatWarning } from '../models/chat-model.ts';
import type { Models } from '../models/models.ts';

const DAY_MS = 86_400_000;
/** A retirement date later than this is not worth a warning yet. */
const SUNSET_NOTICE_DAYS = 180;

export function unsentBudgetError(simulated: boolean, costUsd: number, limitUsd: number): UserError {
  return new UserError(
    `Not sent: the input alone would cost about ${markSimulated(formatUsd(costUsd), simulated)}, more than the limit of ${formatUsd(limitUsd)} per run.`,
    { code: 'budget', hint: 'Shorten the input, choose a cheaper model, or raise llmops.budget.perRunUsd.' },
  );
}

export function daySpentError(spentUsd: number, limitUsd: number): UserError {
  return new UserError(
    `Not sent: ${formatUsd(spentUsd)} was spent in this workspace today, and the daily limit is ${formatUsd(limitUsd)}.`,
    { code: 'budget', hint: 'Continue tomorrow, or raise llmops.budget.perDayUsd.' },
  );
}

export function inputOverDayError(inputUsd: number, leftUsd: number, limitUsd: number): UserError {
  return new UserError(
    `Not sent: the input alone would cost about ${formatUsd(inputUsd)}, more than the ${formatUsd(leftUsd)} left of this workspace’s daily limit of ${formatUsd(limitUsd)}.`,
    {
      code: 'budget',
      hint: 'Wait for other runs to finish, shorten the input, choose a cheaper model, or raise llmops.budget.perDayUsd.',
    },
  );
}

/** The limit that a stream reached, and the cost by our own count. */
export interface BudgetStop {
  costUsd: number | undefined;
  limitUsd: number;
  of: 'run' | 'day';
  /** A demo model's cost is marked as simulated. */
  simulated?: boolean;
}

export function budgetStopError({ costUsd, limitUsd, of, simulated }: BudgetStop): ErrorInfo {
  const at = costUsd === undefined ? 'Stopped' : `Stopped at about ${markSimulated(formatUsd(costUsd), simulated)}`;
  const isOver = costUsd !== undefined && costUsd > limitUsd;
  const others = of === 'day' ? ', or other runs have spent more in the meantime' : '';
  const why = isOver
    ? `the provider reports more than was estimated${others}, and the limit of this run is ${formatUsd(Math.max(0, limitUsd))}.`
    : of === 'run'
      ? `more would exceed the limit of ${formatUsd(limitUsd)} per run.`
      : `more would exceed llmops.budget.perDayUsd, of which ${formatUsd(Math.max(0, limitUsd))} was left for this run.`;
  return {
    code: 'budget',
    message: `${at}: ${why} The text received so far is kept.`,
    hint: `Set a lower maxOutputTokens, choose a cheaper model, or raise llmops.budget.${of === 'run' ? 'perRunUsd' : 'perDayUsd'}.`,
  };
}

export function sunsetWarning(model: string, sunsetDate: string | undefined, now: number): ChatWarning | undefined {
  const at = sunsetDate === undefined ? Number.NaN : Date.parse(sunsetDate);
  if (Number.isNaN(at) || at - now > SUNSET_NOTICE_DAYS * DAY_MS) return undefined;
  const day = new Date(at).toISOString().slice(0, 10);
  const message =
    at < now
      ? `The provider planned to retire ${model} on ${day}, which has passed: choose another model.`
      : `The provider retires ${model} on ${day}: plan to move to another model.`;
  return { code: 'sunset', message };
}

/** The error as plain data; if the model's name is the cause, the nearest names join the hint. */
export async function failureOf(
  deps: { models: Pick<Models, 'suggestModels'>; log: Log },
  model: string,
  error: unknown,
): Promise<ErrorInfo> {
  const info = toErrorInfo(error);
  if (info.code === 'internal') deps.log.error(`The run of ${model} failed unexpectedly.`, error);
  if (info.code !== 'model-not-found' && info.code !== 'unknown-model') return info;
  if (info.suggestions) return info;
  const suggestions = (await deps.models.suggestModels(model).catch(() => [])).slice(0, 3);
  if (suggestions.length === 0) return info;
  return {
    ...info,
    suggestions,
    hint: [`Did you mean ${suggestions.join(', ')}?`, info.hint].filter(Boolean).join(' '),
  };
}

/** The provider itself reported that its answer failed, without a reason. */
export function endedWithError(rawReason: string | undefined): ErrorInfo {
  const reason = rawReason === undefined ? '' : ` (finish reason "${rawReason.slice(0, 100)}")`;
  return {
    code: 'server',
    message: `The provider ended the answer with an error${reason} and gave no explanation.`,
    hint: 'The text received so far is kept. Run it again.',
  };
}

/** A column stores no more text than this: a server that never ends would fill the memory. */
export function answerTooLongError(): ErrorInfo {
  return {
    code: 'bad-response',
    message: 'The answer was stopped at 16 MB of text.',
    hint: 'The text received so far is kept. Set maxOutputTokens, and check whether the server ends its answers.',
  };
}
