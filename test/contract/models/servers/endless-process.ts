import { readFileSync } from 'node:fs';
import { createGarbageLimit } from '../../../../src/cli/commands/run/limit-garbage.ts';
import { createOpenAiCompatibleProvider } from '../../../../src/core/models/openai/openai-compatible.ts';
import { runModel } from '../../../../src/core/runs/run-model.ts';
import { makeContext } from '../../../unit/models/make-context.ts';
import { createBench, createSpec } from '../../../unit/runs/fixtures.ts';

/** Runs one prompt on the server in the first argument like the command line, and prints the time and memory used. */
const [, , baseUrl = ''] = process.argv;
const connection = { type: 'openai-compatible' as const, baseUrl };
const { chat } = createOpenAiCompatibleProvider(makeContext({ connection, timeoutMs: 60_000 }));
const bench = createBench({});
const models = { ...bench.deps.models, chat: async () => chat };
const before = process.memoryUsage.rss();
const signal = new AbortController().signal;
const { result } = await runModel({ ...bench.deps, models }, createSpec(), { signal, emit: createGarbageLimit() });
const { state, text, error } = result;
const used = peakRss() - before;
process.stdout.write(JSON.stringify({ state, kept: Buffer.byteLength(text), error: error?.message, used }));
// The server keeps sending; nothing here waits for it.
process.exit(0);

/** In bytes. On Linux `ru_maxrss` of a child starts with the size of its parent process, here a whole test runner. */
function peakRss(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}
