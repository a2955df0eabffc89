import { formatClock, formatDuration, formatList, formatUsd } from '../../src/shared/format.ts';
import { markSimulated } from '../../src/shared/simulated-cost.ts';
import { isLive } from './derived.ts';
import type { Run } from './state.ts';

interface State {
  label: string;
  /** A codicon. */
  icon: string;
}

const STATES: Record<Run['state'], State> = {
  waiting: { label: 'waiting', icon: 'loading' },
  streaming: { label: 'streaming', icon: 'loading' },
  done: { label: 'done', icon: 'check' },
  failed: { label: 'failed', icon: 'error' },
  stopped: { label: 'stopped', icon: 'debug-stop' },
  interrupted: { label: 'interrupted', icon: 'debug-disconnect' },
};

/** Why a run is done, if it did not just stop. */
const FINISHES: Partial<Record<string, State>> = {
  length: { label: 'done, token limit reached', icon: 'warning' },
  'tool-calls': { label: 'done, tool calls', icon: 'tools' },
  'content-filter': { label: 'done, filtered by the provider', icon: 'warning' },
  error: { label: 'ended with an error', icon: 'error' },
};

/** The state of a run as text, with its icon. */
export function describeState(run: Run | undefined): State {
  if (run === undefined) return { label: 'not run yet', icon: 'circle-outline' };
  const { state, retry, figures, finishReason, error } = run;
  if (retry !== undefined) return { label: 'retrying', icon: 'warning' };
  if (isLive(run) && figures?.aliveMs !== undefined) {
    return { label: `waiting, server is responding, ${formatClock(figures.aliveMs)}`, icon: 'loading' };
  }
  if (state === 'failed' && error?.code === 'stream-cut') return { ...STATES.failed, label: 'cut off' };
  return (state === 'done' && finishReason !== undefined && FINISHES[finishReason]) || STATES[state];
}

/** `inputs and prompt changed since this run`, or undefined if nothing changed. */
export function describeStale({ stale = [] }: Pick<Run, 'stale'>): string | undefined {
  if (stale.length === 0) return undefined;
  return `${formatList(stale)} changed since this run`;
}

/** The text next to the state icon. Common states need none. */
export function shortState(run: Run | undefined): string | undefined {
  if (run === undefined || (isLive(run) && run.state === 'streaming' && run.figures?.aliveMs === undefined)) return;
  const { label } = describeState(run);
  if (label.startsWith('waiting, server is responding')) return 'server is responding';
  return run.state === 'done' ? undefined : label;
}

/** Why an answer is incomplete. Undefined if it is complete, or if there is no text above the reason. */
export function noticeOf(
  run: Run,
  hasText: boolean,
): { icon: 'warning' | 'error'; text: string; more: string | undefined } | undefined {
  const { state, error, finishReason } = run;
  if (state === 'failed' || state === 'stopped') {
    const icon = state === 'failed' ? 'error' : 'warning';
    return hasText && error ? { icon, text: error.message, more: error.hint } : undefined;
  }
  if (state === 'interrupted') {
    return {
      icon: 'warning',
      text: 'The window was closed during this run.',
      more: 'Run the column again for a full answer.',
    };
  }
  if (state !== 'done') return undefined;
  if (finishReason === 'length') {
    const more = 'Increase the max output tokens in the parameters of this column or in the file.';
    return { icon: 'warning', text: 'Cut off at the token limit.', more };
  }
  if (finishReason === 'content-filter') {
    return { icon: 'warning', text: 'The provider filtered this answer.', more: undefined };
  }
  return undefined;
}

/** The announcement when a run has ended. Tokens are not announced. */
export function announcement(model: string, run: Run): string {
  const { label } = describeState(run);
  const { figures, simulated } = run;
  const parts = [
    figures && formatDuration(figures.elapsedMs),
    figures?.cost.totalUsd !== undefined && markSimulated(formatUsd(figures.cost.totalUsd), simulated),
  ];
  const detail = run.state === 'failed' && run.error ? `: ${run.error.message}` : '';
  return [`${model} ${label}${detail}`, ...parts.filter(Boolean)].join(', ');
}
