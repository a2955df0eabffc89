import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SNIPPETS } from '../../../src/core/language/completion/snippets.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { createTokenizer, type Token } from './tokenize.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FIXTURES = join(ROOT, 'test/fixtures/grammar');

let tokenize: (text: string) => Token[][];
beforeAll(async () => {
  tokenize = await createTokenizer();
});

/** The innermost scope of the first token with this text, without the language suffix. */
function scopeOf(source: string, text: string): string {
  const token = tokenize(source)
    .flat()
    .find((candidate) => candidate.text.trim() === text);
  if (!token) throw new Error(`No token is ${text}.`);
  return token.scopes.at(-1)?.replace(/\.(handlebars|dotprompt|markdown|yaml|html)$/, '') ?? '';
}

/** One line of text, then one line for each token with a scope: the covered text and the innermost scope. */
function paint(source: string): string {
  const lines = tokenize(source).map((tokens) => {
    const text = tokens.map((token) => token.text).join('');
    const scoped = tokens.filter((token) => token.scopes.length > 0);
    return [`>${text}`, ...scoped.map((token) => `  ${JSON.stringify(token.text)} ${token.scopes.at(-1)}`)].join('\n');
  });
  return `${lines.join('\n')}\n`;
}

describe('the grammar', () => {
  // `vitest run test/unit/grammar --update` writes the files again; review the diff.
  for (const name of ['whole', 'markdown', 'edges', 'header', 'heading']) {
    it(`highlights ${name}.prompt as in its golden file`, async () => {
      const source = readFileSync(join(FIXTURES, `${name}.prompt`), 'utf8');
      await expect(paint(source)).toMatchFileSnapshot(join(FIXTURES, `${name}.tokens`));
    });
  }

  it('embeds YAML in the front matter, and only there', () => {
    const source = '---\nmodel: demo/quick\ndescription: |\n  long\n---\nmodel: text';
    const lines = tokenize(source);
    expect(lines[1]?.[0]?.scopes).toContain('meta.embedded.block.frontmatter');
    expect(scopeOf(source, 'demo/quick')).toMatch(/^string\.unquoted/);
    expect(lines[4]?.[0]?.scopes).toEqual(['punctuation.definition.frontmatter.end.dotprompt']);
    expect(lines[5]).toEqual([{ text: 'model: text', scopes: [] }]);
    expect(tokenize('---\n---\nx: y')[2]?.[0]?.scopes).toEqual([]);
    expect(tokenize('text\n---\nx: y\n---')[2]?.[0]?.scopes).toEqual([]);
  });

  it('treats adjacent quotes as a string, so that VS Code does not auto-close another quote', () => {
    const scopes = (source: string, line: number) => tokenize(source)[line]?.map((token) => token.scopes.at(-1));
    expect(scopes('"""\n{{text}}\n"""', 2)).toEqual(['punctuation.definition.string.quotes.dotprompt']);
    expect(scopes('Say "hi" to', 0)).toEqual([undefined]);
  });

  it('distinguishes helpers, blocks, partials, variables and literals', () => {
    const source =
      '{{#each items as |item|}}{{json item indent=2}}{{@index}}{{> _tone mood="calm" loud=true}}{{/each}}';
    expect(scopeOf(source, 'each')).toBe('keyword.control.block');
    expect(scopeOf(source, 'items')).toBe('variable.other');
    expect(scopeOf(source, 'json')).toBe('support.function.helper');
    expect(scopeOf(source, 'indent')).toBe('entity.other.attribute-name');
    expect(scopeOf(source, '2')).toBe('constant.numeric');
    expect(scopeOf(source, '@index')).toBe('variable.language');
    expect(scopeOf(source, '_tone')).toBe('entity.name.function.partial');
    expect(scopeOf(source, 'calm')).toBe('string.quoted.double');
    expect(scopeOf(source, 'true')).toBe('constant.language');
  });

  it('marks roles in both forms', () => {
    expect(scopeOf('{{role "system"}}', '"system"')).toBe('entity.name.section.role');
    expect(scopeOf('<<<dotprompt:role:system>>>', 'system')).toBe('entity.name.section.role');
    expect(scopeOf('{{history}}', 'history')).toBe('keyword.control.role');
  });

  it('ends an unfinished expression with its line only if braces close it', () => {
    expect(scopeOf('{{json "open}} after', 'after')).toBe('');
    expect(scopeOf('{{foo (bar}} after', 'after')).toBe('');
  });

  it('has tokens for every line of the sample prompts', () => {
    const sample = readFileSync(join(ROOT, 'media/sample-workspace/prompts/churn-analysis.prompt'), 'utf8');
    const text = tokenize(sample).map((tokens) => tokens.map((token) => token.text).join(''));
    expect(text.join('\n')).toBe(sample.replaceAll('\r\n', '\n'));
  });
});

