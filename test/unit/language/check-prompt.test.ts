import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { checkWorkspace } from '../../../src/core/language/diagnostics/check-workspace.ts';
import { DIAGNOSTIC_RULES, lineOfRule, rulesPage } from '../../../src/core/language/diagnostics/diagnostic-rules.ts';
import type { LanguageModelInfo } from '../../../src/core/language/syntax/tree.ts';
import { WorkspaceIndex } from '../../../src/core/language/workspace/workspace-index.ts';

const root = path.join(import.meta.dirname, '../../..');

interface Spec {
  name: string;
  template: string;
  partials?: Record<string, string>;
  resolverPartials?: Record<string, string>;
  schemas?: Record<string, Record<string, unknown>>;
}

const connections = [
  { id: 'openai', type: 'openai' },
  { id: 'anthropic', type: 'anthropic' },
  { id: 'googleai', type: 'googleai' },
  { id: 'vertexai', type: 'vertexai' },
  { id: 'demo', type: 'demo' },
];

function model(ref: string, facts: Partial<LanguageModelInfo> = {}): LanguageModelInfo {
  const type = ref.split('/')[0] ?? '';
  const unknown = { contextWindow: undefined, maxOutputTokens: undefined, sunsetDate: undefined };
  return { ref, label: ref, type, ...unknown, inputUsdPerMillion: undefined, outputUsdPerMillion: undefined, ...facts };
}

function openWorkspace(partials: Record<string, string> = {}, models: LanguageModelInfo[] = []) {
  const index = new WorkspaceIndex(() => ['/w']);
  for (const [name, source] of Object.entries(partials)) index.setPrompt(`/w/_${name}.prompt`, source);
  index.setModels(models, connections);
  return index;
}

function check(source: string, options: { partials?: Record<string, string>; models?: LanguageModelInfo[] } = {}) {
  const workspace = openWorkspace(options.partials, options.models);
  const found = checkPrompt(source, { path: '/w/a.prompt', workspace, now: Date.parse('2026-11-23') });
  return found.map(({ code, range, message }) => ({ code, text: source.slice(range.start, range.end), message }));
}

const codes = (...args: Parameters<typeof check>) => check(...args).map(({ code, text }) => `${code} ${text}`);
const front = (yaml: string, body = 'Text.') => `---\n${yaml}\n---\n${body}`;

