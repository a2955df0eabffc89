import { describe, expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { highlightsAt } from '../../../src/core/language/analysis/find-symbol.ts';
import { nameUses } from '../../../src/core/language/analysis/name-uses.ts';
import { documentLinks } from '../../../src/core/language/navigation/document-links.ts';
import { hoverAt } from '../../../src/core/language/navigation/hover.ts';
import { findDefinition, findReferences } from '../../../src/core/language/navigation/references.ts';
import { renameSymbol, renameTarget } from '../../../src/core/language/navigation/rename.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';
import { makeWorkspace } from './language-workspace.ts';

type Texts = Record<string, string>;

const MAIN = `---
input:
  schema:
    items(array, what was bought):
      name: string, what it is called
      size?(object):
        wide: number
    customer(object):
      name: string
    urgent: boolean
    name: string
  default:
    customer:
      name: Ana
    items:
      - name: Cup
        size: {wide: 3}
llmops.dataset: rows.jsonl
---
{{name}} {{customer.name}} {{@root.customer.name}} {{items.0.name}} {{items.[1].size.wide}}
{{#each items}}{{this.name}} {{name}} {{./size.wide}} {{../name}} {{@root.name}} {{> row}}{{/each}}
{{#each items as |item|}}{{item.name}} {{name}}{{#with ../customer}}{{name}}{{../name}}{{../../name}}{{/with}}{{/each}}
{{#with customer as |c|}}{{c.name}}{{else}}{{name}}{{/with}}
{{#customer}}{{name}}{{/customer}}{{#urgent}}{{name}}{{/urgent}}
{{> card person=customer}} {{> row items.[0]}}`;

const TEXTS: Texts = {
  'main.prompt': MAIN,
  '_row.prompt': '[{{name}} {{#with size}}{{wide}}{{/with}}]',
  '_card.prompt': '({{person.name}})',
  'rows.jsonl':
    '{"name": "N", "customer": {"name": "C"}, "items": [{"name": "I", "size": {"wide": 1}}, {"name": "J", "size": {"wide": 2}}], "urgent": true}\n',
};

/** The files after all names at a place were renamed. */
function rename(texts: Texts, [file, text, plus]: [string, string, number], newName: string): Texts {
  const { files } = makeWorkspace(texts);
  const offset = (texts[file] ?? '').indexOf(text) + plus;
  const changed = { ...texts };
  const { edits } = renameSymbol(files, { path: `/w/${file}`, offset }, newName);
  for (const { path, range, text: inserted } of edits.toSorted((a, b) => b.range.start - a.range.start)) {
    const source = changed[path.replace('/w/', '')] ?? '';
    changed[path.replace('/w/', '')] = source.slice(0, range.start) + inserted + source.slice(range.end);
  }
  return changed;
}

/** The rendered messages for the first row of the dataset. */
async function render(texts: Texts): Promise<unknown> {
  const { prompt, diagnostics } = parsePrompt(texts['main.prompt'] ?? '');
  expect(diagnostics).toEqual([]);
  const env = { partials: async (name: string) => texts[`_${name}.prompt`], workspaceRoots: [], promptDir: undefined };
  const input = JSON.parse((texts['rows.jsonl'] ?? '{}').split('\n')[0] ?? '{}');
  return (await renderPrompt(prompt, { input }, env)).messages;
}

describe('a field', () => {
  it('has one value in every block, path or partial, so that renaming it does not change the request', async () => {
    const before = await render(TEXTS);
    expect(JSON.stringify(before)).toContain('N C C I 2');
    for (const place of [
      ['main.prompt', 'name: string, what', 1],
      ['main.prompt', 'this.name', 6],
      ['main.prompt', 'item.name', 6],
      ['main.prompt', '- name: Cup', 3],
      ['_row.prompt', 'name', 1],
    ] as [string, string, number][]) {
      const after = rename(TEXTS, place, 'title');
      expect(after['main.prompt'], String(place)).toContain(
        '{{#each items}}{{this.title}} {{title}} {{./size.wide}} {{../name}} {{@root.name}}',
      );
      expect(after['main.prompt']).toContain('{{items.0.title}}');
      expect(after['main.prompt']).toContain('{{name}}{{../title}}{{../../name}}{{/with}}');
      expect(after['main.prompt']).toContain('{{c.name}}{{else}}{{name}}{{/with}}');
      expect(after['_row.prompt']).toBe('[{{title}} {{#with size}}{{wide}}{{/with}}]');
      expect(after['rows.jsonl']).toContain('"items": [{"title": "I"');
      expect(await render(after)).toEqual(before);
    }
  });

  it.each([
    ['a field of an object', ['main.prompt', 'customer.name', 10], 'label', 'person.label'],
    ['a nested field', ['_row.prompt', 'wide', 1], 'breadth', 'person.name'],
    ['the list itself', ['main.prompt', '#each items', 8], 'goods', 'person.name'],
    ['the variable of the same name', ['main.prompt', '{{name}}', 3], 'label', 'person.name'],
    ['an argument', ['main.prompt', 'person=', 2], 'who', 'who.name'],
  ] as [string, [string, string, number], string, string][])(
    'is distinguished from others with its name: renaming %s does not change the request',
    async (_what, place, newName, card) => {
      const after = rename(TEXTS, place, newName);
      expect(await render(after)).toEqual(await render(TEXTS));
      expect(after['_card.prompt']).toBe(`({{${card}}})`);
      expect(after).not.toEqual(TEXTS);
    },
  );

  it('of JSON Schema is renamed in `required` too', () => {
    const schema =
      '{type: object, required: [customer], properties: {customer: {type: object, required: ["name"], properties: {name: {type: string}}}}}';
    const texts = { 'main.prompt': `---\ninput:\n  schema: ${schema}\n---\n{{customer.name}}` };
    const after = rename(
      rename(texts, ['main.prompt', '.name', 2], 'label'),
      ['main.prompt', '{{customer', 3],
      'client',
    );
    expect(after['main.prompt']).toBe(
      texts['main.prompt'].replaceAll('customer', 'client').replaceAll('name', 'label'),
    );
  });

  it('is renamed in a recursive partial, for the elements below', () => {
    const texts = {
      'main.prompt': '{{#with tree}}{{> node}}{{/with}}',
      '_node.prompt': '{{name}}{{#each children}}{{> node}}{{/each}}',
      'other.prompt': '{{#each tree.children}}{{name}}{{/each}}',
    };
    const after = rename(texts, ['_node.prompt', 'name', 1], 'title');
    expect(after['_node.prompt']).toBe('{{title}}{{#each children}}{{> node}}{{/each}}');
    expect(after['other.prompt']).toBe(texts['other.prompt']);
  });

  it('is not renamed to an existing field, a name of a block, or a reserved word', () => {
    const to = (name: string) => () => rename(TEXTS, ['main.prompt', 'this.name', 6], name);
    expect(to('size')).toThrow('already has `size`');
    expect(to('item')).toThrow('A block in /w/main.prompt already defines `item`');
    expect(to('else')).toThrow('is not a valid name');
    expect(to('true')).toThrow('is not a valid name');
    expect(to('customer')).not.toThrow();
  });

  it('leads to its declaration in the schema, from a partial too, and is highlighted wherever it is read', () => {
    const { files } = makeWorkspace(TEXTS);
    const declared = MAIN.indexOf('name: string, what');
    for (const [file, text, plus] of [
      ['main.prompt', 'this.name', 6],
      ['main.prompt', 'item.name', 6],
      ['main.prompt', '{{../name}}{{../../', 6],
      ['_row.prompt', 'name', 1],
    ] as const) {
      const found = findDefinition(files, `/w/${file}`, (TEXTS[file] ?? '').indexOf(text) + plus);
      expect(found, text).toMatchObject([{ path: '/w/main.prompt', range: { start: declared } }]);
    }
    const marks = highlightsAt(analyzePrompt(MAIN), MAIN.indexOf('this.name') + 6);
    expect(marks.map(({ range }) => MAIN.slice(range.start - 2, range.end))).toEqual([
      '  name',
      '- name',
      '0.name',
      's.name',
      '{{name',
      'm.name',
      '{{name',
      './name',
    ]);
    const all = findReferences(files, '/w/main.prompt', MAIN.indexOf('wide: number') + 1);
    expect(all.map(({ path }) => path.replace('/w/', '')).sort()).toEqual([
      '_row.prompt',
      'main.prompt',
      'main.prompt',
      'main.prompt',
      'main.prompt',
      'rows.jsonl',
      'rows.jsonl',
    ]);
  });

  it('shows its type and its parent', async () => {
    const hover = await hoverAt(analyzePrompt(MAIN), MAIN.indexOf('this.name') + 6);
    expect(hover?.parts.map((part) => part.text).join('\n')).toMatch(
      /name: string\nwhat it is called\nA field of items\.\nUsed 6 times/,
    );
  });

  it('is unknown if the list of a block is unknown', () => {
    const prompt = analyzePrompt('{{#each (lookup all @index)}}{{name}}{{/each}}{{@metadata.docs.text}}');
    expect(nameUses(prompt).uses.map(({ names }) => names.join('.'))).toEqual(['all']);
    expect(renameTarget(prompt, prompt.tree.source.indexOf('name') + 1)).toBeUndefined();
  });

  it('of a map in a loop has no path, since the keys of its values are in between', () => {
    const prompt = analyzePrompt(
      '---\ninput:\n  schema:\n    plans(object):\n      (*): any\n---\n{{#each plans}}{{price}}{{/each}}',
    );
    expect(nameUses(prompt).uses.map(({ names }) => names.join('.'))).toEqual(['plans']);
  });
});

describe('a named schema', () => {
  const texts = {
    'a/main.prompt': `---
input:
  schema:
    who: "Person, who asks"
    all(array): Person
    mood(enum): [Person, bad]
output:
  schema: Answer
toolDefs:
  - name: find
    inputSchema:
      target?: Person
---
{{who.name}}`,
    'b/other.prompt': '---\ninput:\n  schema: Person\n---\n{{name}}',
    'schemas/Person.yaml': 'name: string\nhome: Place\n',
    'schemas/Place.yaml': 'owner: string\n',
    'schemas/Answer.json': '{"type": "object", "properties": {"by": {"type": "Person"}}}',
    'b/schemas/Person.yaml': 'name: string\n',
  };
  const main = texts['a/main.prompt'];
  const { files, index } = makeWorkspace(texts);
  const at = (text: string, plus = 1) => main.indexOf(text) + plus;

  it('leads to its file, and to every place that names it', () => {
    for (const place of ['Person, who', 'Person\n    mood', 'Person\n---']) {
      expect(findDefinition(files, '/w/a/main.prompt', at(place))).toMatchObject([{ path: '/w/schemas/Person.yaml' }]);
    }
    expect(findDefinition(files, '/w/a/main.prompt', at('Answer'))).toMatchObject([{ path: '/w/schemas/Answer.json' }]);
    expect(findDefinition(files, '/w/b/other.prompt', 22)).toMatchObject([{ path: '/w/b/schemas/Person.yaml' }]);
    expect(findDefinition(files, '/w/a/main.prompt', at('[Person', 2))).toEqual([]);
    const found = findReferences(files, '/w/a/main.prompt', at('Person, who'));
    expect(found.map(({ path, range }) => [path, main.slice(range.start, range.end)])).toEqual([
      ['/w/a/main.prompt', 'Person'],
      ['/w/a/main.prompt', 'Person'],
      ['/w/a/main.prompt', 'Person'],
    ]);
    const place = texts['schemas/Person.yaml'];
    const source = '---\ninput:\n  schema:\n    at: Place\n---\n{{at.owner}}';
    const more = makeWorkspace({ ...texts, 'x.prompt': source });
    const inSchema = findReferences(more.files, '/w/x.prompt', source.indexOf('Place'));
    expect(inSchema.map(({ path }) => path).sort()).toEqual(['/w/schemas/Person.yaml', '/w/x.prompt']);
    expect(inSchema.map(({ range }) => place.slice(range.start, range.end))).toContain('Place');
  });

  it('is a link, and shows what it compiles to', async () => {
    const links = documentLinks(analyzePrompt(main)).map(({ range, target }) => [
      main.slice(range.start, range.end),
      target.kind,
    ]);
    expect(links).toEqual([
      ['Person', 'schema'],
      ['Person', 'schema'],
      ['Answer', 'schema'],
      ['Person', 'schema'],
    ]);
    const context = { path: '/w/a/main.prompt', workspace: index };
    const hover = await hoverAt(analyzePrompt(main), at('Person, who'), context);
    const shown = hover?.parts.map((part) => part.text).join('\n') ?? '';
    expect(shown).toContain('/w/schemas/Person.yaml');
    expect(shown).toContain('"owner"');
    const shownPath = (file: string) => file.replace('/w/', '');
    const relative = await hoverAt(analyzePrompt(main), at('Person, who'), { ...context, shownPath });
    expect(relative?.parts[0]?.text.split('\n')[0]).toBe('schemas/Person.yaml');
  });
});
