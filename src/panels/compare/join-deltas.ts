import type { CompareEvent } from '../../protocol/compare.ts';

type Delta = Extract<CompareEvent, { type: 'run-delta' }>;

/** The deltas of each run within a batch as one, so that the webview draws a column once. */
export function joinDeltas(events: readonly CompareEvent[]): CompareEvent[] {
  const open = new Map<string, Delta>();
  const joined: CompareEvent[] = [];
  for (const event of events) {
    const own = event.type === 'run-delta' ? open.get(event.runId) : undefined;
    if (event.type === 'run-delta' && own) {
      join(own, event);
      continue;
    }
    const copy = { ...event };
    // A delta after another event of its run must not be joined to one before it.
    if (copy.type === 'run-delta') open.set(copy.runId, copy);
    else if ('runId' in copy) open.delete(copy.runId);
    joined.push(copy);
  }
  return joined;
}

function join(into: Delta, next: Delta): void {
  if (next.text !== undefined) into.text = (into.text ?? '') + next.text;
  if (next.reasoning !== undefined) into.reasoning = (into.reasoning ?? '') + next.reasoning;
  if (next.figures !== undefined) into.figures = next.figures;
  if (next.state !== undefined) into.state = next.state;
}
