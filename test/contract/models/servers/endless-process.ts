import { createOpenAiCompatibleProvider } from '../../../../src/core/models/openai/openai-compatible.ts';
import { runModel } from '../../../../src/core/runs/run-model.ts';
import { makeContext } from '../../../unit/models/make-context.ts';
import { createBench, createSpec } from '../../../unit/runs/fixtures.ts';

/** Runs one prompt against the server named by the first argument, and prints what it took. */
const [, , baseUrl = ''] = process.argv;
const connection = { type: 'openai-compatible' as const, baseUrl };
const { chat } = createOpenAiCompatibleProvider(makeContext({ connection, timeoutMs: 60_000 }));
const bench = createBench({});
const models = { ...bench.deps.models, chat: async () => chat };
const before = process.memoryUsage.rss();
const signal = new AbortController().signal;
const { result } = await runModel({ ...bench.deps, models }, createSpec(), { signal, emit: () => undefined });
const { state, text, error } = result;
const used = process.resourceUsage().maxRSS * 1024 - before;
process.stdout.write(JSON.stringify({ state, kept: Buffer.byteLength(text), error: error?.message, used }));
// The server goes on; nothing here waits for it.
process.exit(0);
