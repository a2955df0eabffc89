import { expect, it } from 'vitest';
import { emptyAnswer } from '../../../src/core/evals/requests/request-makers.ts';
import { scoreInWorker } from '../../../src/core/evals/scoring/score-in-worker.ts';
import type { ScoredItem } from '../../../src/core/evals/scoring/scoring.ts';

const context = { folder: '/', isTrusted: true, python: undefined };

function item(output: string): ScoredItem {
  return {
    evalCase: {
      id: output.slice(0, 5),
      contentHash: '',
      dataset: undefined,
      number: 1,
      inputs: {},
      expected: ['a'.repeat(output.length)],
      contexts: undefined,
      messages: undefined,
      toolCalls: undefined,
      retrieval: undefined,
      tags: [],
      weight: 1,
      group: undefined,
      others: {},
      output: undefined,
    },
    answer: { ...emptyAnswer(0), output },
    schema: undefined,
    cached: false,
    isGiven: false,
  };
}

it('scores many answers at once, and ends a metric that gets stuck on one of them', async () => {
  const scoring = scoreInWorker([{ id: 'ter', parameters: {} }], context, 2000);
  const words = Array.from({ length: 60_000 }, (_, index) => `w${(index * 7919) % 50_021}`);
  const endless = item(words.join(' '));
  endless.evalCase.expected = [words.toReversed().join(' ')];

  const scores = await scoring.score([item('aaa'), endless, item('aa')]);

  expect(scores).toMatchObject([
    [{ value: 0 }],
    [{ value: null, passed: null, isError: true, reason: expect.stringContaining('did not end') }],
    [{ value: 0 }],
  ]);
  await scoring.close();
});
