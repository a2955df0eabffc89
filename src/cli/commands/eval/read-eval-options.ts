import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import { EVAL_EXTENSION } from '../../../core/evals/file/eval-file.ts';
import type { EvalValues } from '../eval.ts';

type RunValues = EvalValues['run'];

/** A result to continue or to score again: by an ID or its beginning, or the newest of the file. */
interface StoredChoice {
  verb: 'resume' | 'rescore';
  id: string | undefined;
}

/** What the command line asks for, once it is known that its options fit together. */
export interface EvalOptions {
  /** Absolute paths; none only with the ID of a stored result. */
  files: string[];
  stored: StoredChoice | undefined;
  /** Expressions of gates in addition to those of the file. */
  gates: string[];
  /** The file itself must have gates. */
  requiresGates: boolean;
}

/** Throws UserError `usage`. */
export function readEvalOptions(values: RunValues): EvalOptions {
  const files = [...values.files];
  // `--gate FILE`: an optional value takes the word after it
  const optional = (value: string) => {
    if (!value.endsWith(EVAL_EXTENSION)) return value;
    files.push(value);
    return undefined;
  };
  const gates = values.gate.map((gate) => (gate === true ? undefined : optional(gate)));
  const stored = storedChoice(values, optional);
  for (const file of files) {
    if (!file.endsWith(EVAL_EXTENSION))
      throw usage(`${file} is not an evaluation.`, `Specify a *${EVAL_EXTENSION} file.`);
  }
  checkTogether(values, files, stored);
  return {
    files: files.map((file) => path.resolve(file)),
    stored,
    gates: gates.filter((gate) => gate !== undefined),
    requiresGates: gates.includes(undefined),
  };
}

function storedChoice({ resume, rescore }: RunValues, optional: (value: string) => string | undefined) {
  if (resume !== undefined && rescore !== undefined) {
    throw usage('--resume cannot be used with --rescore.', 'Resume the result first, then score it again.');
  }
  const verb = resume !== undefined ? 'resume' : 'rescore';
  const value = resume ?? rescore;
  if (value === undefined) return undefined;
  return { verb, id: value === true ? undefined : optional(value) } as const;
}

function checkTogether(values: RunValues, files: readonly string[], stored: StoredChoice | undefined): void {
  const { sample, seed, baseline, format, maxCost } = values;
  if (stored) {
    const given = { '--sample': sample, '--seed': seed, '--baseline': baseline };
    const extra = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
    const kept = 'A stored result keeps its cases and its baseline.';
    if (extra !== undefined) throw usage(`${extra} cannot be used with --${stored.verb}.`, kept);
    if (stored.verb === 'rescore' && maxCost !== undefined) {
      throw usage('--max-cost cannot be used with --rescore.', 'No model is called.');
    }
    if (files.length > 1 && stored.id !== undefined) {
      throw usage(
        `--${stored.verb} ${stored.id} is one result, but there are ${files.length} files.`,
        'Specify one file.',
      );
    }
  }
  if (files.length === 0 && stored?.id === undefined) {
    throw usage('No evaluation is specified.', 'For example: llmops eval evals/churn.eval.yaml');
  }
  if (files.length > 1 && format === 'html') {
    throw usage('An HTML report is about one evaluation.', 'Run the command once for each file.');
  }
}

function usage(message: string, hint: string): UserError {
  return new UserError(message, { code: 'usage', hint });
}
