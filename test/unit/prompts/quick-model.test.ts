import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quickModel } from '../../../src/core/prompts/front-matter/quick-model.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';

describe('the model of a prompt, read without a parser', () => {
  it.each([
    ['---\nmodel: demo/swift\n---\nHello', 'demo/swift'],
    ['---\nmodel: openai/gpt-5.4-mini # cheap\nconfig:\n  x: 1\n---\n', 'openai/gpt-5.4-mini'],
    ['---\r\nname: x\r\nmodel: "demo/swift"\r\n---\r\nHello', 'demo/swift'],
    ["\ufeff---\nmodel: 'my/own model'\n---\n", 'my/own model'],
    ['---\nmodel: demo/swift', 'demo/swift'],
    ['---\nconfig:\n  model: a/b\n---\nmodel: c/d', undefined],
    ['Hello', undefined],
    ['', undefined],
  ])('is found in %j', (source, model) => {
    expect(quickModel(source)).toEqual({ read: true, ...(model === undefined ? {} : { model }) });
    expect(parsePrompt(source).prompt.model?.text).toBe(model);
  });

  it.each([
    'model: >\n  demo/swift',
    '{model: demo/swift}',
    'model: &a demo/swift',
    'model: a/b\nmodel: c/d',
    'model: 5',
    'model:\n  a/b',
    'model: a/b\n  c',
  ])('is left to the parser in %j', (yaml) => {
    expect(quickModel(`---\n${yaml}\n---\nHello`)).toEqual({ read: false });
  });

  it('never differs from the parser', () => {
    const piece = fc.constantFrom(
      '---',
      '\n',
      'model',
      ': ',
      ':',
      'demo/swift',
      'a/b',
      '"',
      "'",
      '#',
      ' ',
      '  ',
      '- ',
      'config',
      '{',
      '}',
      '|',
      '\\',
      'x',
      '\r\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.boolean(), (pieces, fenced) => {
        const source = `${fenced ? '---\n' : ''}${pieces.join('')}`;
        const { read, model } = quickModel(source);
        const { prompt, diagnostics } = parsePrompt(source);
        if (read && !diagnostics.some(({ severity }) => severity === 'error')) expect(model).toBe(prompt.model?.text);
      }),
      { numRuns: 3000 },
    );
  });
});
