import { parseAnswer } from '../../shared/json/parse-answer.ts';
import type { Run } from '../state.ts';

/**
 * What makes two answers the same: their text without blanks at its ends; of JSON, bare or in a code block, the values,
 * whatever the order of their keys and the blanks between them; and the tools that are called. Nothing else is
 * normalised: another capital letter is another answer.
 */
export function answerKey(text: string, toolCalls: Run['toolCalls'] = []): string {
  const parsed = parseAnswer(text, { exactNumbers: true });
  const answer = parsed.ok ? sorted(parsed.value) : text.trim();
  const calls = toolCalls.map(({ name, input }) => [name, sorted(input)]);
  return JSON.stringify([parsed.ok, answer, calls]);
}

/** The value with the keys of its objects in one order. Answers nest few levels; deeper ones are taken as they are. */
function sorted(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > 100) return value;
  if (Array.isArray(value)) return ['[', ...value.map((item) => sorted(item, depth + 1))];
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return ['{', ...entries.map(([name, item]) => [name, sorted(item, depth + 1)])];
}

export interface RepeatCounts {
  ended: number;
  failed: number;
  /** Answers that fit the prompt's schema; undefined where no schema is asked for. */
  fitting: number | undefined;
  /** Among the runs that finished. */
  distinct: number;
}

/** Over the runs of one column that have ended. A failed run counts as one that does not fit. */
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
export function repeatWords({ ended, failed, fitting, distinct }: RepeatCounts): string[] {
  return [
    ...(fitting === undefined ? [] : [`${fitting} of ${ended} match the schema`]),
    ...(distinct === 0 ? [] : [`${distinct} distinct ${distinct === 1 ? 'answer' : 'answers'}`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
  ];
}
