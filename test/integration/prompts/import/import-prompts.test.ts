import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPrompt } from '../../../../src/core/language/diagnostics/check-prompt.ts';
import { detectFormat, importPrompts } from '../../../../src/core/prompts/import/import-prompts.ts';
import { writeImports } from '../../../../src/core/prompts/import/write-imports.ts';
import { FIXTURES, importFixture, render } from './import-fixture.ts';

const files = readdirSync(FIXTURES, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

async function importText(file: string, text: string) {
  const { prompts, notes } = await importPrompts(file, text);
  return { text: prompts[0]?.text ?? '', notes };
}

describe.each(files)('the import of %s', (file) => {
  it('creates prompts that parse without diagnostics and render', async () => {
    const { prompts } = await importFixture(file);
    expect(prompts.length).toBeGreaterThan(0);
    for (const { text } of prompts) expect(await render(text)).not.toEqual([]);
  });

  it('creates prompts that pass every check', async () => {
    const { prompts } = await importFixture(file);
    // Diagnostics about the request itself were true before: a variable in the system role, an unsupported parameter.
    const old = ['system-variable', 'config-parameter'];
    const found = prompts.flatMap(({ name, text }) => checkPrompt(text, { path: `/w/${name}.prompt` }));
    expect(found.filter(({ code }) => !old.includes(code))).toEqual([]);
  });

  it('is unchanged', async () => {
    const { prompts, notes } = await importFixture(file);
    const all = [...prompts.map(({ name, text }) => `=== ${name}.prompt\n${text}`), '=== notes', ...notes].join('\n');
    await expect(`${all}\n`).toMatchFileSnapshot(path.join(FIXTURES, 'expected', `${file}.txt`));
  });
});

describe('the text of a template', () => {
  it('keeps every literal character of a chat message, for any content', async () => {
    const nasty = 'a \\{{ b {{{ c {{{{ 4 }} \\\\{{#if x}} {{!-- y --}} \\ {"k": {"v": 1}}';
    const { text } = await importText('chat.json', JSON.stringify([{ role: 'user', content: nasty }]));
    expect(await render(text)).toEqual([{ role: 'user', text: nasty }]);
  });

  it('keeps any text unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('{', '}', '\\', 'x', ' ', '\n', '#', '!', '-', '"'), { maxLength: 14 }),
        async (letters) => {
          const content = `<${letters.join('')}>`;
          fc.pre(!/\{\{\s*[A-Za-z_]|\{[A-Za-z_]/.test(content));
          const { text } = await importText('chat.json', JSON.stringify([{ role: 'user', content }]));
          expect(await render(text)).toEqual([{ role: 'user', text: content }]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads Python’s fields and doubled braces like str.format', async () => {
    const { text } = await importText('a.txt', 'Hi {name}, {{"a": {age}}} {{{age}}} and \\{name}');
    expect(await render(text, { name: 'Ann', age: '7' })).toEqual([
      { role: 'user', text: 'Hi Ann, {"a": 7} {7} and \\Ann' },
    ]);
  });

  it('reads an input from inside a loop, and a variable with the name of a helper', async () => {
    const source =
      '---\nname: a\n---\nuser:\n{% for row in rows %}{{ loop.index0 }}:{{ row }}/{{ unit }}/{{ role }};{% endfor %}';
    const { text } = await importText('a.prompty', source);
    const messages = await render(text, { rows: ['x', 'y'], unit: 'kg', role: 'r' });
    expect(messages).toEqual([{ role: 'user', text: '0:x/kg/r;1:y/kg/r;' }]);
  });
});

describe('an import', () => {
  it('reports what could not be imported', async () => {
    const { notes } = await importFixture('promptfooconfig.yaml');
    expect(notes.join('\n')).toContain('The prompt function prompts/generate.py:build is not supported');
  });

  it('never contains a key', async () => {
    for (const file of files) {
      const { prompts } = await importFixture(file);
      expect(JSON.stringify(prompts)).not.toMatch(/sk-not-carried|API_KEY/);
    }
  });

  it('reports the detected format if a file contains no prompt', async () => {
    await expect(importPrompts('empty.json', '{"version": 2}')).rejects.toMatchObject({
      code: 'usage',
      message: 'No prompt was found in empty.json (read as langchain).',
    });
  });

  it('reads any input without unexpected errors', async () => {
    const words = [
      '{',
      '}',
      '{{',
      '}}',
      '{%',
      '%}',
      ' for x in ',
      'if',
      'a',
      '"',
      "'",
      '`',
      '\n',
      'PROMPT = ',
      '[',
      ']',
      '(',
      ')',
      ':',
      ',',
      '+',
      '\\',
      'messages.create(',
    ];
    const names = fc.constantFrom('a.py', 'a.ts', 'a.json', 'a.yaml', 'a.prompty', 'a.txt');
    await fc.assert(
      fc.asyncProperty(names, fc.array(fc.constantFrom(...words), { maxLength: 30 }), async (name, parts) => {
        const result = await importPrompts(name, parts.join('')).catch((error: { code?: string }) => error);
        if ('prompts' in result) expect(result.prompts.length).toBeGreaterThan(0);
        else expect(result).toMatchObject({ code: 'usage' });
      }),
      { numRuns: 400 },
    );
  });

  it('detects each format by its name or its keys', () => {
    const formats = files.map((file) => [file, detectFormat(file, readFileSync(path.join(FIXTURES, file), 'utf8'))]);
    expect(Object.fromEntries(formats)).toMatchObject({
      'basic-v1.prompty': 'prompty',
      'promptfooconfig.yaml': 'promptfoo',
      'chat-request.json': 'openai',
      'service.py': 'source',
      'article.txt': 'format',
      'langchain-few-shot.yaml': 'langchain',
      'mlflow-summary.txt': 'mlflow',
      'mlflow-chat.json': 'mlflow',
      'langfuse-chat.json': 'langfuse',
    });
  });
});

describe('writing imported prompts', () => {
  const prompts = [
    { name: 'a', text: 'one' },
    { name: 'a', text: 'two' },
  ];

  it('never overwrites: an existing name gets a number', async () => {
    const folder = new Map([[path.join('out', 'a.prompt'), 'mine']]);
    const port = {
      exists: async (file: string) => folder.has(file),
      create: async (file: string, text: string) => void folder.set(file, text),
    };
    const written = await writeImports(prompts, 'out', { port });
    expect(written).toEqual([path.join('out', 'a-2.prompt'), path.join('out', 'a-3.prompt')]);
    expect([...folder.values()]).toEqual(['mine', 'one', 'two']);
  });

  it('writes nothing in a dry run, and reports the same names', async () => {
    const create = async () => expect.unreachable();
    const written = await writeImports(prompts, 'out', { port: { exists: async () => false, create }, dryRun: true });
    expect(written).toEqual([path.join('out', 'a.prompt'), path.join('out', 'a-2.prompt')]);
  });
});
