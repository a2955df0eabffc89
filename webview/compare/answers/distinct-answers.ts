import { parseAnswer } from '../../shared/json/parse-answer.ts';
import type { Run } from '../state.ts';

/**
 * A key that is equal for equal answers: the text without leading and trailing whitespace; for JSON, bare or in a code
 * block, the values regardless of key order and whitespace; and the tool calls. Nothing else is normalized, so that a
 * different case is a different answer.
 */
export function answerKey(text: string, toolCalls: Run['toolCalls'] = []): string {
  const parsed = parseAnswer(text, { exactNumbers: true });
  const answer = parsed.ok ? sorted(parsed.value) : text.trim();
  const calls = toolCalls.map(({ name, input }) => [name, sorted(input)]);
  return JSON.stringify([parsed.ok, answer, calls]);
}

/** The value with sorted object keys. Answers have few levels; deeper ones are used unchanged. */
function sorted(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > 100) return value;
  if (Array.isArray(value)) return ['[', ...value.map((item) => sorted(item, depth + 1))];
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return ['{', ...entries.map(([name, item]) => [name, sorted(item, depth + 1)])];
}

interface RepeatCounts {
  ended: number;
  failed: number;
  /** Answers that match the output schema; undefined if there is none. */
  fitting: number | undefined;
  /** Distinct answers among finished runs. */
  distinct: number;
}

/** Counts the ended runs of one column. A failed run counts as not matching the schema. */
export function countRepeats(runs: readonly Run[], textOf: (runId: string) => string): RepeatCounts {
  const ended = runs.filter(({ state }) => state !== 'waiting' && state !== 'streaming');
  const done = ended.filter(({ state }) => state === 'done');
  const checked = done.some(({ schemaCheck }) => schemaCheck !== undefined);
  const keys = done.map((run) => answerKey(textOf(run.runId), run.toolCalls));
  return {
    ended: ended.length,
    failed: ended.filter(({ state }) => state === 'failed').length,
    fitting: checked ? done.filter(({ schemaCheck }) => schemaCheck?.valid).length : undefined,
    distinct: new Set(keys).size,
  };
}

/** `4 of 5 fit the schema · 3 distinct answers · 1 failed`. */
export function describeRepeats({ ended, failed, fitting, distinct }: RepeatCounts): string[] {
  return [
    ...(fitting === undefined ? [] : [`${fitting} of ${ended} match the schema`]),
    ...(distinct === 0 ? [] : [`${distinct} distinct ${distinct === 1 ? 'answer' : 'answers'}`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
  ];
}
