import { describe, expect, it } from 'vitest';
import { highlightsAt } from '../../../src/core/language/analysis/find-symbol.ts';
import { findDefinition, findReferences } from '../../../src/core/language/navigation/references.ts';
import { callEdits, type Renaming, renameSymbol } from '../../../src/core/language/navigation/rename.ts';
import { datasetNames } from '../../../src/core/language/workspace/dataset-names.ts';
import { makeWorkspace } from './language-workspace.ts';

const MAIN = `---
input:
  schema:
    name?: string, who
    facts(array): string
  default:
    name: Ana
llmops.dataset: data/rows.jsonl
---
{{name}} {{> tone team="x"}} {{> sign}}
{{#each facts as |fact|}}{{fact}} {{@root.name}}{{/each}}`;

const SOURCES = {
  'main.prompt': MAIN,
  'other.prompt': '{{#with x}}{{> sign}}{{/with}}{{> tone team=name}}',
  '_tone.prompt': 'Sign as {{#if team}}{{team}}{{/if}}',
  '_sign.prompt': 'Yours, {{name}}',
  'data/rows.jsonl': '{"name": "Ana", "facts": [{"name": 1}]}\n{"name": "Bo"}\n',
};

const { files } = makeWorkspace(SOURCES);
type File = keyof typeof SOURCES;
const at = (file: File, text: string, plus = 0) => SOURCES[file].indexOf(text) + plus;

/** The files after a rename. */
function apply({ edits }: Renaming): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const { path, range, text } of [...edits].sort((a, b) => b.range.start - a.range.start)) {
    const file = path.replace('/w/', '');
    const source = changed[file] ?? SOURCES[file as File];
    changed[file] = source.slice(0, range.start) + text + source.slice(range.end);
  }
  return changed;
}

describe('a variable', () => {
  it('is renamed in the schema, the defaults, the template, partials that share it, and its dataset', () => {
    const changed = apply(
      renameSymbol(files, { path: '/w/main.prompt', offset: at('main.prompt', '{{name}}', 3) }, 'client'),
    );
    expect(changed['main.prompt']).toContain('    client?: string, who');
    expect(changed['main.prompt']).toContain('    client: Ana');
    expect(changed['main.prompt']).toContain('{{client}} {{> tone');
    expect(changed['main.prompt']).toContain('{{@root.client}}');
    expect(changed['_sign.prompt']).toBe('Yours, {{client}}');
    expect(changed['data/rows.jsonl']).toBe('{"client": "Ana", "facts": [{"name": 1}]}\n{"client": "Bo"}\n');
    expect(changed['other.prompt']).toBeUndefined();
  });

  it('of a partial is renamed with the arguments that pass it, and nothing of the caller', () => {
    const offset = at('_tone.prompt', '{{team}}', 2);
    const changed = apply(renameSymbol(files, { path: '/w/_tone.prompt', offset }, 'group'));
    expect(changed['_tone.prompt']).toBe('Sign as {{#if group}}{{group}}{{/if}}');
    expect(changed['main.prompt']).toContain('{{> tone group="x"}}');
    expect(changed['other.prompt']).toContain('{{> tone group=name}}');
    const fromCall = { path: '/w/main.prompt', offset: at('main.prompt', 'team=', 1) };
    expect(apply(renameSymbol(files, fromCall, 'group'))).toEqual(changed);
  });

  it('is not renamed to an existing name, nor to an invalid one', () => {
    const place = { path: '/w/main.prompt', offset: at('main.prompt', '{{name}}', 3) };
    expect(() => renameSymbol(files, place, 'facts')).toThrow('already has');
    expect(() => renameSymbol(files, place, 'a b')).toThrow('is not a valid name');
    expect(() => renameSymbol(files, place, 'each')).toThrow('helper');
  });

  it('is defined in its schema, also for a partial that shares it', () => {
    const [own] = findDefinition(files, '/w/main.prompt', at('main.prompt', '{{name}}', 3));
    expect(own).toMatchObject({ path: '/w/main.prompt', range: { start: at('main.prompt', 'name?') } });
    const [shared] = findDefinition(files, '/w/_sign.prompt', at('_sign.prompt', 'name', 1));
    expect(shared).toEqual(own);
    const [given] = findDefinition(files, '/w/_tone.prompt', at('_tone.prompt', '{{team}}', 3));
    expect(given?.role).toBe('argument');
  });

  it('of a block exists only inside its block', () => {
    const place = { path: '/w/main.prompt', offset: at('main.prompt', '{{fact}}', 3) };
    expect(apply(renameSymbol(files, place, 'it'))['main.prompt']).toContain('{{#each facts as |it|}}{{it}}');
    expect(findReferences(files, place.path, place.offset)).toHaveLength(2);
  });

  it('is highlighted wherever its file names it', () => {
    const prompt = files.prompt('/w/main.prompt');
    const found = prompt && highlightsAt(prompt, at('main.prompt', '{{name}}', 3));
    expect(found?.map(({ role }) => role)).toEqual(['declaration', 'default', 'read', 'read']);
  });
});

describe('a partial', () => {
  it('is renamed with its file and every call', () => {
    const renaming = renameSymbol(files, { path: '/w/main.prompt', offset: at('main.prompt', 'tone') }, 'voice');
    expect(renaming.files).toEqual([{ from: '/w/_tone.prompt', to: '/w/_voice.prompt' }]);
    const changed = apply(renaming);
    expect(changed['main.prompt']).toContain('{{> voice team="x"}}');
    expect(changed['other.prompt']).toContain('{{> voice team=name}}');
    expect(callEdits(files, '/w/_tone.prompt', 'voice')).toEqual(renaming.edits);
  });

  it('is not renamed to an existing file', () => {
    const place = { path: '/w/main.prompt', offset: at('main.prompt', 'tone') };
    expect(() => renameSymbol(files, place, 'sign')).toThrow('already exists');
  });

  it('leads to its file', () => {
    expect(findDefinition(files, '/w/main.prompt', at('main.prompt', 'tone'))[0]?.path).toBe('/w/_tone.prompt');
    expect(findReferences(files, '/w/main.prompt', at('main.prompt', 'sign'))).toHaveLength(2);
  });
});

describe('the names of a dataset', () => {
  const written = (path: string, text: string) =>
    datasetNames(path, text).map(({ name, range }) => [name, text.slice(range.start, range.end)]);

  it('are a CSV’s header, quoted or not', () => {
    expect(written('a.csv', 'name, "x",age\r\nname,1,2')).toEqual([
      ['name', 'name'],
      ['"x"', '"x"'],
      ['age', 'age'],
    ]);
    expect(written('a.csv', '\ufeff"a, b",c\n')).toEqual([
      ['a, b', 'a, b'],
      ['c', 'c'],
    ]);
  });

  it('are the top-level keys of JSON, even in broken text', () => {
    expect(written('a.json', '[{"a": {"a": 1}, "b": "c:"}, {"a": ')).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['a', 'a'],
    ]);
  });
});