describe('prompt checks', () => {
  it('report nothing for any template of the specification', () => {
    const folder = path.join(root, 'test/fixtures/dotprompt-spec');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
    let checked = 0;
    for (const file of files) {
      for (const suite of parse(readFileSync(path.join(folder, file), 'utf8')) as Spec[]) {
        const workspace = openWorkspace({ ...suite.partials, ...suite.resolverPartials });
        for (const [name, schema] of Object.entries(suite.schemas ?? {})) {
          workspace.setSchema(`/w/schemas/${name}.json`, JSON.stringify(schema));
        }
        const found = checkPrompt(suite.template, { path: '/w/a.prompt', workspace });
        // the suite about roles puts a variable into the system role, which is reported
        const expected = suite.name === 'system_role' ? ['system-variable'] : [];
        expect(
          found.map(({ code }) => code),
          `${file} ${suite.name}`,
        ).toEqual(expected);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(30);
  });

  it('report nothing for the samples', () => {
    const folder = path.join(root, 'media/sample-workspace/prompts');
    const workspace = new WorkspaceIndex(() => [folder]);
    const files = readdirSync(folder).map((name) => path.join(folder, name));
    for (const file of files) workspace.setPrompt(file, readFileSync(file, 'utf8'));
    workspace.setModels([model('demo/swift'), model('demo/balanced'), model('demo/thorough')], connections);
    for (const { path: file, source } of workspace.prompts()) {
      expect(checkPrompt(source, { path: file, workspace }), file).toEqual([]);
    }
  });

  it('name the nearest key for an unknown one, and the correct place for a misplaced one', () => {
    expect(codes(front('modl: demo/swift'))).toEqual(['unknown-key modl']);
    expect(check(front('modl: demo/swift'))[0]?.message).toContain('Did you mean model?');
    expect(codes(front('temperature: 1\nschema:\n  a: string'))).toEqual([
      'misplaced-key temperature',
      'misplaced-key schema',
    ]);
    expect(codes(front('input:\n  shema:\n    a: string'))).toEqual(['unknown-key shema']);
    expect(codes(front('other.tool.key: 1\nconfig:\n  top_p: 0.5\n  apiVersion: v1'))).toEqual([]);
    expect(codes(front('config:\n  temprature: 1'))).toEqual(['config-key temprature']);
  });

  it('check the types of this tool’s own keys', () => {
    const right =
      'llmops.models: [demo/swift]\nllmops.dataset: a.jsonl\nllmops.cache: true\nllmops.rag:\n  index: docs\n  topK: 3';
    expect(codes(front(right))).toEqual([]);
    expect(codes(front('llmops.dataset: 3\nllmops.cache: often\nllmops.rag: [a]'))).toEqual([
      'llmops-value 3',
      'llmops-value often',
      'llmops-value [a]',
    ]);
    expect(codes(front('llmops.rag: docs\nllmops.cache:\n  ttl: 1h'))).toEqual([]);
    const wrong = 'llmops.rag:\n  topK: ten\n  minScore: 3\n  indx: docs\nllmops.cache:\n  ttl: 2h';
    expect(codes(front(wrong)).map((line) => line.replace(/\n[\s\S]*/, ''))).toEqual([
      'llmops-value topK: ten',
      'llmops-value ten',
      'llmops-value 3',
      'unknown-key indx',
      'llmops-value 2h',
    ]);
    expect(codes(front('llmops.model: demo/swift'))).toEqual(['unknown-key llmops.model']);
    expect(codes(front('llmops.models: 3'))).toEqual(['key-type 3']);
  });

  it.each([
    ['model: demo/swift\nconfig\n  temperature: 1\n  topP: 1', 'config'],
    ['model:demo/swift\nconfig:\n  topP: 1', 'model:demo/swift'],
    ['config:\n  temperature: 1\n    topP: 1\nmodel: demo/swift', 'topP: 1'],
    ['config:\n  temperature: 1\n topP: 1\n seed: 1\nmodel: demo/swift', 'topP: 1'],
    ['config:\n\ttopP: 1\n\tseed: 1\nmodel: demo/swift', '\ttopP: 1'],
    ['input:\n  schema:\n    a: string\n   b: string\n    c: string', 'b: string'],
    ['input:\n  schema:\n    a: string, so: much', 'string, so: much'],
    ['description: "open\nmodel: demo/swift\nconfig:\n  topP: 1', '"open'],
    ['llmops.models: [a, {b: 1]\nmodel: demo/swift', '{b: 1]'],
    ['description: *bold* words\nmodel: demo/swift', '*bold*'],
    ['description: @here\nmodel: demo/swift', '@here'],
    ['- a\nmodel: demo/swift\nconfig: 2', 'model: demo/swift'],
  ])('report one problem for a wrong line of YAML, at the correct place: %j', (yaml, text) => {
    expect(codes(front(yaml))).toEqual([`yaml-syntax ${text}`]);
  });

  it('report misspelled keys next to a broken line of YAML', () => {
    const yaml = 'modle: demo/swift\ndescription: so: much\ninput:\n  shema: {}\nouput: {}';
    expect(codes(front(yaml))).toEqual(['unknown-key modle', 'yaml-syntax so: much', 'unknown-key ouput']);
  });

  it('check parameters against the model’s limits', () => {
    expect(codes(front('model: anthropic/claude-haiku-4-5\nconfig:\n  temperature: 1.5'))).toEqual([
      'config-value 1.5',
    ]);
    expect(codes(front('model: openai/gpt-5\nconfig:\n  temperature: 0.2'))).toEqual(['config-parameter 0.2']);
    expect(codes(front('model: openai/some-new-model\nconfig:\n  temperature: 9'))).toEqual([]);
    expect(codes(front('model: [x\nconfig: 3'))).toEqual(['yaml-syntax [x']);
    expect(codes(front('config:\n  temperature: -1\n  topP: 4'))).toEqual(['config-value -1', 'config-value 4']);
  });

  it('check a parameter in a provider’s spelling against the same ranges', () => {
    const pairs = [
      ['topP: 2', 'top_p: 2'],
      ['maxOutputTokens: -1', 'max_tokens: -1'],
      ['maxOutputTokens: -1', 'max_completion_tokens: -1'],
      ['topK: 0', 'top_k: 0'],
      ['topK: many', 'top_k: many'],
    ];
    for (const [ours = '', theirs = ''] of pairs) {
      const [found, ...more] = check(front(`config:\n  ${ours}`));
      const named = found?.message.replace(ours.split(':')[0] ?? '', theirs.split(':')[0] ?? '');
      expect(check(front(`config:\n  ${theirs}`))).toEqual([{ ...found, message: named }]);
      expect(more).toEqual([]);
    }
    expect(codes(front('model: anthropic/claude-haiku-4-5\nconfig:\n  max_tokens: 900000'))).toEqual([
      'config-value 900000',
    ]);
    const fine = 'config:\n  top_p: 0.9\n  top_k: 40\n  max_tokens: 300\n  stop: END\n  max_completion_tokens: null';
    expect(codes(front(fine))).toEqual([]);
  });

  it('name the owner of a parameter that the provider does not support, and its equivalent', () => {
    const config = 'config:\n  frequency_penalty: 1\n  thinking: {}\n  anything: 1';
    expect(codes(front(`model: anthropic/claude-haiku-4-5\n${config}`))).toEqual(['config-parameter 1']);
    expect(codes(front(`model: openai/gpt-5.5\n${config}`))).toEqual(['config-parameter {}']);
    expect(codes(front(`model: demo/swift\n${config}`))).toEqual([]);
    expect(codes(front('config:\n  model: demo/swift\n  response_format: json'))).toEqual([
      'misplaced-key model',
      'misplaced-key response_format',
    ]);
    expect(check(front('config:\n  maxTokens: 3'))[0]?.message).toContain('Did you mean maxOutputTokens?');
  });

  it('check defaults against the schema', () => {
    const yaml = `input:
  schema:
    age: integer
    plan(enum): [gold, basic]
    items(array):
      name: string
    any?: any
    note?: string
  default:
    age: old
    plan: silver
    items: [{name: Cup}, {name: 3}, {nmae: Cup}]
    any: {a: 1}
    note: null
    other: 1`;
    expect(codes(front(yaml, '{{age}}{{plan}}{{items}}{{any}}{{note}}{{other}}'))).toEqual([
      'default-value old',
      'default-value silver',
      'default-value 3',
      'default-value nmae',
      'default-value other',
    ]);
    expect(codes(front('input:\n  schema:\n    (*): number\n  default:\n    a: 1\n    b: x', '{{a}}{{b}}'))).toEqual([
      'default-value x',
    ]);
  });

  it('report a field that a map or an element does not have', () => {
    const schema = `input:
  schema:
    items(array):
      name: string
      size(object):
        wide: number
    open(object):
      known: string
      (*): any
    loose(object): any`;
    const body = `{{items.length}}{{#each items}}{{nmae}}{{this.name}}{{size.wdie}}{{../open.new}}{{/each}}
{{#each items as |item|}}{{item.nme}}{{/each}}{{open.known}}{{open.more}}{{loose.x.y}}{{items.0.nam}}`;
    const found = check(front(schema, body));
    expect(found.map(({ code, text }) => `${code} ${text}`)).toEqual([
      'undefined-variable nmae',
      'undefined-variable wdie',
      'undefined-variable nme',
      'undefined-variable nam',
    ]);
    expect(found[1]?.message).toBe('`items.size` has no field `wdie`. Did you mean wide?');
  });

  it('follow lists and partials into the system role', () => {
    const partials = { note: 'Mind {{text}}', plain: 'Be kind.' };
    const system = (body: string) => codes(`{{role "system"}}${body}{{role "user"}}{{q}}{{> note}}`, { partials });
    expect(system('{{#each docs as |doc|}}{{doc.text}}{{/each}}')).toEqual(['system-variable doc']);
    expect(system('{{#each docs}}{{text}}{{/each}}')).toEqual(['system-variable text']);
    expect(system('{{> plain}}{{> note text="x"}}{{#if q}}Yes{{/if}}')).toEqual([]);
    expect(system('{{> note}}')).toEqual(['system-variable note']);
  });

  it('suggest the intended helper, argument, role and type', () => {
    const hint = (body: string) => check(body)[0]?.message.replace(/^.*\. /, '');
    expect(hint('{{jsn x}}')).toBe('Did you mean json?');
    expect(hint('{{#iff x}}{{/iff}}')).toBe('Did you mean if?');
    expect(hint('{{json x indnt=2}}')).toBe('Did you mean indent?');
    expect(hint('{{role "sytem"}}')).toBe('Did you mean system?');
    expect(hint(front('input:\n  schema:\n    a: strng, text', '{{a}}'))).toBe('Did you mean string?');
    expect(codes('{{lookup a}}{{history 1}}{{media url=a width=3}}{{#if a includeZero=true}}{{/if}}')).toEqual([
      'template-arguments lookup',
      'template-arguments history',
      'template-arguments width',
    ]);
  });

  it('distinguish undefined variables from those of open schemas, loops and partials', () => {
    const schema = 'input:\n  schema:\n    items(array): string\n    name: string';
    expect(
      codes(front(schema, '{{nme}} {{name}} {{#each items as |item|}}{{item}} {{other}} {{../lost}}{{/each}}')),
    ).toEqual(['undefined-variable nme', 'undefined-variable lost']);
    expect(codes(front(`${schema}\n    (*): any`, '{{nme}} {{name}}{{items}}'))).toEqual([]);
    expect(codes(front('input:\n  default:\n    a: 1', '{{a}} {{b}}'))).toEqual([]);
    expect(codes(front(schema, '{{@root.name}} {{json @root.nope}} {{@state.x}} {{items}}'))).toEqual([
      'undefined-variable nope',
    ]);
  });

  it('report a variable as unused only if no partial can use it', () => {
    const schema = 'input:\n  schema:\n    name: string\n    age?: integer, in years';
    expect(codes(front(schema, '{{name}}'))).toEqual(['unused-variable age']);
    expect(codes(front(schema, '{{name}} {{> p}}'), { partials: { p: '{{age}}' } })).toEqual([]);
    expect(codes(front(schema, '{{name}} {{> p}}'), { partials: { p: '{{> q}}', q: 'none' } })).toEqual([
      'unused-variable age',
    ]);
    expect(codes(front(schema, '{{json this}}'))).toEqual([]);
    expect(codes(front(schema, ''))).toEqual([]);
  });

  it('report missing partials, and cycles without a condition', () => {
    expect(codes('{{> nobody}} {{> (lookup . "x")}} {{#> own}}instead{{/own}}')).toEqual(['missing-partial nobody']);
    expect(codes('{{> a}}', { partials: { a: '{{> b}}', b: '{{> a}}' } })).toEqual(['circular-partial a']);
    expect(codes('{{> a}}', { partials: { a: '{{#if more}}{{> a}}{{/if}}' } })).toEqual([]);
  });

  it('resolve the partials of a partial as a run does: from the prompt', () => {
    const index = new WorkspaceIndex(() => ['/w']);
    index.setPrompt('/w/parts/_card.prompt', '{{> line}}');
    index.setPrompt('/w/parts/_line.prompt', 'line');
    index.setPrompt('/w/_frame.prompt', '{{> body}}{{> nobody}}');
    index.setPrompt('/w/in/_body.prompt', 'body');
    index.setPrompt('/w/in/a.prompt', '{{> frame}}');
    const find = (path: string, source: string) =>
      checkPrompt(source, { path, workspace: index }).map(({ message }) => message.split('.')[0]);
    expect(find('/w/a.prompt', '{{> parts/card}}')).toEqual([
      'The partial `parts/card` needs the partial `line`, which was not found in this folder or its parent folders',
    ]);
    expect(find('/w/parts/a.prompt', '{{> card}}')).toEqual([]);
    expect(find('/w/in/a.prompt', '{{> frame}}')[0]).toMatch(/needs the partial `nobody`/);
    expect(find('/w/_frame.prompt', '{{> body}}{{> nobody}}')).toEqual(['Partial `nobody` not found']);
  });

  it('report every broken tag of a template, not only the first', () => {
    expect(codes('{{#if a}}x{{/each}}\n{{foo "x}}\n{{name}')).toEqual([
      'template-syntax if',
      'template-syntax {{foo "x}}',
      'template-syntax {{name}',
    ]);
    expect(codes('Hello {name}} and {"a":{"b":1}}')).toEqual(['unbalanced-braces {name}}']);
    for (const matched of [
      '{\\bf {x}}',
      'const a = { b: {c}}',
      'if (x) { while (y) { z }}',
      '```\n{name}}\n```',
      'Not `{name}}`.',
    ]) {
      expect(codes(matched), matched).toEqual([]);
    }
    expect(codes('{ {a}} and {b}}')).toEqual(['unbalanced-braces {b}}']);
    expect(codes('{{#role "system"}}x{{/role}}')).toEqual(['template-block {{#role "system"']);
    expect(codes('{{upper name}}')).toEqual(['template-unknown-helper upper']);
  });

  it('warn about a model only with a reason', () => {
    const models = [model('openai/gpt-5'), model('demo/swift'), model('openai/old', { sunsetDate: '2026-01-31' })];
    expect(codes(front('model: openai/gtp-5'), { models })).toEqual(['unknown-model openai/gtp-5']);
    expect(codes(front('model: demo/swft'), { models })).toEqual(['unknown-model demo/swft']);
    expect(codes(front('model: opnai/gpt-5'), { models })).toEqual(['unknown-connection opnai/gpt-5']);
    expect(codes(front('model: openai/old'), { models })).toEqual(['model-sunset openai/old']);
    for (const newer of ['gpt-6', 'gpt-5.5-mini', 'something-else', 'ft:gpt-5:me::x']) {
      expect(codes(front(`model: openai/${newer}`), { models }), newer).toEqual([]);
    }
    expect(codes(front('model: opnai/gpt-5\nllmops.models: [demo/swift, demo/nope]'), { models })).toHaveLength(2);
  });

  it('warn if the text alone exceeds the context window', () => {
    const models = [model('demo/swift', { contextWindow: 1000 })];
    const found = check(front('model: demo/swift', 'word '.repeat(2000)), { models });
    expect(found.map(({ code }) => code)).toEqual(['context-window']);
    expect(check(front('model: demo/swift', 'word '.repeat(200)), { models })).toEqual([]);
  });

  it('report keys that were left in the file, but not words that look like them', () => {
    const key = ['sk', 'proj', 'a8Xk29LmQp4tZr71'].join('-');
    expect(codes(`Use ${key} here.`)).toEqual([`pasted-secret ${key}`]);
    expect(codes('sk-learn-is-a-library-of-python and sk-xxxxxxxxxxxxxxxxxxxxxxx1')).toEqual([]);
  });

  it('report one error per merge conflict, and check our side', () => {
    const conflict = (ours: string, theirs: string) => `<<<<<<< HEAD\n${ours}\n=======\n${theirs}\n>>>>>>> other`;
    const both = `---\nmodel: demo/swift\n${conflict('description: A', 'description: B\nmodl: x')}\n---\n${conflict('{{a}', '{{#if b}}')}\n`;
    expect(check(both).map(({ code }) => code)).toEqual(['conflict-marker', 'conflict-marker', 'template-syntax']);
    expect(check(both)[0]?.text).toBe(conflict('description: A', 'description: B\nmodl: x'));
    const diff3 = 'a\n<<<<<<< HEAD\none\n||||||| base\n{{#if x}}\n=======\ntwo\n>>>>>>> other\n';
    expect(check(diff3).map(({ code }) => code)).toEqual(['conflict-marker']);
    expect(check('a\n<<<<<<< HEAD\none\n').map(({ code }) => code)).toEqual(['conflict-marker']);
    expect(codes('Title\n=======\n<<<dotprompt:history>>>')).toEqual([]);
  });

  it('suggest a schema for JSON output', () => {
    expect(codes(front('output:\n  format: json'))).toEqual(['json-without-schema json']);
    expect(codes(front('output:\n  schema:\n    a: string'))).toEqual([]);
  });

  it('report a missing dataset only after it was looked up', () => {
    const source = front('llmops.dataset: "../data/rows.jsonl"');
    const find = (options: Parameters<typeof checkPrompt>[1], text = source) =>
      checkPrompt(text, options).map(({ code, message, range }) => [code, text.slice(range.start, range.end), message]);
    const message = 'File `../data/rows.jsonl` not found (relative to the folder of this prompt).';
    const looked: string[] = [];
    const isFile = (file: string) => {
      looked.push(file);
      return false;
    };
    expect(find({ path: '/w/prompts/a.prompt', isFile })).toEqual([['missing-dataset', '../data/rows.jsonl', message]]);
    expect(looked).toEqual([path.resolve('/w/data/rows.jsonl')]);
    expect(find({ path: '/w/a.prompt', isFile: () => undefined })).toEqual([]);
    expect(find({ path: '/w/a.prompt', isFile: () => true })).toEqual([]);
    expect(find({ path: '/w/a.prompt' })).toEqual([]);
    expect(find({ isFile })).toEqual([]);
    expect(find({ path: '/w/a.prompt', isFile }, front('llmops.dataset: https://a.b/c.csv'))).toEqual([]);
  });

  it('use the severity from the settings', () => {
    const severity = { 'unknown-key': 'error', 'json-without-schema': 'off' } as const;
    const found = checkPrompt(front('modl: x\noutput:\n  format: json'), { settings: { severity } });
    expect(found.map(({ code, severity: given }) => [code, given])).toEqual([['unknown-key', 'error']]);
  });

  it('have a documentation page for every code', () => {
    const page = readFileSync(path.join(root, 'media/docs/diagnostics.md'), 'utf8');
    expect(page).toBe(rulesPage());
    for (const code of Object.keys(DIAGNOSTIC_RULES)) {
      expect(page.split('\n')[lineOfRule(code) - 1]).toBe(`## ${code}`);
    }
  });
});

describe('the workspace index', () => {
  it('knows which files depend on a changed one, and forgets removed files', () => {
    const index = openWorkspace({ a: '{{> b}}', b: 'B' });
    index.setPrompt('/w/one.prompt', '{{> a}}');
    index.setPrompt('/w/two.prompt', 'nothing');
    expect(index.dependents('/w/_b.prompt').sort()).toEqual(['/w/_a.prompt', '/w/one.prompt']);
    expect(index.setPrompt('/w/one.prompt', 'no more')).toEqual(['/w/one.prompt']);
    expect(index.dependents('/w/_b.prompt')).toEqual(['/w/_a.prompt']);
    expect(index.removePrompt('/w/_b.prompt')).toEqual(['/w/_a.prompt']);
    expect(index.partial('b', '/w/one.prompt')).toBeUndefined();
  });

  it('checks only what depends on a change, in a workspace of 1,000 prompts', () => {
    const index = new WorkspaceIndex(() => ['/w']);
    for (let part = 0; part < 20; part++) index.setPrompt(`/w/_part_${part}.prompt`, 'Part');
    for (let at = 0; at < 1000; at++) index.setPrompt(`/w/${at}.prompt`, `{{> part_${at % 20}}} and {{name}}`);
    expect([...checkWorkspace(index)]).toHaveLength(1020);

    const afterPartial = [...checkWorkspace(index, { paths: index.setPrompt('/w/_part_3.prompt', 'Changed') })];
    const afterPrompt = [...checkWorkspace(index, { paths: index.setPrompt('/w/3.prompt', 'Alone') })];

    const callers = Array.from({ length: 50 }, (_, caller) => `/w/${caller * 20 + 3}.prompt`);
    expect(afterPartial.map(({ path: file }) => file).sort()).toEqual([...callers, '/w/_part_3.prompt'].sort());
    expect(afterPrompt.map(({ path: file }) => file)).toEqual(['/w/3.prompt']);
  });

  it('finds a partial in the nearest folder, but not above the workspace', () => {
    const index = new WorkspaceIndex(() => ['/w']);
    for (const file of ['/_p.prompt', '/w/_p.prompt', '/w/x/_q.prompt', '/w/x/y/z.prompt', '/w/x/parts/_r.prompt']) {
      index.setPrompt(file, file);
    }
    expect(index.partial('p', '/w/x/y/z.prompt')?.path).toBe('/w/_p.prompt');
    expect(index.partial('parts/r', '/w/x/y/z.prompt')?.path).toBe('/w/x/parts/_r.prompt');
    expect(index.partial('q', '/w/a.prompt')).toBeUndefined();
    expect(index.partialNames('/w/x/y/z.prompt')).toEqual(['p', 'parts/r', 'q', 'x/parts/r', 'x/q']);
  });
});
