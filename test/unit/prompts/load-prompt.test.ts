import { describe, expect, it } from 'vitest';
import type { FileReader } from '../../../src/core/base/ports.ts';
import { loadPrompt } from '../../../src/core/prompts/load-prompt.ts';

function filesOf(texts: Record<string, string>): FileReader & { read: string[] } {
  const read: string[] = [];
  return {
    read,
    async readText(file) {
      read.push(file);
      return texts[file] ?? '';
    },
    readBytes: async () => new Uint8Array(),
    realPath: async (file) => file,
    exists: async (file) => file in texts,
  };
}

const load = (schema: string, files: FileReader) => {
  const source = `---\ninput:\n  schema:\n    who: ${schema}\n---\n{{who.name}}`;
  return loadPrompt(source, { path: '/w/prompts/a.prompt', root: '/w', files });
};

describe('a prompt that names a schema', () => {
  it('finds it in the nearest `schemas` folder, in Picoschema or JSON Schema', async () => {
    const files = filesOf({ '/w/schemas/Person.yaml': 'name: string', '/schemas/Person.yaml': 'other: string' });
    const { prompt, diagnostics } = await load('Person, who asks', files);
    expect(diagnostics).toEqual([]);
    expect(prompt.input.schema).toMatchObject({
      properties: { who: { description: 'who asks', properties: { name: { type: 'string' } } } },
    });
    const json = filesOf({ '/w/prompts/schemas/Person.json': '{"type": "object", "properties": {}}' });
    expect((await load('Person', json)).diagnostics).toEqual([]);
  });

  it('reports a name without a file, and does not search above the workspace', async () => {
    const files = filesOf({ '/schemas/Person.yaml': 'name: string' });
    expect((await load('Person', files)).diagnostics.map(({ code }) => code)).toEqual(['schema-in-code']);
    expect((await load('../../etc/passwd', files)).diagnostics.map(({ code }) => code)).toEqual(['picoschema']);
    expect(files.read).toEqual([]);
  });
});
