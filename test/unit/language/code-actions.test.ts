import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { promptActions } from '../../../src/core/language/code-actions/code-actions.ts';
import { nameOfCall } from '../../../src/core/language/code-actions/extract-partial.ts';
import type { ActionRequest, PromptAction } from '../../../src/core/language/code-actions/prompt-action.ts';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { applyEdits } from '../../../src/core/language/formatting/format-prompt.ts';
import { WorkspaceIndex } from '../../../src/core/language/workspace/workspace-index.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';

const PATH = '/w/a.prompt';

/** `[` and `]` mark the selection, `|` the cursor. */
function at(marked: string, more: Partial<ActionRequest> = {}) {
  const start = marked.search(/⟦|‸/);
  const source = marked.replace(/[⟦⟧‸]/g, '');
  const end = marked.includes('⟧') ? marked.indexOf('⟧') - 1 : start;
  const diagnostics = checkPrompt(source, { path: PATH, workspace: more.workspace }).filter(
    ({ range }) => start < 0 || (range.start <= end && range.end >= start),
  );
  const selection = { start: Math.max(0, start), end: Math.max(0, end) };
  const request = { analyzed: analyzePrompt(source), selection, path: PATH, ...more };
  const actions = promptActions({ ...request, diagnostics });
  // an action reads a diagnostic's data, never its message, which may change
  const silent = promptActions({ ...request, diagnostics: diagnostics.map((one) => ({ ...one, message: '' })) });
  const bare = (made: PromptAction[]) => made.map(({ diagnostic: _, ...action }) => action);
  expect(bare(silent)).toEqual(bare(actions));
  const take = (title: RegExp | string): { action: PromptAction; text: string } => {
    const action = actions.find((one) => (typeof title === 'string' ? one.title === title : title.test(one.title)));
    if (!action) throw new Error(`There is no ${String(title)} among: ${actions.map((one) => one.title).join('; ')}`);
    return { action, text: applyEdits(source, action.edits) };
  };
  return { source, actions, take, text: (title: RegExp | string) => take(title).text };
}

async function render(source: string, input: Record<string, unknown>, partials: Record<string, string> = {}) {
  const { prompt, diagnostics } = parsePrompt(source);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const env = { partials: async (name: string) => partials[name], workspaceRoots: [], promptDir: undefined };
  const { messages } = await renderPrompt({ ...prompt, input: { ...prompt.input, schema: undefined } }, { input }, env);
  return messages;
}

const head = (schema: string) => `---\ninput:\n  schema:\n${schema}---\n`;

