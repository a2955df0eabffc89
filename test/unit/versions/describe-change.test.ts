import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeChange, type VersionText } from '../../../src/core/versions/describe/describe-change.ts';

const HEAD = `---
model: demo/swift
config:
  temperature: 0.2
input:
  schema:
    age: integer, in years
    plan(enum, what is paid for): [Basic, Gold]
  default:
    age: 42
output:
  schema:
    risk: string
---
`;
const BODY = '{{role "system"}}\nBe brief.\nBe exact.\n\n{{role "user"}}\nAge {{age}}, plan {{plan}}\n';

const version = (source: string, partials: Record<string, string> = {}): VersionText => ({
  source,
  partials: Object.entries(partials).map(([name, text]) => ({ name, text })),
});
const words = (before: string, after: string) =>
  describeChange(version(before), version(after)).map(({ text }) => text);
const edited = (from: string, to: string) => {
  const whole = HEAD + BODY;
  expect(whole).toContain(from);
  return words(whole, whole.replace(from, to));
};

test('nothing is reported for equal versions, with any line endings', () => {
  expect(words(HEAD + BODY, HEAD + BODY)).toEqual([]);
  expect(words(HEAD + BODY, (HEAD + BODY).replaceAll('\n', '\r\n'))).toEqual([]);
});

test('parameters are described with both values', () => {
  expect(edited('temperature: 0.2', 'temperature: 0.7')).toEqual(['temperature 0.2 → 0.7']);
  expect(edited('temperature: 0.2', 'topP: 0.9')).toEqual(['removes temperature 0.2', 'adds topP 0.9']);
  expect(edited('model: demo/swift', 'model: demo/balanced')).toEqual(['model demo/swift → demo/balanced']);
});

test('inputs are described by their change', () => {
  expect(edited('    age: integer', '    tenure: integer\n    age: integer')).toEqual(['adds input `tenure`']);
  expect(edited('age: integer, in years', 'years: integer, in years')).toEqual(['renames input `age` to `years`']);
  expect(edited('age: integer', 'age: number')).toEqual(['input `age`: integer → number']);
  expect(edited('age: integer', 'age?: integer')).toEqual(['input `age` is now optional']);
  expect(edited('in years', 'in full years')).toEqual(['description of input `age` changed']);
  expect(edited('[Basic, Gold]', '[Basic, Silver, Gold]')).toEqual(['input `plan` also allows Silver']);
  expect(edited('age: 42', 'age: 43')).toEqual(['default of `age`: 42 → 43']);
});

test('a field with its contents is described once', () => {
  expect(edited('risk: string', 'risk: string\n    who:\n      name: string\n      age: integer')).toEqual([
    'adds output field `who`',
  ]);
});

test('many names are counted', () => {
  const more = ['a', 'b', 'c', 'd', 'e'].map((name) => `    ${name}: string\n`).join('');
  expect(edited('    age: integer', `${more}    age: integer`)).toEqual(['adds inputs `a`, `b`, `c` and 2 more']);
});

test('an output that becomes JSON is described with its fields', () => {
  const plain = HEAD.replace(/output:[\s\S]*?---/, '---');
  expect(words(plain + BODY, HEAD + BODY)).toEqual(['output text → json', 'adds output field `risk`']);
  const formats = (format: string) => `---\nmodel: a/b\noutput:\n  format: ${format}\n---\n${BODY}`;
  expect(words(formats('csv'), formats('jsonl'))).toEqual(['output csv → jsonl']);
  const choice = (line: string) => `---\nmodel: a/b\n${line}---\n${BODY}`;
  expect(words(choice(''), choice('toolChoice: required\n'))).toEqual(['adds toolChoice required']);
});

test('a named schema is described by its name', () => {
  const [before, after] = ['Customer', 'Person'].map((name) => `---\ninput:\n  schema: ${name}\n---\nHi`);
  expect(words(before ?? '', after ?? '')).toEqual(['input schema Customer → Person']);
});

test('tools are described by name', () => {
  const tool = (description: string) => `---\ntoolDefs:\n  - name: look\n    description: ${description}\n---\nHi`;
  expect(words('Hi', tool('Looks'))).toEqual(['adds tool `look`']);
  expect(words(tool('Looks'), tool('Looks twice'))).toEqual(['tool `look` changed']);
});

test('messages are described by role and amount of change', () => {
  expect(edited('Be exact.', 'Be exact.\nName figures.\nNever guess.')).toEqual(['system message: 2 lines added']);
  expect(edited('Be brief.\n', '')).toEqual(['system message: 1 line removed']);
  expect(edited('Be brief.', 'Be short.')).toEqual(['system message: 1 line changed']);
  expect(words(BODY, `${BODY}{{role "model"}}\nAll right.\n`)).toEqual(['adds a model message']);
  expect(words(BODY, BODY.replace('"user"', '"model"'))).toEqual(['user message becomes a model message']);
});

test('of several messages with one role, the changed one is named', () => {
  const turns = (last: string) => `{{role "user"}}\nOne\n{{role "model"}}\nTwo\n{{role "user"}}\n${last}\n`;
  expect(words(turns('Three'), turns('Four'))).toEqual(['second user message: 1 line changed']);
});

test('spaces, blank lines and YAML comments are only formatting', () => {
  expect(edited('Be exact.', '  Be exact.\n\n')).toEqual(['formatting or comments only']);
  expect(edited('model: demo/swift', '# fast\nmodel: "demo/swift"')).toEqual(['formatting or comments only']);
});

test('partials are described by name', () => {
  const before = version(BODY, { old: 'Hi', tone: 'Be kind.' });
  const after = version(BODY, { facts: 'Hi', tone: 'Be kind.\nBe brief.' });
  expect(describeChange(before, after).map(({ text }) => text)).toEqual([
    'adds partial `facts`',
    'no longer uses partial `old`',
    'partial `tone`: 1 line added',
  ]);
});

test('the change with the largest effect on answers is first', () => {
  const after = (HEAD + BODY)
    .replace('model: demo/swift', 'description: Judges.\nmodel: demo/balanced')
    .replace('0.2', '0.3')
    .replace('Be brief.', 'Be short.');
  expect(describeChange(version(HEAD + BODY), version(after)).map(({ kind }) => kind)).toEqual([
    'model',
    'parameter',
    'message',
    'about',
  ]);
});

test('a broken front matter is compared as text', () => {
  expect(edited('temperature: 0.2', 'temperature: [0.2')).toEqual(['front matter, which is broken: 1 line changed']);
});

test('a name cannot leave its backticks', () => {
  const [line] = words(
    '---\ninput:\n  schema:\n    a: string\n---\n',
    '---\ninput:\n  schema:\n    a: string\n    "x` **y**": string\n---\n',
  );
  expect(line).toBe("adds input `x' **y**`");
});

test('any two texts are compared, with a description if and only if they differ', () => {
  const piece = fc.constantFrom(
    '---\n',
    'model: a\n',
    '{{role "system"}}',
    '{{#if x}}',
    '{{/if}}',
    'a: [',
    '\n',
    'word ',
    '`',
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changes = describeChange(version(before), version(after));
      expect(changes.length > 0).toBe(before !== after);
    }),
  );
});
