import { isRecord } from '../../../shared/is-record.ts';
import { type ErrorInfo, isAbortError, toErrorInfo, UserError } from '../../base/errors.ts';
import { isTooDeep } from '../../base/json/json-depth.ts';
import { LONGEST_ANSWER_BYTES } from '../../models/transport/body-limit.ts';
import { describeWait } from '../../models/transport/errors/provider-errors.ts';
import type { TargetSpec } from '../file/eval-spec.ts';
import { findProgram, findPython } from '../programs/find-program.ts';
import { programEnvironment } from '../programs/program-environment.ts';
import { type ProgramResult, runProgram } from '../programs/run-program.ts';
import { missingProgram } from '../programs/start-program.ts';
import type { Answerer } from '../run/answerer.ts';
import { type TargetPorts, targetInputs } from './open-target.ts';
import { type AnswerParts, readTargetAnswer } from './read-target-answer.ts';
import { failedAnswer, givenAnswer } from './target-answers.ts';

type CommandTarget = Extract<TargetSpec, { command: string[] }>;

/** A program that is started for each case: inputs as JSON on its standard input, the answer on its standard output. */
export async function openCommandTarget(spec: CommandTarget, ports: TargetPorts): Promise<Answerer> {
  const { name, command, folder, timeoutMs } = spec;
  const [written = '', ...args] = command;
  const env = programEnvironment(ports.env, spec.env);
  const program = await locate(written, spec, ports);
  return {
    async answer(evalCase, _repeat, signal) {
      const input = `${JSON.stringify(targetInputs(evalCase))}\n`;
      const at = ports.now();
      const started = performance.now();
      try {
        const limits = { input, timeoutMs, maxBytes: LONGEST_ANSWER_BYTES, signal };
        const result = await runProgram({ program, args, folder, env }, limits);
        const latencyMs = performance.now() - started;
        const read = readResult(result, spec);
        return 'output' in read ? givenAnswer(read, { at, latencyMs }) : failedAnswer(read, { at, latencyMs });
      } catch (error) {
        if (isAbortError(error)) throw error;
        return failedAnswer(startFailure(error, name, written), { at, latencyMs: undefined });
      }
    },
  };
}

/** `python` is the interpreter that the user has selected, and exists where a system calls it `python3` only. */
async function locate(written: string, { folder }: CommandTarget, { env, python }: TargetPorts): Promise<string> {
  const isPython = /^python3?(?:\.exe)?$/i.test(written);
  const found = isPython
    ? findPython({ selected: await python(), env, folder })
    : findProgram(written, { env, folder });
  if (found === undefined) throw missingProgram(written);
  return found;
}

function readResult(result: ProgramResult, { name, timeoutMs }: CommandTarget) {
  const { stdout, exitCode, exitSignal, stopped } = result;
  const fail = (code: ErrorInfo['code'], what: string, hint: string) => failure({ name, code, what, hint }, result);
  if (stopped === 'timeout') {
    const hint = 'The program and what it started were ended. Allow more time with "timeoutMs", or see why it waits.';
    return fail('timeout', `did not end within ${describeWait(timeoutMs)}.`, hint);
  }
  if (stopped === 'too-long') {
    return fail('bad-response', 'wrote more than 16 MB to its standard output and was ended.', FORMAT);
  }
  if (exitCode !== 0) {
    const how = exitCode === null ? `was ended by ${exitSignal}` : `ended with exit code ${exitCode}`;
    // of this case, unlike a server that is down: the run neither waits nor tries it again
    return fail('bad-response', `${how}.`, 'Run the command in a terminal with the inputs of this case as its input.');
  }
  const parts = readOutput(stdout);
  if (typeof parts === 'string') return fail('bad-response', parts, FORMAT);
  const read = readTargetAnswer(parts);
  return typeof read === 'string' ? fail('bad-response', read, FORMAT) : read;
}

const FORMAT =
  'Write the answer to the standard output, as text or as JSON: {"answer": "…", "contexts": ["…"], "toolCalls": [], "usage": {}}. Write other messages to the standard error.';
const PARTS = ['answer', 'contexts', 'toolCalls', 'usage'];

/** JSON with an `answer` and nothing unknown has the parts of an answer; everything else is the answer itself. */
function readOutput(bytes: Buffer): AnswerParts | string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return 'wrote bytes that are not UTF-8.';
  }
  const answer = text.replace(/\r?\n$/, '');
  if (answer.trim() === '') return 'wrote no answer.';
  const value = answer.trimStart().startsWith('{') ? parseOrUndefined(answer) : undefined;
  const hasParts = isRecord(value) && 'answer' in value && Object.keys(value).every((key) => PARTS.includes(key));
  return hasParts && !isTooDeep(value) ? value : { answer };
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The last lines of the standard error are in the message: they are what explains it. */
function failure(
  { name, code, what, hint }: { name: string; code: ErrorInfo['code']; what: string; hint: string },
  { stderr }: Pick<ProgramResult, 'stderr'>,
): ErrorInfo {
  return { code, message: `${name} ${what}${stderr === '' ? '' : `\n${stderr}`}`, hint };
}

function startFailure(error: unknown, name: string, program: string): ErrorInfo {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof UserError || code === undefined) return toErrorInfo(error);
  const what = `cannot be started: ${program} (${code}).`;
  return failure({ name, code: 'invalid-evaluation', what, hint: 'Is it a program that may be executed?' }, NOTHING);
}

const NOTHING = { stderr: '' };
