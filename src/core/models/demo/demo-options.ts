import { definedFields } from '../../base/defined-fields.ts';
import type { ChatRequest } from '../chat-model.ts';

const SLOWEST = 0.1;
const LONGEST = 200_000;

/**
 * Overrides of a demo model's speed and length, for tests and benches: `demo.tokensPerSecond` and others in the file's
 * `config`, with a dot or nested. Values that are not numbers are ignored.
 */
export function readDemoOptions({ parameters }: ChatRequest) {
  const nested = parameters.extra?.demo;
  const read = (name: string) => {
    const inner = typeof nested === 'object' && nested !== null ? (nested as Record<string, unknown>)[name] : undefined;
    const value = parameters.extra?.[`demo.${name}`] ?? inner;
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const speed = read('tokensPerSecond');
  const outputTokens = read('outputTokens');
  return definedFields({
    tokensPerSecond: speed === undefined ? undefined : Math.max(speed, SLOWEST),
    ttftMs: read('ttftMs'),
    /** Writes filler of exactly this many tokens instead of an answer. */
    outputTokens: outputTokens === undefined ? undefined : Math.min(Math.floor(outputTokens), LONGEST),
  });
}
