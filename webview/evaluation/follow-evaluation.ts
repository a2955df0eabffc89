import type { EvaluationEvent, EvaluationMethods, EvaluationSnapshot } from '../../src/protocol/evaluation.ts';
import { type Channel, createFollower, type Follower } from '../shared/follower.ts';
import { type EvaluationState, reduce } from './state.ts';

const READS: readonly string[] = [
  'list.open',
  'case.read',
  'case.history',
  'case.messages',
  'figures.read',
  'prompt.change',
] satisfies (keyof EvaluationMethods)[];

export type EvaluationFollower = Follower<EvaluationState, EvaluationEvent, EvaluationMethods>;

export function followEvaluation(
  channel: Channel<EvaluationEvent>,
  on: { onEvent(event: EvaluationEvent): void; onMissed(): void },
): EvaluationFollower {
  return createFollower<EvaluationState, EvaluationSnapshot, EvaluationEvent, EvaluationMethods>(channel, {
    stateOf: (snapshot) => ({ ...snapshot, isDeleted: false }),
    reduce,
    ...on,
    keepsFailure: (method) => READS.includes(method),
  });
}
