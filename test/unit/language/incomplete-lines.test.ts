import { describe, expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { withoutIncompleteLines } from '../../../src/core/language/diagnostics/incomplete-lines.ts';
import { atCursor, makeWorkspace } from './language-workspace.ts';

const { index } = makeWorkspace({});

/** What is shown in a file while the user types at the marked place. */
function shown(marked: string, { typing = true, unsaved = true } = {}) {
  const { source, offset } = atCursor(marked);
  const { tree } = analyzePrompt(source);
  const found = checkPrompt(source, { path: '/w/a.prompt', workspace: index });
  return withoutIncompleteLines(found, tree, { offset: typing ? offset : undefined, unsaved }).filter(
    ({ severity }) => severity !== 'hint',
  );
}

const FRONT = `model: demo/swift
config:
  temperature: 0.2
  stopSequences:
    - "END"
input:
  schema:
    question: string, what they ask
    tags(array, some): string
    plan(enum): [Gold, Basic]
  default:
    plan: Gold
output:
  format: json
  schema:
    ok: boolean
llmops.models: [demo/swift]
`;
const BODY = '{{role "user"}}\n{{question}} {{plan}} {{#each tags}}{{this}}{{/each}}\n';

describe('front matter while it is being typed', () => {
  it('has no error and no warning at any key press, from the first to the last', () => {
    for (let length = 0; length <= FRONT.length; length += 1) {
      const typed = FRONT.slice(0, length);
      for (const rest of ['', `\n---\n${BODY}`]) {
        const found = shown(`---\n${typed}¦${rest}`).filter(({ severity }) => severity !== 'info');
        // an undeclared variable is reported if no more inputs are being declared
        const wrong = found.filter(({ code }) => code !== 'undefined-variable');
        expect(wrong, `${JSON.stringify(typed)} with ${JSON.stringify(rest)}`).toEqual([]);
        const declares = /input:\n {2}schema:(?!.*\n {2}default)/s.test(typed);
        if (declares) expect(found, typed).toEqual([]);
      }
    }
  });

  it('is reported after a pause, except for the fence that may still follow', () => {
    expect(shown('---\nmodel: demo/swift\ntem¦\n---\nHello', { typing: false }).map(({ code }) => code)).toEqual([
      'yaml-syntax',
    ]);
    const [open] = shown('---\nmodel: demo/swift¦', { typing: false });
    expect(open).toMatchObject({ code: 'front-matter-unclosed', severity: 'info' });
    expect(open?.message).toBe('The front matter is not closed yet. End it with a `---` line.');
    expect(shown('---\nmodel: demo/swift¦', { typing: false, unsaved: false })).toMatchObject([
      { code: 'front-matter-unclosed', severity: 'error' },
    ]);
  });

  it('hides no problem of another line, and none of the template', () => {
    const codes = shown('---\nmodel: nowhere/x\nconfig:\n  temperature: high\n  to¦\n---\n{{role "nobody"}}').map(
      ({ code }) => code,
    );
    expect(codes).toContain('template-role');
    expect(shown('---\nmodel: nowhere/x\nname: b¦\n---\n{{#if}}').map(({ code }) => code)).toEqual([
      'unknown-connection',
      'template-syntax',
    ]);
    expect(shown('---\nmodel: demo/swift\n---\n{{role "nobo¦dy"}}').map(({ code }) => code)).toEqual(['template-role']);
  });
});
