import { isDeepStrictEqual } from 'node:util';
import type { Measured, Scorer, ToolCallValue } from '../metric.ts';

type IsSame = (call: ToolCallValue, expected: ToolCallValue) => boolean;

/**
 * F1 = 2·TP / (2·TP + FP + FN) over the calls of an answer and the expected ones, in any order; each expected call matches
 * one call. 1 if no call was expected and none was made.
 */
function createCallF1(isSame: IsSame): () => Scorer {
  return () => ({
    score({ toolCalls, expectedToolCalls }): Measured {
      if (!expectedToolCalls) return { value: null, reason: 'The case has no expected tool calls.' };
      if (!toolCalls) return { value: null, reason: 'The tool calls of an answer in a dataset are unknown.' };
      if (toolCalls.length + expectedToolCalls.length === 0) return { value: 1 };
      const left = [...expectedToolCalls];
      const unexpected: string[] = [];
      for (const call of toolCalls) {
        const index = left.findIndex((expected) => isSame(call, expected));
        if (index < 0) unexpected.push(call.name);
        else left.splice(index, 1);
      }
      const matched = toolCalls.length - unexpected.length;
      const value = (2 * matched) / (toolCalls.length + expectedToolCalls.length);
      return { value, reason: describe(left, unexpected) };
    },
  });
}

function describe(missing: readonly ToolCallValue[], unexpected: readonly string[]): string | undefined {
  const parts = [
    ...(missing.length > 0 ? [`missing: ${missing.map(({ name }) => name).join(', ')}`] : []),
    ...(unexpected.length > 0 ? [`not expected: ${unexpected.join(', ')}`] : []),
  ];
  return parts.length > 0 ? `Tool calls ${parts.join('; ')}.` : undefined;
}

export const createToolNameF1 = createCallF1((call, expected) => call.name === expected.name);

/** Arguments are equal as JSON: the order of their names does not matter. */
export const createToolCallF1 = createCallF1(
  (call, expected) => call.name === expected.name && isDeepStrictEqual(call.arguments, expected.arguments),
);
