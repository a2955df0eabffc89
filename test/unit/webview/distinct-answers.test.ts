import { describe, expect, it } from 'vitest';
import { answerKey, countRepeats, describeRepeats } from '../../../webview/compare/answers/distinct-answers.ts';
import { aRun } from '../../ui/webview-harness/snapshots.ts';

const areSame = (one: string, two: string) => answerKey(one) === answerKey(two);

describe('two answers', () => {
  it.each([
    ['yes', ' yes\n'],
    ['{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1}'],
    ['{"a": 1}', '```json\n{"a": 1.0}\n```'],
  ])('%j and %j are the same', (one, two) => expect(areSame(one, two)).toBe(true));

  it.each([
    ['yes', 'Yes'],
    ['a  b', 'a b'],
    ['[1, 2]', '[2, 1]'],
    ['{"a": 1}', '[["a", 1]]'],
    ['{"a": 1}', '{"a": "1"}'],
    ['{"id": 9007199254740993}', '{"id": 9007199254740992}'],
    ['"yes"', 'yes'],
  ])('%j and %j are different', (one, two) => expect(areSame(one, two)).toBe(false));

  it('differ by the tools that they call', () => {
    const call = (id: number) => [{ id: `call ${id}`, name: 'lookup', input: { id } }];
    expect(answerKey('', call(1))).not.toBe(answerKey('', call(2)));
    expect(answerKey('', call(1))).toBe(answerKey('', [{ ...call(1)[0], id: 'other' } as never]));
  });
});

describe('the description of repeats', () => {
  const texts = new Map<string, string>();
  const runs = (...states: [text: string, changes: object][]) =>
    states.map(([text, changes], index) => {
      texts.set(`r${index}`, text);
      return aRun({ runId: `r${index}`, repeat: index, ...changes });
    });
  const words = (...states: [text: string, changes: object][]) =>
    describeRepeats(countRepeats(runs(...states), (id) => texts.get(id) ?? '')).join(' · ');
  const fits = { schemaCheck: { valid: true } };
  const fitsNot = { schemaCheck: { valid: false, problems: ['x'] } };
  const failed = { state: 'failed', schemaCheck: undefined };

  it('counts the failed ones among those that do not match', () => {
    expect(words(['{"a":1}', fits], ['{"a": 1}', fits], ['{"a":2}', fits], ['{"a":3}', fits], ['{"a":3}', fits])).toBe(
      '5 of 5 match the schema · 3 distinct answers',
    );
    expect(words(['{"a":1}', fits], ['x', fitsNot], ['', failed])).toBe(
      '1 of 3 match the schema · 2 distinct answers · 1 failed',
    );
    expect(words(['', failed], ['', failed])).toBe('2 failed');
  });

  it('mentions no schema if there is none, and no active run', () => {
    expect(words(['a', {}], ['a ', {}], ['', { state: 'streaming' }])).toBe('1 distinct answer');
  });
});
