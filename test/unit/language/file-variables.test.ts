import { describe, expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { schemaFinder } from '../../../src/core/language/analysis/file-variables.ts';
import { promptActions } from '../../../src/core/language/code-actions/code-actions.ts';
import { completePrompt } from '../../../src/core/language/completion/completion.ts';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { hoverAt } from '../../../src/core/language/navigation/hover.ts';
import { findDefinition } from '../../../src/core/language/navigation/references.ts';
import { renameSymbol } from '../../../src/core/language/navigation/rename.ts';
import { semanticTokens } from '../../../src/core/language/navigation/semantic-tokens.ts';
import { atCursor, makeWorkspace } from './language-workspace.ts';

const SCHEMAS = {
  'schemas/Customer.yaml':
    'email: string, where to write\nplan(enum, what they pay): [free, pro]\nvip?: boolean\norders(array):\n  sku: string\n  count: integer\n',
  'schemas/Ticket.json': JSON.stringify({
    type: 'object',
    properties: {
      title: { type: 'string', description: 'one line' },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['title'],
  }),
  'schemas/Case.yaml': 'who: Customer\n(*): any\n',
};
const path = '/w/a.prompt';
const whole = (name: string, body: string) => `---\ninput:\n  schema: ${name}\n---\n${body}`;
const nested = (body: string) =>
  `---\ninput:\n  schema:\n    customer: Customer\n    rows(array): Ticket\n---\n${body}`;

function open(marked: string) {
  const { source, offset } = atCursor(marked);
  return { source, offset, ...makeWorkspace({ ...SCHEMAS, 'a.prompt': source }) };
}

function check(source: string) {
  const { index } = open(source);
  return checkPrompt(source, { path, workspace: index })
    .filter(({ code }) => code.endsWith('variable'))
    .map(({ code, message, range }) => `${code} ${source.slice(range.start, range.end)}: ${message}`);
}

function complete(marked: string) {
  const { source, offset, index } = open(marked);
  return completePrompt(analyzePrompt(source), offset, { path, workspace: index });
}

async function hover(marked: string) {
  const { source, offset, index } = open(marked);
  const found = await hoverAt(analyzePrompt(source), offset, { path, workspace: index });
  return found?.parts.flatMap(({ text }) => text || []).join('\n');
}

describe('the variables of a named schema', () => {
  it('are completed with type and description, in Picoschema and in JSON Schema', () => {
    const items = complete(whole('Customer', '{{¦}}'));
    const email = items.find(({ label }) => label === 'email');
    expect(email).toMatchObject({ kind: 'variable', detail: 'string', documentation: 'where to write' });
    expect(items.slice(0, 4).map(({ label, detail }) => `${label} ${detail}`)).toEqual([
      'email string',
      'plan one of free, pro',
      'vip boolean',
      'orders array of object',
    ]);
    expect(complete(whole('Ticket', '{{ti¦}}'))[0]).toMatchObject({ label: 'title', documentation: 'one line' });
  });

  it('are completed as fields if a variable or a list element has that type', () => {
    const labels = (marked: string) => complete(marked).map(({ label }) => label);
    expect(labels(nested('{{customer.¦}}'))).toEqual(['email', 'plan', 'vip', 'orders']);
    expect(labels(nested('{{#each rows}}{{¦}}{{/each}}'))).toEqual(expect.arrayContaining(['title', 'tags']));
    expect(labels(nested('{{#each customer.orders}}{{this.¦}}{{/each}}'))).toEqual(['sku', 'count']);
    expect(complete(nested('{{¦}}')).find(({ label }) => label === 'rows')?.detail).toBe('array of Ticket');
  });

  it('have defaults completed by name and by value', () => {
    const source = '---\ninput:\n  schema: Customer\n  default:\n    ¦\n---\n';
    expect(complete(source).map(({ label }) => label)).toEqual(['email', 'plan', 'vip', 'orders']);
    expect(complete(source.replace('¦', 'plan: ¦')).map(({ label }) => label)).toEqual(['free', 'pro']);
  });

  it('show their description and schema in a hover', async () => {
    const email = await hover(whole('Customer', '{{em¦ail}}'));
    expect(email).toBe('email: string\nwhere to write\nFrom the schema Customer.\nUsed once, on line 5.');
    expect(await hover(nested('{{custo¦mer.email}}'))).toMatch(/^customer: Customer\n/);
    expect(await hover(nested('{{customer.em¦ail}}'))).toMatch(/^email: string\nwhere to write\n/);
  });

  it('make every other name undefined, with a suggestion', () => {
    expect(check(whole('Customer', '{{emial}} {{plan}} {{vip}} {{orders}} {{email}}'))).toEqual([
      'undefined-variable emial: `emial` is not declared in the input schema. Did you mean email?',
    ]);
    expect(check(nested('{{customer.mail}} {{rows}}'))).toEqual([
      'undefined-variable mail: `customer` has no field `mail`. Did you mean email?',
    ]);
  });

  it('are reported once if the template does not use them', () => {
    expect(check(whole('Customer', '{{email}}{{#if vip}}!{{/if}}'))).toEqual([
      'unused-variable Customer: `plan`, `orders` of the schema `Customer` are never used.',
    ]);
    expect(check(whole('Customer', '{{json this}}'))).toEqual([]);
    expect(check(nested('{{customer.email}}'))).toEqual(['unused-variable rows: `rows` is never used.']);
  });

  it('report nothing if the schema is open, missing or wrong', () => {
    expect(check(whole('Case', '{{who.email}} {{anything}}'))).toEqual([]);
    expect(check(whole('Nobody', '{{anything}}'))).toEqual([]);
    const source = whole('Customer', '{{anything}}');
    expect(checkPrompt(source).filter(({ code }) => code === 'undefined-variable')).toEqual([]);
  });

  it('report nothing for the elements of a map that a schema describes', () => {
    expect(check(nested('{{#each customer}}{{@key}}: {{label}}{{/each}} {{rows}}'))).toEqual([]);
    const flag = '{{#vip}}{{email}}{{/vip}} {{plan}} {{orders}}';
    expect(check(whole('Customer', flag))).toEqual([]);
  });

  it('are colored as declared, and other names as undeclared', () => {
    const source = whole('Customer', '{{email}} {{emial}}');
    const { index } = open(source);
    const wrong = semanticTokens(analyzePrompt(source), schemaFinder(index, path))
      .filter(({ modifiers }) => modifiers.includes('undeclared'))
      .map(({ range }) => source.slice(range.start, range.end));
    expect(wrong).toEqual(['emial']);
  });

  it('have misspellings fixed, and nothing declared in a prompt without a schema of its own', () => {
    const source = whole('Customer', '{{emial}} {{plan}} {{vip}} {{orders}}');
    const { index } = open(source);
    const diagnostics = checkPrompt(source, { path, workspace: index });
    const selection = { start: 0, end: source.length };
    const actions = promptActions({ analyzed: analyzePrompt(source), selection, diagnostics, path, workspace: index });
    expect(actions.filter(({ kind }) => kind === 'quickfix').map(({ title }) => title)).toEqual(['Change to email']);
  });

  it('lead to the line in the schema’s file', () => {
    const at = (marked: string) => {
      const { files, offset } = open(marked);
      return findDefinition(files, path, offset).map((found) => {
        const text = files.text(found.path) ?? '';
        return `${found.path} ${text.slice(found.range.start, found.range.end)}`;
      });
    };
    expect(at(whole('Customer', '{{em¦ail}}'))).toEqual(['/w/schemas/Customer.yaml email']);
    expect(at(whole('Ticket', '{{ti¦tle}}'))).toEqual(['/w/schemas/Ticket.json title']);
    expect(at(nested('{{customer.pl¦an}}'))).toEqual(['/w/schemas/Customer.yaml plan']);
    expect(at(nested('{{cus¦tomer.plan}}'))).toEqual(['/w/a.prompt customer']);
  });

  it('are not renamed from one prompt, since others use the schema too', () => {
    const { files, offset } = open(whole('Customer', '{{em¦ail}}'));
    expect(() => renameSymbol(files, { path, offset }, 'mail')).toThrow(/declared in \/w\/schemas\/Customer\.yaml/);
    const own = open(nested('{{cus¦tomer.email}}'));
    expect(renameSymbol(own.files, { path, offset: own.offset }, 'who').edits).toHaveLength(2);
  });
});
