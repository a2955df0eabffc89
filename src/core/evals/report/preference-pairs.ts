import { writeJsonLines } from '../../datasets/write-rows.ts';
import type { AnswerRating, CellWithAnswer, EvalRecord } from '../../store/evals/eval-record.ts';
import { writeMessages } from '../cases/write-messages.ts';
import type { EvalReport, ReportCase } from './eval-report.ts';

/**
 * For each case, the best answer as `chosen` and the worst as `rejected`, for preference tuning: conversations as TRL reads
 * them, after the messages that were sent for the chosen one. A case whose answers are all as good, or that has only one
 * text, is left out.
 */
export async function* writePreferencePairs(report: EvalReport): AsyncGenerator<string> {
  yield* writeJsonLines(pairs(report));
}

async function* pairs(report: EvalReport): AsyncGenerator<Record<string, unknown>> {
  for await (const one of report.cases()) {
    const pair = pairOf(one);
    if (pair) yield toRow(one, pair, { record: report.record, prompt: await promptOf(one, pair.chosen, report) });
  }
}

interface Pair {
  chosen: CellWithAnswer;
  rejected: CellWithAnswer;
}

function pairOf({ cells }: ReportCase): Pair | undefined {
  const answered = cells.filter(({ state, answer }) => state !== 'error' && answer.output.trim() !== '');
  const [chosen] = answered.toSorted((a, b) => rank(b, a));
  const rejected = answered.toSorted(rank)[0];
  if (!chosen || !rejected || rank(chosen, rejected) === 0) return undefined;
  return chosen.answer.output === rejected.answer.output ? undefined : { chosen, rejected };
}

const RATINGS = { down: -1, up: 1 };
const MIDDLE_CSAT = 3;
const STATES = { error: 0, failed: 1, passed: 2 };

/** A user's rating says more than the metrics, and whether an answer passed more than its score. */
function rank(a: CellWithAnswer, b: CellWithAnswer): number {
  return compareRatings(a, b) || STATES[a.state] - STATES[b.state] || (a.score ?? 0) - (b.score ?? 0);
}

/** What is not rated is between a good and a bad rating. Thumbs are about the answer itself, so they count first. */
function compareRatings(a: AnswerRating, b: AnswerRating): number {
  const ratingOf = ({ rating }: AnswerRating) => (rating ? RATINGS[rating] : 0);
  const yesNo = (value: boolean | undefined) => (value === undefined ? 0 : value ? 1 : -1);
  return (
    ratingOf(a) - ratingOf(b) ||
    (a.csat ?? MIDDLE_CSAT) - (b.csat ?? MIDDLE_CSAT) ||
    yesNo(a.completed) - yesNo(b.completed) ||
    yesNo(b.escalated) - yesNo(a.escalated)
  );
}

/** Without a prompt, such as of an application of the user: the conversation of the case, or its inputs. */
async function promptOf({ place, case: stored }: ReportCase, { column }: CellWithAnswer, { messages }: EvalReport) {
  const sent = await messages({ place, column }).catch(() => undefined);
  if (sent ?? stored.messages) return writeMessages(sent ?? stored.messages ?? []);
  const values = Object.values(stored.inputs);
  const [only] = values;
  const content = values.length === 1 && typeof only === 'string' ? only : JSON.stringify(stored.inputs);
  return [{ role: 'user', content }];
}

interface RowContext {
  record: EvalRecord;
  prompt: Record<string, unknown>[];
}

function toRow({ case: { id, inputs } }: ReportCase, { chosen, rejected }: Pair, { record, prompt }: RowContext) {
  const side = ({ column, score, state, ...said }: CellWithAnswer) => {
    const { prompt: name, version, model } = record.columns[column] ?? {};
    return {
      prompt: name ?? null,
      version: version?.label ?? null,
      model: model ?? null,
      state,
      score: score ?? null,
      rating: said.rating ?? null,
      csat: said.csat ?? null,
      completed: said.completed ?? null,
      escalated: said.escalated ?? null,
    };
  };
  const answer = ({ answer: { output } }: CellWithAnswer) => [{ role: 'assistant', content: output }];
  return {
    id,
    inputs,
    prompt,
    chosen: answer(chosen),
    rejected: answer(rejected),
    chosen_from: side(chosen),
    rejected_from: side(rejected),
  };
}
