import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freeName, mediaTag } from '../../../src/core/prompts/render/media-tag.ts';
import { pasteAsSchema } from '../../../src/core/prompts/schema/paste-schema.ts';
import { compilePicoschema } from '../../../src/core/prompts/schema/picoschema.ts';
import { picoschemaFromExample } from '../../../src/core/prompts/schema/schema-from-example.ts';
import { validateInput } from '../../../src/core/prompts/schema/validate-input.ts';

const EXAMPLE = {
  name: 'Ana',
  age: 42,
  score: 0.5,
  tags: ['a'],
  address: { city: 'Porto', zip: null },
  orders: [{ id: 1 }, { id: 2, note: 'late' }],
};

describe('a schema from a JSON example', () => {
  it('detects types, nested objects and lists, and makes missing properties optional', () => {
    expect(picoschemaFromExample(EXAMPLE)).toEqual([
      'name: string',
      'age: integer',
      'score: number',
      'tags(array): string',
      'address(object):',
      '  city: string',
      '  zip?: any',
      'orders(array):',
      '  id: integer',
      '  note?: string',
    ]);
    expect(picoschemaFromExample('text')).toBeUndefined();
  });

  it('compiles, and any example matches it', async () => {
    const name = fc.oneof(fc.stringMatching(/^[a-z_]\w{0,6}$/), fc.string());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      map: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 5 }), async (example) => {
        const { schema, problems } = compilePicoschema(parse((picoschemaFromExample(example) ?? []).join('\n')));
        expect(problems).toEqual([]);
        expect(schema && (await validateInput(schema, example))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a JSON example pasted into the front matter', () => {
  const paste = (source: string, json = '{"a": 1, "b": ["x"]}') => {
    const offset = source.indexOf('|');
    const text = source.replace('|', '');
    return pasteAsSchema(text, offset, { json, frontMatter: { start: 4, end: text.lastIndexOf('---') } });
  };

  it('becomes the fields of a schema, on the key’s line or below it, relative to that line', () => {
    const below = { text: 'a: integer\nb(array): string', preferred: true };
    expect(paste('---\ninput:\n  schema:\n    |\n---\nHi')).toEqual(below);
    const asFarLeft = { text: '  a: integer\n  b(array): string', preferred: true };
    expect(paste('---\ninput:\n  schema:\n  |\n---\nHi')).toEqual(asFarLeft);
    expect(paste('---\ninput:\n  schema:\n|\n---\nHi')?.text.split('\n')[0]).toBe('    a: integer');
    const same = { text: '\n  a: integer\n  b(array): string', preferred: true };
    expect(paste('---\ninput:\n  schema:|\n---\nHi')).toEqual(same);
  });

  it('is only one option under another key', () => {
    expect(paste('---\nllmops.x:\n  |\n---\nHi')?.preferred).toBe(false);
  });

  it('is unchanged in the template, inside a line, and if it is not a JSON object', () => {
    expect(paste('---\nmodel: x\n---\nHi |')).toBeUndefined();
    expect(paste('---\nmodel: |x\n---\nHi')).toBeUndefined();
    expect(paste('---\ninput:\n  schema:\n    |\n---\n', '{"a": 1')).toBeUndefined();
    expect(paste('---\ninput:\n  schema:\n    |\n---\n', '[1')).toBeUndefined();
  });
});

describe('a media tag for a file', () => {
  const place = { promptDir: '/w/prompts', roots: ['/w'] };

  it('has the path from the prompt, and quotes that the name allows', () => {
    expect(mediaTag('/w/images/a b.png', place)).toBe('{{media url="../images/a b.png"}}');
    expect(mediaTag('/w/prompts/say "a".pdf', place)).toBe(`{{media url='say "a".pdf'}}`);
  });

  it('is not created for files outside the workspace, of another kind, or with a name that ends the tag', () => {
    expect(mediaTag('/other/a.png', place)).toBeUndefined();
    expect(mediaTag('/w/a.txt', place)).toBeUndefined();
    expect(mediaTag('/w/a}}b.png', place)).toBeUndefined();
  });

  it('has an unused name for a picture from the clipboard', () => {
    expect(freeName('image.PNG', new Set(['image.png', 'image-2.png']))).toBe('image-3.png');
    expect(freeName('à b!.png', new Set())).toBe('-b-.png');
  });
});
