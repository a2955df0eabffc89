import { UserError } from '../../base/errors.ts';
import type { Fetch } from '../../base/ports.ts';
import type { Models } from '../../models/models.ts';
import type { StoredCase } from '../../store/evals/eval-record.ts';
import type { TargetSpec } from '../file/eval-spec.ts';
import type { Environment } from '../programs/program-environment.ts';
import type { Answerer } from '../run/answerer.ts';
import { missingNames, namesInBody } from './body-template.ts';

export interface TargetPorts {
  trusted(): boolean;
  models: Pick<Models, 'serverHeaders'>;
  network(): Promise<{ fetch: Fetch }>;
  /** Of this process; programs get what they need of it, without keys. */
  env: Environment;
  /** Absolute path of the Python interpreter that the user has selected. */
  python(): Promise<string | undefined>;
  /** Of requests that a server refuses for the moment. */
  maxRetries: number;
  now(): number;
}

/**
 * An application of the user in place of a model. Throws UserError if no case could be answered: `untrusted`,
 * `missing-key`, `key-origin`, `invalid-evaluation` for a program that does not exist. Its answers are never reused, because
 * the application may have changed since.
 */
export async function openTarget(spec: TargetSpec, ports: TargetPorts): Promise<Answerer> {
  if (!ports.trusted()) {
    throw new UserError(`This workspace is not trusted, so the target ${spec.name} is not used.`, {
      code: 'untrusted',
      hint: 'Trust the workspace if you know where it comes from.',
      action: { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' },
    });
  }
  if (spec.command) return (await import('./command-target.ts')).openCommandTarget(spec, ports);
  return (await import('./http-target.ts')).openHttpTarget(spec, ports);
}

/** The inputs that the body of a target names and a case lacks. */
export function missingInputs({ http }: TargetSpec, evalCase: Pick<StoredCase, 'inputs' | 'messages'>): string[] {
  return http ? missingNames(namesInBody(http.body), targetInputs(evalCase)) : [];
}

/** What a target gets of a case, never what is expected: the inputs, and the conversation if there is one. */
export function targetInputs({ inputs, messages }: Pick<StoredCase, 'inputs' | 'messages'>): Record<string, unknown> {
  if (!messages) return inputs;
  const turns = messages.map(({ role, parts }) => {
    const content = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    return { role, content };
  });
  return { messages: turns, ...inputs };
}
