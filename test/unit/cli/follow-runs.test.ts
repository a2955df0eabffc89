import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { type FollowOptions, followRuns } from '../../../src/cli/commands/run/follow-runs.ts';
import type { RunEvent } from '../../../src/core/runs/events.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

type Following = Parameters<typeof followRuns>[1];

function following(signal: AbortSignal, notices: string[], options: FollowOptions = {}): Following {
  const terminal = { errIsTty: false, outIsTty: false, out: () => undefined, clean: (text: string) => text };
  const host = { terminal, interrupt: { signal }, notices: { report: (text: string) => notices.push(text) } };
  return { host, options } as unknown as Following;
}

const comparisonOf = (events: AsyncIterable<RunEvent>) =>
  ({ specs: [], events }) as unknown as Parameters<typeof followRuns>[0];

it('does not keep events that were shown', async () => {
  const shown: WeakRef<RunEvent>[] = [];
  let kept = Number.NaN;
  async function* stream(): AsyncGenerator<RunEvent> {
    for (let index = 0; index < 1000; index += 1) {
      const event: RunEvent = { type: 'text-delta', runId: 'r', text: 'x' };
      shown.push(new WeakRef(event));
      yield event;
    }
    // Weak references are kept until the end of the turn in which they were created.
    await new Promise(setImmediate);
    collectGarbage();
    kept = shown.filter((one) => one.deref() !== undefined).length;
  }
  await followRuns(comparisonOf(stream()), following(new AbortController().signal, []));
  expect(kept).toBeLessThan(10);
});

it('waits only a moment after an interrupt for runs that do not end', { timeout: 20_000 }, async () => {
  const control = new AbortController();
  const notices: string[] = [];
  async function* stream(): AsyncGenerator<RunEvent> {
    yield { type: 'text-delta', runId: 'r', text: 'x' };
    control.abort();
    await new Promise(() => undefined);
  }
  expect(await followRuns(comparisonOf(stream()), following(control.signal, notices))).toEqual([]);
  expect(notices).toEqual(['The command ended before its runs were recorded.']);
});
