import { ERROR_KINDS, type ErrorKind } from '../core/base/error-kinds.ts';
import { ProviderError, toErrorInfo } from '../core/base/errors.ts';
import type { RunResult } from '../core/runs/events.ts';
import type { EvalRecord } from '../core/store/evals/eval-record.ts';

export const EXIT = {
  ok: 0,
  /** An answer does not match the schema of its prompt, or a gate of an evaluation failed. */
  gate: 1,
  usage: 2,
  provider: 3,
  /** This tool or machine failed: the output is not writable, the database failed, an internal error. */
  machine: 4,
  /** What a shell reports for a program ended by Ctrl+C. */
  interrupted: 130,
} as const;

const EXIT_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  usage: EXIT.usage,
  check: EXIT.gate,
  provider: EXIT.provider,
  internal: EXIT.machine,
  interrupted: EXIT.interrupted,
};

export function exitCodeOfError(error: unknown): number {
  if (error instanceof ProviderError) return EXIT.provider;
  return EXIT_OF_KIND[ERROR_KINDS[toErrorInfo(error).code]];
}

/** The worst of all runs counts, so that scripts do not need to look at each. */
export function exitCodeOfRuns(results: readonly RunResult[], interrupted: boolean): number {
  if (interrupted) return EXIT.interrupted;
  const kinds = new Set(results.flatMap(({ error }) => (error ? ERROR_KINDS[error.code] : [])));
  if (kinds.has('internal')) return EXIT.machine;
  // a run that was cancelled on its own has no answer, like one whose provider failed
  if (kinds.has('provider') || kinds.has('interrupted')) return EXIT.provider;
  if (kinds.size > 0) return EXIT.usage;
  return results.some(({ schemaCheck }) => schemaCheck && !schemaCheck.valid) ? EXIT.gate : EXIT.ok;
}

/** More errors than allowed count more than a limit that was reached, and that more than gates of the answers there are. */
export function exitCodeOfEvaluation({ state, counts, summary, error }: EvalRecord, maxErrors: number): number {
  if (state === 'stopped' || state === 'interrupted') return EXIT.interrupted;
  if (state === 'failed' && error) return EXIT_OF_KIND[ERROR_KINDS[error.code]];
  if (counts.errors > maxErrors) return EXIT.provider;
  if (state === 'budget') return EXIT.usage;
  return summary?.gates.some(({ passed }) => passed === false) ? EXIT.gate : EXIT.ok;
}

/** What counts most of several evaluations, in the order of one. */
export function worstExitCode(codes: readonly number[]): number {
  const order: readonly number[] = [EXIT.interrupted, EXIT.machine, EXIT.provider, EXIT.usage, EXIT.gate];
  return order.find((code) => codes.includes(code)) ?? EXIT.ok;
}
