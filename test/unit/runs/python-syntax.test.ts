import { expect, it } from 'vitest';
import { findPythonError } from '../python-syntax.ts';

it('finds text that is not Python, so that the tests of generated programs can fail', () => {
  expect(findPythonError('client.create(\n    model="m",\n)\nprint("done")\n')).toBeUndefined();
  expect(findPythonError('x = 1\nclient.create(\n    model=,\n)\n')).toMatch(/^3: /);
  expect(findPythonError('print("open)\n')).toBeDefined();
});
