import type { EvaluationEvent, EvaluationSnapshot } from '../../src/protocol/evaluation.ts';

export type EvaluationState = EvaluationSnapshot & { isDeleted: boolean };

/** Pure: the host's state with one event applied. */
export function reduce(state: EvaluationState, event: EvaluationEvent): EvaluationState {
  switch (event.type) {
    case 'result':
      return { ...state, result: event.result, control: event.control, progress: progressOf(state, event) };
    case 'summary':
      // undefined fields are lost on the way
      return { ...state, summary: event.summary, against: event.against };
    case 'progress': {
      const result = { ...state.result, counts: event.counts, totals: event.totals };
      return { ...state, result, progress: event.progress };
    }
    case 'trust':
      return { ...state, canRun: event.canRun };
    case 'notice':
      return state.notices.includes(event.message) ? state : { ...state, notices: [...state.notices, event.message] };
    case 'deleted':
      return { ...state, isDeleted: true };
    case 'cells':
    case 'open-case':
      return state;
  }
}

/** Nothing is left to do once it has ended. */
function progressOf(state: EvaluationState, { result }: { result: EvaluationState['result'] }) {
  return isLive(result) ? state.progress : undefined;
}

export function isLive({ state }: Pick<EvaluationState['result'], 'state'>): boolean {
  return state === 'running' || state === 'paused';
}
