import { createInterface } from 'node:readline/promises';
import { UserError } from '../../../core/base/errors.ts';
import type { ResumePlan } from '../../../core/evals/run/eval-plan.ts';
import { formatCount, formatList, formatUsd } from '../../../shared/format.ts';
import { sanitize } from '../../../shared/sanitize.ts';
import type { CommandContext } from '../../context.ts';

/**
 * Asks before data is sent, on a terminal: who receives it, and what it may cost. A script cannot answer, and its author has
 * decided. Throws UserError `cancelled` unless the answer is yes.
 */
export async function confirmRun(sends: readonly ResumePlan[], { terminal }: CommandContext): Promise<void> {
  const question = describeRun(sends);
  if (question === undefined || !terminal.errIsTty || process.stdin.isTTY !== true) return;
  if (await ask(question)) return;
  throw new UserError('Cancelled. No request was sent.', { code: 'cancelled' });
}

/** Undefined if nothing is sent to anyone. */
export function describeRun(sends: readonly ResumePlan[]): string | undefined {
  const providers = [...new Set(sends.flatMap((one) => one.providers))];
  const requests = sum(sends.map((one) => one.requests));
  if (providers.length === 0 || requests === 0) return undefined;
  const costs = sends.flatMap(({ estimate }) => (estimate.simulated ? [] : [estimate.usd]));
  const known = costs.every((usd) => usd !== undefined);
  const cost = known ? `Estimated cost: ${formatUsd(sum(costs), true)}` : 'The cost is not known';
  return `${formatCount(requests, 'request')} will be sent to ${formatList(providers)}. ${cost}.`;
}

/** `question` is followed by what may be answered; everything but yes means no. */
export async function ask(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl+C would only close the reader
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await reader.question(`${sanitize(question)} Continue? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
