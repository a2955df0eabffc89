import type { ChatRequest } from '../chat-model.ts';

/** Overrides of a demo model's speed and length, from the file's `config` under `demo.*`; for tests and benches. */
interface DemoOptions {
  tokensPerSecond?: number;
  ttftMs?: number;
  /** Writes filler of exactly this many tokens instead of an answer. */
  outputTokens?: number;
}

const SLOWEST = 0.1;
const LONGEST = 200_000;

/** Reads keys such as `demo.tokensPerSecond`, with a dot or nested; values that are not numbers are ignored. */
export function readDemoOptions({ parameters }: ChatRequest): DemoOptions {
  const nested = parameters.extra?.demo;
  const read = (name: keyof DemoOptions) => {
    const inner = typeof nested === 'object' && nested !== null ? (nested as Record<string, unknown>)[name] : undefined;
    const value = parameters.extra?.[`demo.${name}`] ?? inner;
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const options: DemoOptions = {};
  const speed = read('tokensPerSecond');
  if (speed !== undefined) options.tokensPerSecond = Math.max(speed, SLOWEST);
  const ttftMs = read('ttftMs');
  if (ttftMs !== undefined) options.ttftMs = ttftMs;
  const outputTokens = read('outputTokens');
  if (outputTokens !== undefined) options.outputTokens = Math.min(Math.floor(outputTokens), LONGEST);
  return options;
}