describe('quick fixes', () => {
  it('fix a misspelled key next to a broken line of YAML', () => {
    const source = '---\nmodel: demo/swift\ndescription: so: much\nou‸tptu: {}\n---\n';
    expect(at(source).text('Change to output')).toContain('\noutput: {}\n');
  });

  it('add a missing schema file, with the inputs that the template uses', () => {
    const made = at('---\ninput:\n  schema: Recipe‸Input\noutput:\n  schema: Recipe\n---\n{{dish}} for {{guests}}');
    const { action } = made.take('Add schemas/RecipeInput.yaml');
    expect(action).toMatchObject({ edits: [], preferred: true });
    expect(action.create).toEqual({ path: '/w/schemas/RecipeInput.yaml', text: 'dish: string\nguests: string\n' });
    const answer = at('---\noutput:\n  schema: Rec‸ipe\n---\n{{dish}}');
    expect(answer.actions.map(({ title }) => title)).toEqual(['Add schemas/Recipe.yaml']);
    expect(answer.take(/^Add/).action.create?.text).toBe('answer: string, the answer\n');
  });

  it('change a field’s type to any if only a program knows its schema', () => {
    const source = head('    who?: Per‸son, who asks\n');
    expect(at(`${source}{{who}}`).text('Change to any')).toContain('    who?: any, who asks\n');
    expect(at(`${source}{{who}}`, { exists: () => true }).actions.map(({ title }) => title)).not.toContain(
      'Add schemas/Person.yaml',
    );
  });

  it('qualify a field that has the name of a helper', () => {
    const source = '---\nmodel: demo/swift\n---\n{{#each history}}{{ro‸le}}: {{content}}{{/each}}';
    expect(at(source).text('Change to this.role')).toContain('{{#each history}}{{this.role}}: {{content}}{{/each}}');
  });

  it('move Genkit’s keys out of config', () => {
    expect(at('---\nconfig:\n  tool‸Choice: required\n---\n').text(/^Move toolChoice/)).toContain(
      '\ntoolChoice: required\n',
    );
  });

  it('declare a variable below the others, with the type of its use', () => {
    const source = head('    name: string # who\n');
    expect(at(`${source}{{name}} {{#each i‸tems}}{{this}}{{/each}}`).text(/^Declare items/)).toBe(
      `${head('    name: string # who\n    items(array): any\n')}{{name}} {{#each items}}{{this}}{{/each}}`,
    );
    expect(at(`${source}{{name}}{{#if ur‸gent}}!{{/if}}`).text(/^Declare urgent/)).toContain('    urgent: boolean\n');
  });

  it('declare a variable with the type in the dataset', () => {
    const actions = at(`${head('    name: string\n')}{{name}} {{a‸ge}}`, { examples: [{ age: 41 }] });
    expect(actions.text(/^Declare age/)).toContain('    age: integer\n');
  });

  it('declare lists and maps with the fields that the template reads, or that the rows have', () => {
    const source = `${head('    name: string\n')}{{name}}{{#each it‸ems}}{{title}} {{this.size.wide}}{{#if sold}}x{{/if}}{{/each}}{{items.length}}`;
    const text = at(source).text('Declare items in the schema (list)');
    expect(text).toContain(
      '    name: string\n    items(array):\n      title: string\n      size(object):\n        wide: string\n      sold: boolean\n---',
    );
    expect(checkPrompt(text)).toEqual([]);
    const rows = [{ items: [{ title: 'a', n: 1 }] }, { items: [{ title: 'b' }] }, { other: 1 }];
    expect(at(source, { examples: rows }).text(/^Declare items/)).toContain(
      '    items(array):\n      title: string\n      n?: integer\n---',
    );
    const json =
      '---\ninput:\n  schema: {type: object, additionalProperties: false, properties: {name: {type: string}}}\n---\n{{name}}{{#each it‸ems}}{{title}}{{/each}}';
    const { schema } = parsePrompt(at(json).text(/^Declare items/)).prompt.input;
    expect(schema).toMatchObject({ properties: { items: { type: 'array', items: { type: 'object' } } } });
    expect(
      at(`${head('    name: string\n')}{{name}}{{#ifEquals a‸ge 3}}x{{/ifEquals}}`).text(/^Declare age/),
    ).toContain('age: number');
  });

  it('declare a variable in a one-line schema', () => {
    const text = at('---\ninput: {schema: {name: string}}\n---\n{{name}} {{a‸ge}}').text(/^Declare age/);
    expect(parsePrompt(text).prompt.input.schema?.properties).toHaveProperty('age');
  });

  it('offer the most similar name first', () => {
    const { take } = at(`${head('    question: string\n')}{{question}} {{quest‸on}}`);
    const { action, text } = take('Change to question');
    expect(action.preferred).toBe(true);
    expect(text).toContain('{{question}} {{question}}');
  });

  it('remove unused inputs with their defaults, and keep comments', () => {
    const source = `---\n# mine\ninput:\n  schema:\n    name: string\n    o‸ld: string\n  default:\n    old: x\n---\n{{name}}`;
    expect(at(source).text(/^Remove old/)).toBe('---\n# mine\ninput:\n  schema:\n    name: string\n---\n{{name}}');
  });

  it('correct a key, and move a misplaced one', () => {
    expect(at('---\ndescripton‸: x\n---\nHi').text('Change to description')).toBe('---\ndescription: x\n---\nHi');
    expect(at('---\ntemperature‸: 0.2\n---\nHi').text(/^Move temperature/)).toBe(
      '---\nconfig:\n  temperature: 0.2\n---\nHi',
    );
  });

  it('correct a type and keep its description, and correct a block’s helper in both tags', () => {
    expect(at(`${head('    a: str‸ng, a text, strng\n')}{{a}}`).text('Change to string')).toContain(
      'a: string, a text, strng\n',
    );
    expect(at('{{#if‸f a}}x{{/iff}}').text('Change to if')).toBe('{{#if a}}x{{/if}}');
    expect(at('{{role "sy‸tem"}}x').text('Change to "system"')).toBe('{{role "system"}}x');
    expect(at('{{json x in‸dnt=2}}').text('Change to indent')).toBe('{{json x indent=2}}');
  });

  it('correct a connection and keep its model', () => {
    const workspace = new WorkspaceIndex(() => ['/w']);
    workspace.setModels([], [{ id: 'openai', type: 'openai' }]);
    expect(at('---\nmodel: opena‸i2/gpt-5\n---\nHi', { workspace }).text('Change to openai')).toContain(
      'model: openai/gpt-5',
    );
  });

  it('convert a role block into a marker', async () => {
    const text = at('---\nmodel: a/b\n---\n{{#rol‸e "system"}}\nBe kind.\n{{/role}}\n{{role "user"}}\nHi').text(
      /marker/,
    );
    expect(text).toBe('---\nmodel: a/b\n---\n{{role "system"}}\nBe kind.\n{{role "user"}}\nHi');
    expect((await render(text, {})).map(({ role }) => role)).toEqual(['system', 'user']);
  });

  it('escape literal braces', async () => {
    const text = at('Write {{‸foo bar}} as it is.').text(/^Escape the braces to/);
    expect(await render(text, {})).toMatchObject([{ parts: [{ text: 'Write {{foo bar}} as it is.' }] }]);
  });

  it('add a schema for JSON output', () => {
    const text = at('---\noutput:\n  format: js‸on\n---\nHi').text('Add a schema');
    expect(parsePrompt(text).prompt.output.schema).toBeDefined();
  });
});