describe('the language configuration and the snippets', () => {
  const readJson = (name: string) =>
    JSON.parse(readFileSync(join(ROOT, 'syntaxes', name), 'utf8')) as Record<string, unknown>;

  it('uses comments that are never sent', () => {
    expect(readJson('language-configuration.json').comments).toEqual({ blockComment: ['{{!--', '--}}'] });
  });

  it('defines no regions, which the minimap would show as headings', () => {
    expect(readJson('language-configuration.json')).not.toHaveProperty('folding');
  });

  it('has patterns that are valid regular expressions', () => {
    const text = readFileSync(join(ROOT, 'syntaxes/language-configuration.json'), 'utf8');
    const patterns = [...text.matchAll(/"(?:pattern|\w+Pattern|start|end|beforeText)": ("(?:[^"\\]|\\.)*")/g)];
    expect(patterns).toHaveLength(2);
    for (const [, pattern] of patterns)
      expect(() => new RegExp(JSON.parse(pattern ?? '""') as string, 'u')).not.toThrow();
  });

  it('counts letters of every script as words, and no braces', () => {
    // without its flag VS Code reads `\p{L}` as the characters p, {, L and }
    const { wordPattern } = readJson('language-configuration.json') as {
      wordPattern: { pattern: string; flags: string };
    };
    const words = (text: string) => text.match(new RegExp(wordPattern.pattern, `${wordPattern.flags}g`));
    expect(words('{{customer_name}} größer, не-то {@index} 0.5')).toEqual([
      'customer_name',
      'größer',
      'не-то',
      '@index',
      '0.5',
    ]);
  });

  it('auto-closes single characters only, since VS Code does not type over several auto-closed ones', () => {
    const { autoClosingPairs } = readJson('language-configuration.json') as {
      autoClosingPairs: ([string, string] | { open: string; close: string })[];
    };
    const pairs = autoClosingPairs.map((pair) => (Array.isArray(pair) ? pair : [pair.open, pair.close]));
    expect(pairs).toEqual([
      ['{', '}'],
      ['[', ']'],
      ['(', ')'],
      ['"', '"'],
    ]);
  });

  it('surrounds a selection with backticks too, and matches the braces of tags', () => {
    const { surroundingPairs, brackets, colorizedBracketPairs } = readJson('language-configuration.json');
    expect(surroundingPairs).toContainEqual(['`', '`']);
    expect(surroundingPairs).toContainEqual(['{', '}']);
    expect(brackets).toEqual(
      expect.arrayContaining([
        ['{{{', '}}}'],
        ['{{', '}}'],
      ]),
    );
    expect(colorizedBracketPairs).toContainEqual(['{', '}']);
  });

  it('adds nothing to typed text: no indentation below a block, which would be sent, and no list marker', () => {
    // a line that VS Code indents again while typing also loses track of the braces that were auto-closed there
    const configuration = readJson('language-configuration.json');
    expect(configuration).not.toHaveProperty('indentationRules');
    expect(JSON.stringify(configuration)).not.toContain('appendText');
  });

  it('allows typing a line of --- at the end of the front matter as at its beginning', () => {
    for (const { prefix } of SNIPPETS) expect(prefix).toMatch(/^\w/);
  });

  it('names models in its snippets that exist', async () => {
    const { demoPrices } = await import('../../../src/core/models/demo/demo.ts');
    const named = JSON.stringify(SNIPPETS).match(/demo\/\w+/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    for (const model of named) expect(demoPrices).toHaveProperty(model.replace('demo/', ''));
  });

  it('offers snippets that parse without an error', () => {
    for (const { name, body, place } of SNIPPETS) {
      const text = body
        .replace(/\$\{\d+\|([^,|}]+)[^}]*\|\}/g, '$1')
        .replace(/\$\{\d+:([^}]*)\}/g, '$1')
        .replace(/\$\d/g, '');
      const { diagnostics } = parsePrompt(place === 'front-matter' ? `---\n${text}\n---\n` : text);
      expect(diagnostics, name).toEqual([]);
    }
  });
});
