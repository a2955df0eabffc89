import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../../base/errors.ts';
import { findProgram, findPython } from '../../programs/find-program.ts';
import { programEnvironment } from '../../programs/program-environment.ts';
import type { Measured, ParameterValues, Sample, Scale, Scorer, ScorerContext } from '../metric.ts';
import { codeFile, unreadableCode } from './code-file.ts';
import { MetricProcess } from './metric-process.ts';
import { readReturned } from './read-returned.ts';

export type CodeLanguage = 'javascript' | 'python';

const TIMEOUT_MS = 10_000;

/**
 * Scores by a function of the user, in a process of its own without keys. Throws UserError: `untrusted`,
 * `unreadable-file`, `invalid-evaluation` for code that cannot be loaded.
 */
export async function createCodeScorer(
  language: CodeLanguage,
  parameters: ParameterValues,
  context: ScorerContext | undefined,
): Promise<Scorer> {
  const name = String(parameters.file);
  if (!context?.isTrusted) {
    throw new UserError(`This workspace is not trusted, so the code in ${name} is not run.`, {
      code: 'untrusted',
      hint: 'Trust the workspace if you know where it comes from.',
      action: { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' },
    });
  }
  const file = codeFile(parameters, context);
  await access(file, constants.R_OK).catch((cause: unknown) => {
    throw unreadableCode(parameters, context, cause);
  });
  const timeoutMs = typeof parameters.timeoutMs === 'number' ? parameters.timeoutMs : TIMEOUT_MS;
  const started = language === 'python' ? startPython(file, parameters, context) : startNode(file, parameters);
  const code = new MetricProcess({ ...started, name, timeoutMs });
  await code.load();
  return {
    score: async (sample): Promise<Measured> => readReturned(await code.call(argumentOf(sample)), scaleOf(parameters)),
    close: () => code.close(),
  };
}

/** What the function gets. */
function argumentOf({ references = [], ...sample }: Sample): Record<string, unknown> {
  const { id, output, inputs, contexts, messages, toolCalls, expectedToolCalls } = sample;
  const [expected] = references;
  return { id, output, expected, references, inputs, contexts, messages, toolCalls, expectedToolCalls };
}

function scaleOf({ scale }: ParameterValues): Scale {
  return scale === 'yes-no' || scale === '0-100' || scale === 'count' ? scale : '0-1';
}

function startPython(file: string, parameters: ParameterValues, { python }: ScorerContext) {
  const folder = path.dirname(file);
  const program = findPython({ selected: python, env: process.env, folder });
  if (program === undefined) {
    throw new UserError('Python was not found, and a metric of this evaluation needs it.', {
      code: 'invalid-evaluation',
      hint: 'Install Python 3, or select an interpreter with the Python extension. On the command line, activate its environment.',
    });
  }
  const isSource = import.meta.url.endsWith('.ts');
  const runner = new URL(`${isSource ? '../../../../../media' : '../media'}/evals/run_metric.py`, import.meta.url);
  const args = ['-B', fileURLToPath(runner), file, String(parameters.function ?? 'score')];
  return { program, args, folder, env: programEnvironment(process.env), channel: 1 as const };
}

const STRIP_TYPES = '--experimental-strip-types';

/** The Node of this process, or in an editor without TypeScript support the one on PATH. */
function startNode(file: string, parameters: ParameterValues) {
  const folder = path.dirname(file);
  const isSource = import.meta.url.endsWith('.ts');
  const needsTypes = /ts$/.test(file) && process.features.typescript === false;
  const canStrip = process.allowedNodeEnvironmentFlags.has(STRIP_TYPES);
  const env = programEnvironment(process.env, { ELECTRON_RUN_AS_NODE: '1' });
  const other = needsTypes && !canStrip ? findProgram('node', { env, folder }) : undefined;
  const runner = fileURLToPath(new URL(isSource ? './worker.ts' : './code-worker.js', import.meta.url));
  const flags = needsTypes && canStrip ? [STRIP_TYPES] : [];
  const args = ['--disable-warning=ExperimentalWarning', ...flags, runner, file, String(parameters.function ?? '')];
  return { program: other ?? process.execPath, args, folder, env, channel: 3 as const };
}
