import { expect, it } from 'vitest';
import { opensKey } from '../../../src/core/language/completion/indent-below.ts';

/** Whether the line with the mark is one. */
function opens(marked: string): boolean {
  return opensKey(marked.replace('‸', ''), marked.indexOf('‸'));
}

it('finds the keys of the front matter whose values are below them', () => {
  for (const line of [
    'input:',
    'output: ',
    'config:',
    '  schema:',
    '  default:',
    '    items(array, sold):',
    '  a?(object):',
  ])
    expect(opens(`---\nmodel: demo/swift\n${line}‸\n---\nText.`), line).toBe(true);
  expect(opens('---\ninput:‸\n'), 'before the fence that closes is there').toBe(true);
  expect(opens('---\r\ninput:‸\r\n---\r\n')).toBe(true);
  for (const line of ['model:', 'input: {}', '  name: string', 'description: input:', '  note:', '---'])
    expect(opens(`---\n${line}‸\n---\nText.`), line).toBe(false);
});

it('treats an example in the template as text', () => {
  for (const text of ['input:‸\n', 'input: a\noutput:‸\n', 'config:\n  default:‸\n']) {
    expect(opens(`---\nmodel: demo/swift\n---\n${text}`), text).toBe(false);
    expect(opens(text), text).toBe(false);
  }
});