describe('rewrites', () => {
  it('wrap a selection in a role, and restore the role of the text after it', async () => {
    const text = at('---\nmodel: a/b\n---\n⟦Be kind.⟧\nHello').text('Wrap in role system');
    expect((await render(text, {})).map(({ role }) => role)).toEqual(['system', 'user']);
    expect(text).toContain('{{role "system"}}\nBe kind.\n{{role "user"}}\nHello');
  });

  it('extract and inline a partial without changing the rendered text', async () => {
    const marked = '---\nmodel: a/b\n---\nFirst\n⟦{{#if a}}\nSign as {{a}}.\n{{/if}}\nBye⟧\nLast';
    const { take, source } = at(marked, { exists: (file) => file === '/w/_extracted.prompt' });
    const { action, text } = take(/^Extract/);
    expect(action.create?.path).toBe('/w/_extracted-2.prompt');
    const partial = action.create?.text ?? '';
    const before = await render(source, { a: 'A' });
    expect(await render(text, { a: 'A' }, { 'extracted-2': partial })).toEqual(before);
    const workspace = new WorkspaceIndex(() => ['/w']);
    workspace.setPrompt('/w/_extracted-2.prompt', partial);
    const inlined = at(text.replace('{{> ', '{{> ‸'), { workspace }).text(/^Inline/);
    expect(inlined).toBe(source);
  });

  it('inline a partial with the arguments of its call, or not at all', async () => {
    const inline = (partial: string, call: string) => {
      const workspace = new WorkspaceIndex(() => ['/w']);
      workspace.setPrompt('/w/_p.prompt', partial);
      const { actions, source } = at(call.replace('{{> ', '{{> ‸'), { workspace });
      const action = actions.find(({ kind }) => kind === 'refactor.inline');
      return action && { source, text: applyEdits(source, action.edits) };
    };
    const partial =
      'Dear {{who}}{{#if team}} of {{team}}{{/if}}, {{#ifEquals team "A"}}first{{/ifEquals}} {{who.age}} {{name}}';
    for (const call of [
      'Hi {{> p who=customer team="A"}}.',
      '{{#each list as |x|}}{{> p who=x team=@index}}{{/each}}',
      '{{> p who=name team=""}}\nEnd',
    ]) {
      const made = inline(partial, call);
      const input = { customer: { age: 3 }, name: 'N', list: [{ age: 1 }, { age: 2 }] };
      expect(made?.text, call).not.toContain('{{>');
      expect(await render(made?.text ?? '', input)).toEqual(await render(made?.source ?? '', input, { p: partial }));
    }
    for (const [other, call] of [
      ['{{#each xs}}{{../who}}{{/each}}', '{{> p who=name}}'],
      ['{{#with x}}{{who}}{{/with}}', '{{> p who=name}}'],
      ['{{> q}}', '{{> p who=name}}'],
      ['{{who.name}}', '{{> p who="x"}}'],
      ['{{who}}', '{{> p who="{{x}}"}}'],
      ['{{~who}}', '{{> p who=" x"}}'],
      ['{{who}}', '{{> p customer}}'],
    ] as const) {
      expect(inline(other, call), other).toBeUndefined();
    }
  });

  it('keep the line endings of a file', () => {
    const source = '---\r\ninput:\r\n  schema:\r\n    name: string\r\n---\r\n{{name}} {{a‸ge}}';
    expect(at(source).text(/^Declare age/)).toContain('    name: string\r\n    age: string\r\n---');
    const removed = at(
      '---\r\nmodel: a/b\r\ninput:\r\n  schema:\r\n    a: string\r\n    na‸me: string\r\n---\r\n{{a}}',
    ).text(/^Remove/);
    expect(removed.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it.each([
    ['{{> first}}⟦{{> second}}⟧{{> third}}', 'second'],
    ['{{> first}}{{>⟦ second}}⟧', 'second'],
    ['⟦{{> fir⟧st}}{{> second}}', 'first'],
    ['{{!-- {{> none}} --}}{{> first}}‸ and text', 'first'],
    ['{{> first}} an⟦d te⟧xt', undefined],
  ])('ask for the name of the selected call: %s', (marked, name) => {
    const start = marked.search(/⟦|‸/);
    const end = marked.includes('⟧') ? marked.indexOf('⟧') - 1 : start;
    const source = marked.replace(/[⟦⟧‸]/g, '');
    const range = nameOfCall(analyzePrompt(source), { start, end });
    expect(range && source.slice(range.start, range.end)).toBe(name);
  });

  it('do not extract a part of a block, or text that uses names from outside', () => {
    const titles = (marked: string) => at(marked).actions.map(({ kind }) => kind);
    expect(titles('{{#if a}}x⟦y{{/if}}z⟧')).not.toContain('refactor.extract');
    expect(titles('{{#each a as |x|}}⟦{{x}}⟧{{/each}}')).not.toContain('refactor.extract');
    expect(titles('{{#if a}}⟦text⟧{{/if}}')).toContain('refactor.extract');
  });

  it('convert Python’s placeholders into this format', () => {
    const { text } = at('Hi {na‸me}, {{kept}} of {place} and {"json": 1} ${shell}');
    expect(text(/^Convert all/)).toBe('Hi {{name}}, {{kept}} of {{place}} and {"json": 1} ${shell}');
  });

  it('create a schema from a JSON example', () => {
    const text = at('Like ⟦{"name": "Ann", "tags": ["a"]}⟧').text('Add the output schema from this JSON example');
    const { prompt, diagnostics } = parsePrompt(text);
    expect(diagnostics).toEqual([]);
    expect(prompt.output.format).toBe('json');
    expect(prompt.output.schema?.properties).toMatchObject({ name: { type: 'string' }, tags: { type: 'array' } });
    expect(text.endsWith('Like {"name": "Ann", "tags": ["a"]}')).toBe(true);
  });

  it('escape a selection', async () => {
    const text = at('Write ⟦{{a}} and {{#if}}⟧ here').text('Escape the braces in the selection');
    expect(await render(text, {})).toMatchObject([{ parts: [{ text: 'Write {{a}} and {{#if}} here' }] }]);
  });

  it('are not offered in plain text without a selection', () => {
    expect(at('Just ‸text').actions).toEqual([]);
  });
});

it('produce edits inside the file for any text', () => {
  const pieces = [
    '---\n',
    'input:\n  schema:\n    a: string\n',
    'temperature: 1\n',
    '{{#if a}}',
    '{{/if}}',
    '{{b}}',
    '{{#role "x"}}',
  ];
  const more = ['{{/role}}', '{{> p}}', '{c}', '{"k": 1}', '\n', 'text', '{{', '}}', '[', ': ', '{{else}}', '\r\n'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 16 }), fc.nat(), fc.nat(), (parts, a, b) => {
      const source = parts.join('');
      const [start = 0, end = 0] = [a % (source.length + 1), b % (source.length + 1)].sort((x, y) => x - y);
      const diagnostics = checkPrompt(source, { path: PATH });
      const actions = promptActions({
        analyzed: analyzePrompt(source),
        selection: { start, end },
        diagnostics,
        path: PATH,
      });
      for (const { range } of actions.flatMap(({ edits }) => edits)) {
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThanOrEqual(source.length);
      }
    }),
    { numRuns: 400 },
  );
});
