import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRunProgress } from '../../../../src/cli/commands/run/run-progress.ts';
import type { RunFigures } from '../../../../src/core/runs/events.ts';
import { createSpec } from '../fixtures.ts';

afterEach(() => vi.restoreAllMocks());

const figures = (aliveMs?: number): RunFigures => ({
  usage: {},
  usageEstimated: true,
  cost: { totalUsd: undefined },
  ttftMs: undefined,
  elapsedMs: 50_000,
  tokensPerSecond: undefined,
  ...(aliveMs === undefined ? {} : { aliveMs }),
});

describe('the progress line', () => {
  it('says that a server is alive until a part of the answer arrives', () => {
    const lines: string[] = [];
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 1_000;
      return now;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    Object.defineProperty(process.stderr, 'columns', { value: 200, configurable: true });
    const progress = createRunProgress([createSpec()]);
    progress.show({ type: 'run-figures', runId: 'run-1', figures: figures(42_400) });
    expect(lines.at(-1)).toContain('test/model-a: waiting, server is alive, 0:42');
    progress.show({ type: 'text-delta', runId: 'run-1', text: 'Hi' });
    expect(lines.at(-1)).not.toContain('alive');
    progress.show({ type: 'run-figures', runId: 'run-1', figures: figures(3_000) });
    progress.show({ type: 'run-figures', runId: 'run-1', figures: figures() });
    expect(lines.at(-1)).not.toContain('alive');
  });
});
