import { describe, expect, it } from 'vitest';
import type { FileReader } from '../../../src/core/base/ports.ts';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { WorkspaceIndex } from '../../../src/core/language/workspace/workspace-index.ts';
import { loadPrompt } from '../../../src/core/prompts/load-prompt.ts';
import { isSchemaFile } from '../../../src/core/prompts/schema/named-schemas.ts';

type Texts = Record<string, string>;

function filesOf(texts: Texts): FileReader {
  return {
    readText: async (file) => texts[file] ?? '',
    readBytes: async () => new Uint8Array(),
    realPath: async (file) => file,
    exists: async (file) => file in texts,
  };
}

const source = (type: string) => `---\ninput:\n  schema:\n    who: ${type}\n---\n{{who.name}}`;

/** What the run and the check report for a prompt that names a type. */
async function both(type: string, texts: Texts, { file = '/w/a/x.prompt', root = '/w' as string | undefined } = {}) {
  const index = new WorkspaceIndex(() => (root === undefined ? [] : [root]));
  for (const [path, text] of Object.entries(texts)) if (isSchemaFile(path)) index.setSchema(path, text);
  const run = await loadPrompt(source(type), { path: file, root, files: filesOf(texts) });
  const messages = (found: { code: string; message: string }[]) =>
    found.filter(({ code }) => code === 'picoschema' || code === 'schema-in-code').map(({ message }) => message);
  const checked = messages(checkPrompt(source(type), { path: file, workspace: index }));
  return { run: messages(run.diagnostics), checked, schema: run.prompt.input.schema, index };
}

describe('the schema that a name means', () => {
  it('is the nearest for the check as for the run, wherever the files are', async () => {
    const folders = ['/', '/w', '/w/a', '/w/b', '/w/a/deep'];
    const kinds = ['yaml', 'yml', 'json'];
    for (let bits = 0; bits < 1 << folders.length; bits += 1) {
      for (const root of ['/w', undefined]) {
        const here = folders.filter((_folder, at) => bits & (1 << at));
        const texts = Object.fromEntries(
          here.map((folder, at) => [
            `${folder.replace(/\/$/, '')}/schemas/Who.${kinds[at % 3]}`,
            `{"f${folder.length}": "string"}`,
          ]),
        );
        const { run, checked, schema, index } = await both('Who', texts, { root });
        expect(checked, `${here} ${root}`).toEqual(run);
        const found = index.schema('Who', '/w/a/x.prompt');
        expect(run.length === 0 ? schema?.properties : {}, `${here}`).toEqual(found ? { who: found } : {});
      }
    }
  });

  it('is not in a sibling folder, where a run would not find it', async () => {
    const { run, checked, index } = await both('Who', { '/w/b/schemas/Who.yaml': 'name: string' });
    expect(checked).toEqual(run);
    expect(checked[0]).toMatch(/^No file defines the schema `Who`: it may be registered in code\./);
    expect(index.schemaNames('/w/a/x.prompt')).toEqual([]);
    expect(index.schemaNames('/w/b/x.prompt')).toEqual(['Who']);
  });

  it('may refer to others, and a cycle is reported', async () => {
    const texts = { '/w/schemas/Who.yaml': 'home: Place', '/w/schemas/Place.yaml': 'city: string' };
    const { run, checked, schema } = await both('Who', texts);
    expect([run, checked]).toEqual([[], []]);
    expect(schema).toMatchObject({ properties: { who: { properties: { home: { properties: { city: {} } } } } } });
    const circle = await both('Who', { ...texts, '/w/schemas/Place.yaml': 'owner: Who' });
    expect(circle.checked).toEqual(circle.run);
    expect(circle.run[0]).toMatch(/refers to itself/);
  });

  it('reports the problems in its file', async () => {
    for (const [text, said] of [
      ['name: [', /Who\.yaml cannot be read/],
      ['- a', /must contain a map/],
      ['age: nmber', /Who\.yaml has an error at `age`: Unknown type `nmber`/],
    ] as const) {
      const { run, checked } = await both('Who', { '/w/schemas/Who.yaml': text });
      expect(checked).toEqual(run);
      expect(run[0]).toMatch(said);
    }
  });

  it('changes the check of the prompts that use it, even through another schema', () => {
    const index = new WorkspaceIndex(() => ['/w']);
    index.setPrompt('/w/a.prompt', source('Who'));
    index.setPrompt('/w/b.prompt', source('string'));
    expect(index.setSchema('/w/schemas/Who.yaml', 'home: Place')).toEqual(['/w/a.prompt']);
    expect(index.setSchema('/w/schemas/Place.yaml', 'city: string')).toEqual(['/w/a.prompt']);
    expect(index.setSchema('/w/schemas/Place.yaml', undefined)).toEqual(['/w/a.prompt']);
  });

  it('is searched up to the innermost root that contains the prompt', () => {
    const index = new WorkspaceIndex(() => ['/w', '/w/inner']);
    index.setSchema('/w/schemas/Who.yaml', 'name: string');
    expect(index.schemaPath('Who', '/w/a.prompt')).toBe('/w/schemas/Who.yaml');
    expect(index.schemaPath('Who', '/w/inner/a.prompt')).toBeUndefined();
  });
});
