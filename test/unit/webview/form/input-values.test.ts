import { describe, expect, it } from 'vitest';
import type { InputField } from '../../../../src/protocol/compare.ts';
import { inputValues, shortValue } from '../../../../webview/shared/form/input-values.ts';

const field = (name: string, changes: Partial<InputField> = {}): InputField => ({
  name,
  type: 'string',
  required: false,
  schema: {},
  ...changes,
});

const line = (fields: InputField[], input: Record<string, unknown>) => inputValues(fields, input).map(shortValue);

describe('the line of a collapsed form', () => {
  it('shows values with their names, in the order of the form', () => {
    const fields = [field('age', { type: 'integer' }), field('plan'), field('renew', { type: 'boolean' })];
    expect(line(fields, { plan: 'Gold', age: 42, renew: false })).toEqual(['age 42', 'plan Gold', 'renew no']);
  });

  it('shows a default if nothing is set, a dash for missing inputs, and nothing for optional ones', () => {
    const fields = [field('plan', { default: 'Free' }), field('age', { required: true }), field('notes')];
    expect(line(fields, { notes: '' })).toEqual(['plan Free', 'age —']);
    expect(line(fields, { plan: '', age: 42 })).toEqual(['plan Free', 'age 42']);
  });

  it('stays on one line: JSON is compact, and a long text is truncated', () => {
    expect(line([field('usage', { type: 'json' })], { usage: '[\n  12,\n  9\n]' })).toEqual(['usage [ 12, 9 ]']);
    expect(line([field('usage')], { usage: { a: [1] } })).toEqual(['usage {"a":[1]}']);
    expect(line([field('text')], { text: 'ab '.repeat(40) })[0]).toBe(`text ${'ab '.repeat(13)}…`);
  });
});
