import { describe, expect, it } from 'vitest';
import { costDetails } from '../../../webview/compare/describe-cost.ts';
import { describeState } from '../../../webview/compare/describe-run.ts';
import { aRun } from '../../ui/webview-harness/snapshots.ts';

const figures = {
  usage: { inputTokens: 100, outputTokens: 50 },
  usageEstimated: true,
  cost: { totalUsd: 0.0042 },
  ttftMs: undefined,
  elapsedMs: 50_000,
  tokensPerSecond: undefined,
};

describe('the state of a column', () => {
  it.each([
    [42_300, '0:42'],
    [2_000, '0:02'],
    [605_000, '10:05'],
  ])('is a wait with its time while the server only shows activity (%i ms)', (aliveMs, clock) => {
    for (const state of ['waiting', 'streaming'] as const) {
      const run = aRun({ state, figures: { ...figures, aliveMs } });
      expect(describeState(run)).toEqual({ label: `waiting, server is responding, ${clock}`, icon: 'loading' });
    }
  });

  it('is back to normal when content arrives, and at the end', () => {
    expect(describeState(aRun({ state: 'streaming', figures })).label).toBe('streaming');
    expect(describeState(aRun({ state: 'failed', figures: { ...figures, aliveMs: 42_000 } })).label).toBe('failed');
  });
});

describe('the details of a cost', () => {
  it('name the provider if the figure is the provider’s, and is not an estimate', () => {
    const reported = { totalUsd: 0.0042, reported: true, source: 'reported by the provider' };
    const details = costDetails(aRun({ figures: { ...figures, cost: reported } }), 1000);

    expect(details).toContain('$0.0042, reported by the provider');
    expect(details).not.toMatch(/estimated|Prices:/);
    expect(costDetails(aRun({ figures }), 1000)).toContain('estimated');
    expect(costDetails(aRun({ figures, simulated: true }), 1000)).toContain('\nSimulated: demo models cost nothing');
    expect(costDetails(aRun({ figures }), 1000)).not.toContain('imulated');
  });
});
