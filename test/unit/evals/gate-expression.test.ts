import { expect, it } from 'vitest';
import type { MetricSpec } from '../../../src/core/evals/file/eval-spec.ts';
import { parseGateExpression } from '../../../src/core/evals/file/gate-expression.ts';

const metric = (name: string, direction: 'higher' | 'lower'): MetricSpec => {
  return { name, id: name, direction, parameters: {}, path: undefined, weight: 1, threshold: undefined };
};
const context = {
  metrics: [metric('equals', 'higher'), metric('levenshtein', 'lower')],
  repeats: 3,
  hasBaseline: false,
};
const parse = (text: string) => parseGateExpression(text, context);

it('reads gates of the command line', () => {
  const threshold = { kind: 'threshold', on: 'mean', strict: false };
  expect(parse('equals>=0.8')).toEqual({ ...threshold, metric: 'equals', threshold: 0.8 });
  expect(parse(' levenshtein <= 5 ')).toEqual({ ...threshold, metric: 'levenshtein', threshold: 5 });
  expect(parse('equals>=.8')).toEqual({ ...threshold, metric: 'equals', threshold: 0.8 });
  expect(parse('levenshtein<=-1.5e-1')).toEqual({ ...threshold, metric: 'levenshtein', threshold: -0.15 });
  expect(parse('costUsd<=0.5')).toEqual({ kind: 'costUsd', limit: 0.5, strict: false });
  expect(parse('latencyMs<=2000')).toEqual({ kind: 'latencyMs', limit: 2000, percentile: 95, strict: false });
  expect(parse('pass^k(equals)>=0.9')).toEqual({ kind: 'pass^k', metric: 'equals', share: 0.9, k: 3, strict: false });
});

it('rejects what is no gate, unknown metrics and the wrong direction', () => {
  expect(() => parse('equals')).toThrow('--gate equals is not a gate.');
  expect(() => parse('equals>0.8')).toThrow('is not a gate');
  expect(() => parse('equals>=8.')).toThrow('is not a gate');
  expect(() => parse('equals>=80%')).toThrow('is not a gate');
  expect(() => parse('costUsd<=-1')).toThrow('cannot be used');
  expect(() => parse('pass^k(equals)>=9')).toThrow('cannot be used');
  expect(() => parse('equls>=0.8')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('Did you mean equals?') }),
  );
  expect(() => parse('equals<=0.8')).toThrow(expect.objectContaining({ hint: 'For equals, more is better: use >=.' }));
  expect(() => parse('costUsd>=1')).toThrow(expect.objectContaining({ hint: 'For costUsd, less is better: use <=.' }));
});
