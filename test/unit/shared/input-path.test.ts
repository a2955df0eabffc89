import { expect, it } from 'vitest';
import { describeProblem } from '../../../src/core/prompts/schema/describe-problem.ts';
import { inputName, isOfInput, joinPath } from '../../../src/shared/input-path.ts';

const NAMES = [
  ['$.subject', 'subject'],
  ['$.items[2].price', 'items[2].price'],
  ['$["my name"]', 'my name'],
  ['$["my name"][0].a', 'my name[0].a'],
  ['$["a\\"]b"].c', 'a"]b.c'],
  ['$.customer["zip code"]', 'customer["zip code"]'],
  ['$', 'the input'],
] as const;

it.each(NAMES)('an input is named as the user writes it: %s', (path, name) => {
  expect(inputName(path)).toBe(name);
});

it.each(['age', 'a-b', 'my name', 'a"]b', '__proto__'])(
  'the path of %s belongs to its field and to no other',
  (name) => {
    const path = joinPath('$', name);
    expect(inputName(path)).toBe(name);
    for (const inner of [path, joinPath(path, 'x'), `${path}[0]`]) expect(isOfInput(inner, name)).toBe(true);
    expect(isOfInput(path, `${name}2`)).toBe(false);
    expect(isOfInput(joinPath('$', `${name}2`), name)).toBe(false);
  },
);

it('a sentence follows its name after a colon, a clause without', () => {
  expect(describeProblem({ path: '$.age', message: '“old” is not a number.' })).toBe('age: “old” is not a number');
  expect(describeProblem({ path: '$.items[2].price', message: 'is missing' })).toBe('items[2].price is missing');
  expect(describeProblem({ path: '$', message: 'cannot be checked' })).toBe('the input cannot be checked');
});
