import { describe, expect, it } from 'vitest';
import type { InputField } from '../../../src/protocol/compare.ts';
import {
  NUMBER_PARAMETERS,
  numberProblem,
  overridesText,
  stopSequencesOf,
  stopSequencesText,
  unsupportedReason,
  withParameter,
} from '../../../webview/compare/parameter-draft.ts';
import { draftOf, inputOf, problemsOf, sameInput } from '../../../webview/shared/inputs/input-draft.ts';

const field = (name: string, type: InputField['type']): InputField => ({ name, type, required: false, schema: {} });
const fields = [
  field('age', 'integer'),
  field('name', 'string'),
  field('gold', 'boolean'),
  field('usage', 'json'),
  field('plan', 'enum'),
];
const parameter = (name: string) => NUMBER_PARAMETERS.find((one) => one.name === name) ?? NUMBER_PARAMETERS[0];

describe('the input form', () => {
  it('sends numbers as numbers, incomplete ones and JSON as text, and leaves out empty ones', () => {
    const input = inputOf(fields, { age: '42', name: '', gold: false, usage: '[1,', plan: '' });
    expect(input).toEqual({ age: 42, name: '', gold: false, usage: '[1,' });
    expect(inputOf(fields, { age: '4x' })).toEqual({ age: '4x' });
  });

  it('sends digits that exceed a number as text, so that the host can reject them', () => {
    for (const age of ['9007199254740993', '-12345678901234567890']) expect(inputOf(fields, { age })).toEqual({ age });
    expect(inputOf(fields, { age: '9007199254740991' })).toEqual({ age: Number.MAX_SAFE_INTEGER });
    expect(numberProblem(parameter('seed'), '9007199254740993', undefined)).toBe('Too large to send exactly.');
  });

  it('shows values of any kind as they are typed', () => {
    const draft = draftOf(fields, { age: 42, name: 'Ada', gold: true, usage: [1, 2], plan: null });
    expect(draft).toEqual({ age: '42', name: 'Ada', gold: true, usage: '[\n  1,\n  2\n]' });
  });

  it('is unchanged after a round trip', () => {
    const input = { age: 42, name: 'Ada\nLovelace', gold: true, usage: '{"a":1}' };
    expect(inputOf(fields, draftOf(fields, input))).toEqual(input);
  });

  it('shows a problem of the host under its field, including deeper paths', () => {
    const problems = [
      { path: '$.usage[0].day', message: 'must be a date' },
      { path: '$.usages', message: 'is another field' },
    ];
    expect(problemsOf(field('usage', 'json'), '[{}]', problems)).toEqual(['usage[0].day: must be a date']);
  });

  it('reports invalid JSON before the host does', () => {
    expect(problemsOf(field('usage', 'json'), '[1,', [])[0]).toMatch(/^Invalid JSON: /);
    expect(problemsOf(field('usage', 'json'), ' ', [])).toEqual([]);
  });

  it('recognizes its own echo, in any order of keys', () => {
    expect(sameInput({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
    expect(sameInput({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  });
});

describe('the parameters of a column', () => {
  it('disables parameters that the model does not support, with a reason, but none that are unknown', () => {
    const capabilities = {
      temperature: 'refused' as const,
      topK: false,
      seed: undefined,
      reasoningEfforts: [],
      promptCaching: false,
    };
    for (const name of ['temperature', 'topK', 'reasoningEffort', 'promptCaching'])
      expect(unsupportedReason(name, capabilities)).toMatch(/\.$/);
    expect(unsupportedReason('seed', capabilities)).toBeUndefined();
    expect(unsupportedReason('temperature', undefined)).toBeUndefined();
  });

  it('checks a number against the model’s range', () => {
    const capabilities = {
      temperature: { min: 0, max: 1 },
      topK: true,
      seed: true,
      reasoningEfforts: undefined,
      promptCaching: undefined,
    };
    expect(numberProblem(parameter('temperature'), '1.5', capabilities)).toBe(
      'Must be between 0 and 1 for this model.',
    );
    expect(numberProblem(parameter('temperature'), '1.5', undefined)).toBeUndefined();
    expect(numberProblem(parameter('temperature'), '-1', undefined)).toBe('Must be at least 0.');
    expect(numberProblem(parameter('seed'), '1.5', capabilities)).toBe('Must be an integer.');
    expect(numberProblem(parameter('maxOutputTokens'), '0', capabilities)).toBe('Must be at least 1.');
    expect(numberProblem(parameter('topP'), 'x', capabilities)).toBe('Must be a number.');
    expect(numberProblem(parameter('topP'), '', capabilities)).toBeUndefined();
  });

  it('restores the file’s value when a field is emptied', () => {
    expect(withParameter({ temperature: 1, seed: 2 }, 'seed', undefined)).toEqual({ temperature: 1 });
  });

  it('writes stop sequences one per line and reads them back', () => {
    const sequences = ['\n\nHuman:', 'a\\nb', '\t'];
    expect(stopSequencesOf(stopSequencesText(sequences))).toEqual(sequences);
    expect(stopSequencesOf('\n\n')).toBeUndefined();
  });

  it('describes in one line what differs from the file', () => {
    expect(overridesText({ maxOutputTokens: 512, reasoningEffort: 'high' }, true)).toBe(
      'max tokens 512, effort high, prompt caching',
    );
    expect(overridesText({}, false)).toBe('');
  });
});
