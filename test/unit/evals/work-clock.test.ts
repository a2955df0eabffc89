import { expect, it } from 'vitest';
import { WorkClock } from '../../../src/core/evals/requests/work-clock.ts';
import { workedTime } from '../../../src/shared/evaluation-state.ts';

function clockAt(start: number, workedMs?: number) {
  const time = { now: start };
  return { time, clock: new WorkClock(workedMs, () => time.now) };
}

it('work is counted from its start to its end, after what was worked before', () => {
  const { time, clock } = clockAt(1000, 50);
  expect(clock.start()).toEqual({ workedMs: 50, workingSince: 1000 });
  time.now = 1300;
  expect(clock.end()).toEqual({ workedMs: 350, workingSince: undefined });
  time.now = 9000;
  expect(clock.end()).toEqual({ workedMs: 350, workingSince: undefined });
});

it('a pause is no work, and only what was paused continues', () => {
  const { time, clock } = clockAt(1000, 0);
  clock.start();
  time.now = 1200;
  expect(clock.pause()).toEqual({ workedMs: 200, workingSince: undefined });
  time.now = 5000;
  // for another reason
  expect(clock.pause()).toEqual({ workedMs: 200, workingSince: undefined });
  expect(clock.continue()).toEqual({ workedMs: 200, workingSince: 5000 });
  time.now = 5100;
  expect(clock.continue()).toEqual({ workedMs: 200, workingSince: 5000 });
  clock.end();
  expect(clock.continue()).toEqual({ workedMs: 300, workingSince: undefined });
});

it('scoring again, which does not start it, changes nothing', () => {
  const { time, clock } = clockAt(1000, 70);
  clock.pause();
  time.now = 2000;
  clock.continue();
  time.now = 3000;
  expect(clock.end()).toEqual({ workedMs: 70, workingSince: undefined });
});

it('what is unknown stays unknown, and a clock that is set back takes nothing away', () => {
  expect(workedTime({ workedMs: undefined, workingSince: undefined }, 9000)).toBeUndefined();
  expect(workedTime({ workedMs: undefined, workingSince: 8000 }, 9000)).toBe(1000);
  expect(workedTime({ workedMs: 5, workingSince: 9000 }, 8000)).toBe(5);
});
