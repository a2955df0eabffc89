import { createNetwork, type NetworkSettings } from '../../../src/core/base/network/network.ts';
import type { TargetSpec } from '../../../src/core/evals/file/eval-spec.ts';
import { openTarget, type TargetPorts } from '../../../src/core/evals/targets/open-target.ts';
import { readAllowedOrigins } from '../../../src/core/models/connections/allowed-origins.ts';
import { createEnvKeyStore } from '../../../src/core/models/connections/env-keys.ts';
import { resolveServerHeaders } from '../../../src/core/models/connections/server-headers.ts';
import type { StoredCase } from '../../../src/core/store/evals/eval-record.ts';

interface BedOptions {
  env?: Record<string, string>;
  network?: Partial<NetworkSettings>;
  trusted?: boolean;
  maxRetries?: number;
  python?: string;
}

/** What the command line gives a target: keys from the environment, and the real network. */
export function targetPorts({ env = {}, network = {}, trusted = true, maxRetries = 0, python }: BedOptions = {}) {
  const keys = createEnvKeyStore(env, readAllowedOrigins(env.LLMOPS_ALLOW_ORIGINS));
  const opened = createNetwork({ systemCa: false, strictSsl: true, env: {}, ...network });
  const ports: TargetPorts = {
    trusted: () => trusted,
    models: { serverHeaders: (server) => resolveServerHeaders(server, keys) },
    network: async () => opened,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    python: async () => python,
    maxRetries,
    now: Date.now,
  };
  return { ...ports, [Symbol.asyncDispose]: () => opened.close() };
}

export function caseOf(inputs: Record<string, unknown>, more: Partial<StoredCase> = {}): StoredCase {
  return {
    id: 'a',
    contentHash: '',
    dataset: undefined,
    number: 1,
    inputs,
    expected: ['the expected answer'],
    contexts: undefined,
    messages: undefined,
    toolCalls: undefined,
    retrieval: undefined,
    tags: [],
    weight: 1,
    group: undefined,
    others: {},
    output: undefined,
    ...more,
  };
}

/** One answer of a target. */
export async function answerOf(spec: TargetSpec, inputs: Record<string, unknown>, options: BedOptions = {}) {
  await using ports = targetPorts(options);
  const target = await openTarget(spec, ports);
  return await target.answer(caseOf(inputs), 1, new AbortController().signal);
}
