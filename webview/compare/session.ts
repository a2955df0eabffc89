import type { CompareEvent, CompareMethods, CompareSnapshot } from '../../src/protocol/compare.ts';
import { pieceOf } from '../../src/protocol/run-view.ts';
import { type Channel, createFollower, type Follower } from '../shared/follower.ts';
import { createTextStore, type TextStore } from '../shared/text/text-store.ts';
import { type CompareState, reduce, stateOfSnapshot } from './state.ts';

/** The state of the panel, and separately the texts of its runs, which are drawn without a state change. */
export interface CompareSession extends Follower<CompareState, CompareEvent, CompareMethods> {
  texts: TextStore;
}

export function createSession(channel: Channel<CompareEvent>): CompareSession {
  const texts = createTextStore();

  function setTexts(runId: string, run: { text?: string; reasoning?: string }) {
    if (run.text !== undefined) texts.set(runId, 'text', run.text);
    if (run.reasoning !== undefined) texts.set(runId, 'reasoning', run.reasoning);
  }

  function applyTexts(event: CompareEvent) {
    if (event.type === 'run-start') setTexts(event.run.runId, event.run);
    if (event.type === 'run-patch') setTexts(event.runId, event.patch);
    if (event.type !== 'run-event') return;
    const { runId } = event.event;
    const piece = pieceOf(event.event);
    if (piece) texts.append(runId, piece.kind, piece.text);
    if (event.event.type === 'run-end') setTexts(runId, event.event.result);
  }

  const follower = createFollower<CompareState, CompareSnapshot, CompareEvent, CompareMethods>(channel, {
    stateOf: stateOfSnapshot,
    reduce,
    onSnapshot({ columns }) {
      const runs = columns.flatMap((column) => column.runs);
      texts.keep(new Set(runs.map((run) => run.runId)));
      for (const run of runs) setTexts(run.runId, run);
    },
    onEvent: applyTexts,
    // Typing only clears errors of invalid inputs.
    keepsFailure: (method, { code }) => method === 'form.set' || (method === 'input.set' && code !== 'invalid-input'),
  });
  return { ...follower, texts };
}
