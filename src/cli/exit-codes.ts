import { type ErrorInfo, ProviderError, toErrorInfo } from '../core/base/errors.ts';
import type { RunResult } from '../core/runs/events.ts';

export const EXIT = {
  ok: 0,
  /** An answer does not fit the schema that its prompt asks for. */
  gate: 1,
  usage: 2,
  provider: 3,
  /** This tool or this machine failed: an output that cannot be written, a database that fails, an internal error. */
  machine: 4,
  /** As a shell reports a program that Ctrl-C ended. */
  interrupted: 130,
} as const;

/** Failures that sending the same request again cannot mend: something here has to be changed first. */
const OWN_FAULTS: ReadonlySet<ErrorInfo['code']> = new Set([
  'usage',
  'untrusted',
  'no-folder',
  'invalid-prompt',
  'render-limit',
  'invalid-input',
  'invalid-connection',
  'unknown-connection',
  'unknown-model',
  'missing-key',
  'key-origin',
  'budget',
  'store-newer',
  'store-foreign',
  'store-link',
  'git',
  'git-missing',
  'git-old',
  'no-repository',
  'unsafe-repository',
  'index-locked',
  'operation-under-way',
  'nothing-to-save',
  'staged-differs',
  'not-saved',
  'no-identity',
  'hook-failed',
  'sign-failed',
  'name-clash',
  'ref-clash',
  'label-moved',
  'unknown-version',
  'outside-workspace',
  'unreadable-file',
]);

/** Failures of what runs here: neither another command line nor another provider helps. */
const MACHINE_FAULTS: ReadonlySet<ErrorInfo['code']> = new Set(['output', 'store', 'internal']);

export function exitCodeOfError(error: unknown): number {
  if (error instanceof ProviderError) return EXIT.provider;
  const { code } = toErrorInfo(error);
  if (code === 'cancelled') return EXIT.interrupted;
  if (MACHINE_FAULTS.has(code)) return EXIT.machine;
  return OWN_FAULTS.has(code) ? EXIT.usage : EXIT.provider;
}

/** The worst of all runs counts, so that a script need not look at each. */
export function exitCodeOfRuns(results: readonly RunResult[], interrupted: boolean): number {
  if (interrupted) return EXIT.interrupted;
  const errors = results.flatMap(({ error }) => error ?? []);
  if (errors.some(({ code }) => MACHINE_FAULTS.has(code))) return EXIT.machine;
  if (errors.some(({ code }) => !OWN_FAULTS.has(code))) return EXIT.provider;
  if (errors.length > 0) return EXIT.usage;
  return results.some(({ schemaCheck }) => schemaCheck && !schemaCheck.valid) ? EXIT.gate : EXIT.ok;
}
