import { describe, expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { signatureAt } from '../../../src/core/language/analysis/signature.ts';
import { completePrompt, wantsFiles, wantsModels } from '../../../src/core/language/completion/completion.ts';
import type { CompletionItem } from '../../../src/core/language/completion/completion-item.ts';
import { applyEdits } from '../../../src/core/language/formatting/format-prompt.ts';
import { atCursor, makeWorkspace, swift } from './language-workspace.ts';

const { index } = makeWorkspace({ '_tone.prompt': 'Sign as {{team}}.', 'a.prompt': '' });

function complete(marked: string, files: string[] = []): CompletionItem[] {
  const { source, offset } = atCursor(marked);
  return completePrompt(analyzePrompt(source), offset, { path: '/w/a.prompt', workspace: index, files });
}

/** The text after an item of the list was accepted. */
function take(marked: string, label: string): string {
  const { source } = atCursor(marked);
  const item = complete(marked).find((one) => one.label === label);
  if (!item) throw new Error(`There is no ${label} among ${complete(marked).map((one) => one.label)}`);
  const edits = [{ range: item.range, text: item.insert }, ...(item.after ? [item.after] : [])];
  return applyEdits(source, edits);
}

const labels = (items: CompletionItem[]) => items.map(({ label }) => label);

const SCHEMA = `---
input:
  schema:
    name: string, how the customer signed
    plan(enum): [Basic, Gold]
    orders(array):
      total: number, in dollars
      place: string
---
`;

describe('completion in the front matter', () => {
  it('offers nothing after a fence, so that Enter starts the next line', () => {
    for (const marked of ['-¦', '--¦', '---¦\nmodel: demo/swift\n---\n', '---\nmodel: demo/swift\n---¦', '---\n-¦']) {
      const { source, offset } = atCursor(marked);
      expect(completePrompt(analyzePrompt(source), offset), marked).toEqual([]);
    }
    const { source, offset } = atCursor('---\n¦');
    expect(completePrompt(analyzePrompt(source), offset).map(({ label }) => label)).toContain('model');
  });

  it('offers the keys that the file does not have yet', () => {
    const found = labels(complete('---\nmodel: demo/swift\n¦\n---\n'));
    expect(found).toContain('config');
    expect(found).toContain('llmops.models');
    expect(found).not.toContain('model');
  });

  it('offers keys for each place', () => {
    expect(labels(complete('---\noutput:\n  ¦\n---\n'))).toEqual(['format', 'schema']);
    expect(labels(complete('---\ninput:\n  sch¦\n---\n'))).toEqual(['schema', 'default']);
    expect(labels(complete('---\ntoolDefs:\n  - na¦\n---\n'))).toEqual(['name', 'description', 'inputSchema']);
    expect(labels(complete('---\ntoolDefs:\n  - name: x\n    ¦\n---\n'))).toContain('inputSchema');
  });

  it('replaces the whole of a dotted key, and writes no second colon', () => {
    expect(take('---\nllmops.mo¦\n---\n', 'llmops.models')).toBe('---\nllmops.models:\n  - $0\n---\n');
    expect(take('---\nmo¦del: x\n---\n', 'model')).toBe('---\nmodel: x\n---\n');
  });

  it('offers models with context window and price, in a value, a list and a flow list', () => {
    for (const text of ['model: de¦', 'llmops.models:\n  - de¦', 'llmops.models: [demo/balanced, de¦]']) {
      const [model] = complete(`---\n${text}\n---\n`);
      expect(model?.label, text).toBe('demo/swift');
      expect(model?.brief).toBe('128k · $0.25 / $2.00 sim. · ends 2027-01-14');
      expect(model?.detail).toBe('128k context · $0.25 in, $2.00 out per million (simulated) · ends 2027-01-14');
    }
    expect(take('---\nmodel: demo/s¦w\n---\n', 'demo/swift')).toBe('---\nmodel: demo/swift\n---\n');
  });

  it('offers the parameters that the chosen model supports', () => {
    const openai = labels(complete('---\nmodel: openai/gpt-5\nconfig:\n  ¦\n---\n'));
    expect(openai).toContain('reasoningEffort');
    expect(openai).not.toContain('topK');
    const unknown = labels(complete('---\nmodel: mine/llama\nconfig:\n  ¦\n---\n'));
    expect(unknown).toContain('topK');
    expect(unknown).toContain('temperature');
  });

  it('offers values if there is a fixed set', () => {
    expect(labels(complete('---\noutput:\n  format: ¦\n---\n'))).toEqual([
      'json',
      'text',
      'csv',
      'jsonl',
      'array',
      'enum',
    ]);
    expect(labels(complete('---\ntoolChoice: ¦\n---\n'))).toEqual(['auto', 'required', 'none']);
    expect(labels(complete('---\n¦\n---\n'))).toEqual(
      expect.arrayContaining(['toolChoice', 'maxTurns', 'returnToolRequests', 'metadata']),
    );
    expect(labels(complete('---\nconfig:\n  reasoningEffort: ¦\n---\n'))).toContain('minimal');
    expect(
      labels(complete(`${SCHEMA.replace('---\n', '---\n').replace(/---\n$/, '  default:\n    plan: ¦\n---\n')}`)),
    ).toEqual(['Basic', 'Gold']);
  });

  it('offers Picoschema’s types as values and its forms as keys', () => {
    expect(labels(complete('---\ninput:\n  schema:\n    name: ¦\n---\n'))).toContain('integer');
    expect(labels(complete('---\noutput:\n  schema:\n    ¦\n---\n'))).toEqual(['field', 'array', 'object', 'enum']);
    expect(labels(complete('---\ninput:\n  schema:\n    a(array): ¦\n---\n'))).toContain('string');
  });

  it('offers variables without a default, and datasets', () => {
    const text = SCHEMA.replace(/---\n$/, '  default:\n    name: Ana\n    ¦\n---\n');
    expect(labels(complete(text))).toEqual(['plan', 'orders']);
    const files = ['data/rows.jsonl', 'photo.png'];
    expect(labels(complete('---\nllmops.dataset: ¦\n---\n', files))).toEqual(['data/rows.jsonl']);
  });
});

describe('front matter for a line of --- at the beginning', () => {
  it('contains both fences, with the cursor after `model:`', () => {
    expect(labels(complete('---¦'))).toEqual(['Front matter']);
    expect(take('---¦', 'Front matter')).toBe('---\nmodel: $1\n---\n$0');
    expect(take('\ufeff---¦', 'Front matter')).toBe('\ufeff---\nmodel: $1\n---\n$0');
  });

  it('is inserted above the existing text, even if that has a rule of its own', () => {
    expect(take('---¦\nHello {{name}}', 'Front matter')).toBe('---\nmodel: $1\n---$0\nHello {{name}}');
    expect(take('---¦\nHello\n---\nBye', 'Front matter')).toBe('---\nmodel: $1\n---$0\nHello\n---\nBye');
  });

  it('is not offered if its keys exist, on another line, or with more text on the line', () => {
    for (const marked of ['---¦\nmodel: x', '\n---¦', 'Hello\n---¦', '---¦ and more', '----¦'])
      expect(labels(complete(marked)), marked).toEqual([]);
  });
});

describe('snippets', () => {
  const onRequest = (marked: string) => {
    const { source, offset } = atCursor(marked);
    return labels(completePrompt(analyzePrompt(source), offset, { workspace: index, isExplicit: true }));
  };

  it('of the template are not offered in front matter, for any key', () => {
    for (const marked of [
      'config:\n  ¦',
      'config:\n  h¦',
      'config:\n  e¦',
      'input:\n  schema:\n    e¦',
      'h¦',
      'model: h¦',
    ]) {
      const found = onRequest(`---\n${marked}\n---\n{{x}}`);
      for (const label of ['each', 'history', 'role', 'if', 'prompt']) expect(found, marked).not.toContain(label);
    }
  });

  it('of front matter are offered among its keys, and not in the template', () => {
    expect(
      complete('---\nin¦\n---\n')
        .filter(({ label }) => label === 'input')
        .map(({ kind }) => kind),
    ).toEqual(['key', 'snippet']);
    expect(
      complete('---\ninput:\n¦\n---\n')
        .filter(({ kind }) => kind === 'snippet')
        .map(({ label }) => label),
    ).toEqual(['output', 'config', 'llmops.models', 'llmops.media']);
    for (const label of ['input', 'output', 'config']) expect(onRequest('---\nmodel: x\n---\n¦')).not.toContain(label);
  });

  it('of the template are offered on request, and never automatically', () => {
    expect(onRequest('Write ro¦')).toContain('role');
    expect(onRequest('---\nmodel: x\n---\nHello\n¦')).toContain('history');
    expect(labels(complete('Write ro¦'))).toEqual([]);
  });

  it('of a whole file are offered if the file has no front matter', () => {
    expect(onRequest('pro¦')).toContain('prompt');
    expect(onRequest('pro¦\nmore')).not.toContain('prompt');
  });

  it('are not offered in a tag or a comment', () => {
    expect(onRequest('{{!-- ¦ --}}')).toEqual([]);
    expect(onRequest('{{!--\nrol¦\n--}}')).toEqual([]);
    expect(complete('{{ea¦').every(({ kind }) => kind !== 'snippet')).toBe(true);
  });
});

describe('completion of models that cannot run yet', () => {
  const gpt = { ...swift, ref: 'openai/gpt-5.4', label: 'openai/gpt-5.4', type: 'openai', unready: 'no key' };
  const at = (marked: string, unreadyModels = [gpt]) => {
    const { source, offset } = atCursor(marked);
    return completePrompt(analyzePrompt(source), offset, { workspace: index, unreadyModels });
  };

  it('lists them after the ready ones, with the reason', () => {
    const found = at('---\nmodel: openai/¦\n---\n');
    expect(labels(found)).toEqual(['demo/swift', 'openai/gpt-5.4']);
    expect(found.map(({ brief }) => brief?.startsWith('no key · '))).toEqual([false, true]);
    expect(found[1]?.detail).toMatch(/^no key · 128k context/);
  });

  it('lists a model once', () => {
    expect(labels(at('---\nmodel: ¦\n---\n', [{ ...gpt, ref: 'demo/swift' }]))).toEqual(['demo/swift']);
  });

  it('is requested only in `model` and `llmops.models`', () => {
    const wanted = (marked: string) => {
      const { source, offset } = atCursor(marked);
      return wantsModels(analyzePrompt(source), offset);
    };
    expect(
      ['model: ¦', 'llmops.models:\n  - o¦', 'llmops.models: [o¦'].map((text) => wanted(`---\n${text}\n---\n`)),
    ).toEqual([true, true, true]);
    expect(['name: ¦', 'config:\n  ¦'].map((text) => wanted(`---\n${text}\n---\n`))).toEqual([false, false]);
    expect(wanted('---\nmodel: x\n---\nmodel: ¦')).toBe(false);
  });
});

describe('completion in the template', () => {
  it('offers variables with type and description, then helpers', () => {
    const items = complete(`${SCHEMA}Dear {{¦}}`);
    expect(items[0]).toMatchObject({ label: 'name', detail: 'string', documentation: 'how the customer signed' });
    expect(items.find(({ label }) => label === '@root')).toMatchObject({
      detail: 'provided by Dotprompt',
      documentation: expect.stringContaining('The whole input'),
    });
    expect(labels(items)).toContain('role');
    expect(labels(items)).toContain('#if');
    expect(labels(complete(`${SCHEMA}Dear ¦`))).toEqual([]);
  });

  it('closes open tags and leaves closed ones', () => {
    expect(take('{{na¦}} and {{name}}', 'name')).toBe('{{name}} and {{name}}');
    expect(take(`${SCHEMA}{{na¦`, 'name')).toBe(`${SCHEMA}{{name}}`);
    expect(take(`${SCHEMA}{{na¦}`, 'name')).toBe(`${SCHEMA}{{name}}`);
    expect(take('{{¦}', '#if')).toBe('{{#if ${1:condition}}}$0{{/if}}');
    // the editor types over braces that it auto-closed, but not over those of a snippet
    expect(take('{{¦}}', '#if')).toBe('{{#if ${1:condition}}}{{/if}}');
    // nor if lines are added right after them
    expect(take('{{#e¦}}', 'each')).toBe('{{#each ${1:list}}}{{/each}}');
    expect(take('{{#e¦', 'each')).toBe('{{#each ${1:list}}}\n$0{{this}}\n{{/each}}');
    expect(take('{{#if a}}x{{else i¦}}y{{/if}}', 'if')).toBe('{{#if a}}x{{else if ${1:condition}}}y{{/if}}');
  });

  it.each([
    // the tag is closed: only the name is inserted
    ['{{na¦}}', 'name', '{{name}}'],
    ['{{na¦ }}', 'name', '{{name }}'],
    ['{{~na¦~}}', 'name', '{{~name~}}'],
    ['{{{na¦}}}', 'name', '{{{name}}}'],
    ['{{na¦me}}', 'name', '{{name}}'],
    ['{"a":{{na¦}}}', 'name', '{"a":{{name}}}'],
    ['{{> t¦}}', 'tone', '{{> tone}}'],
    ['{{> t¦ team="x"}}', 'tone', '{{> tone team="x"}}'],
    ['{{> t¦\n  team="x"\n}}', 'tone', '{{> tone\n  team="x"\n}}'],
    ['{{js¦}}', 'json', '{{json ${1:value}}}'],
    ['{{js¦ name}}', 'json', '{{json name}}'],
    ['{{#i¦ name}}x{{/if}}', 'if', '{{#if name}}x{{/if}}'],
    ['{{#i¦}}x{{/if}}', 'if', '{{#if ${1:condition}}}x{{/if}}'],
    ['{{#if a}}{{#i¦}}{{/if}}', 'if', '{{#if a}}{{#if ${1:condition}}}{{/if}}{{/if}}'],
    ['{{role "s¦"}}', 'system', '{{role "system"}}'],
    ['{{role "s¦}}', 'system', '{{role "system"}}'],
    ['{{#if na¦}}x{{/if}}', 'name', '{{#if name}}x{{/if}}'],
    ['{{#if a}}x{{/¦}}', 'if', '{{#if a}}x{{/if}}'],
    // there is one brace, as the editor leaves it before an unmatched one
    ['{{na¦}', 'name', '{{name}}'],
    ['{{{na¦}', 'name', '{{{name}}}'],
    ['{{{na¦}}', 'name', '{{{name}}}'],
    ['{{> t¦}', 'tone', '{{> tone}}'],
    ['{{js¦}', 'json', '{{json ${1:value}}}'],
    ['{{role "s¦"}', 'system', '{{role "system"}}'],
    ['{{#if a}}x{{/¦}', 'if', '{{#if a}}x{{/if}}'],
    ['{{#if na¦}', 'name', '{{#if name}}'],
    // there is none
    ['{{na¦', 'name', '{{name}}'],
    ['{{{na¦', 'name', '{{{name}}}'],
    ['{{~na¦', 'name', '{{~name}}'],
    ['{{na¦text', 'name', '{{name}}text'],
    ['{{na¦ and more, {{name}}', 'name', '{{name}} and more, {{name}}'],
    ['{{na¦ and more', 'name', '{{name}} and more'],
    ['{"a": {{na¦\n}}', 'name', '{"a": {{name}}\n}}'],
    ['{"a": {{na¦ }', 'name', '{"a": {{name}} }'],
    ['{{> t¦', 'tone', '{{> tone}}'],
    ['{{> t¦text', 'tone', '{{> tone}}text'],
    ['{{js¦text', 'json', '{{json ${1:value}}}text'],
    ['{{#i¦', 'if', '{{#if ${1:condition}}}$0{{/if}}'],
    ['{{^na¦', 'name', '{{^name}}'],
    ['{{role "s¦', 'system', '{{role "system"}}'],
    ['{{role "s¦"', 'system', '{{role "system"}}'],
    ['{{role "s¦ and more', 'system', '{{role "system"}} and more'],
    ["{{role 's¦", 'system', "{{role 'system'}}"],
    ['{{#if na¦', 'name', '{{#if name}}'],
    ['{{#if a}}x{{else if na¦', 'name', '{{#if a}}x{{else if name}}'],
    ['{{#ifEquals na¦', 'name', '{{#ifEquals name'],
    ['{{#ifEquals plan "G¦', 'Gold', '{{#ifEquals plan "Gold"}}'],
    ['{{#if (lookup a na¦', 'name', '{{#if (lookup a name'],
    ['{{#each orders}}{{th¦', 'this', '{{#each orders}}{{this}}'],
    ['{{#if a}}x{{/¦', 'if', '{{#if a}}x{{/if}}'],
    ['{{#if a}}{{#each b}}x{{/¦ and more', 'each', '{{#if a}}{{#each b}}x{{/each}} and more'],
  ])('adds exactly the missing braces to %s', (typed, label, expected) => {
    expect(take(`${SCHEMA}${typed}`, label)).toBe(`${SCHEMA}${expected}`);
  });

  it('offers the innermost open block first after {{/, for any braces', () => {
    for (const braces of ['', '}', '}}']) {
      const open = '{{#if a}}{{#each b}}{{#with c}}x{{/with}}';
      expect(labels(complete(`${open}{{/¦${braces}`)), braces).toEqual(['each', 'if']);
    }
  });

  it('offers no block in a tag with three braces, and nothing if its braces are escaped', () => {
    expect(labels(complete(`${SCHEMA}{{{¦}}}`))).not.toContain('#if');
    expect(labels(complete(`${SCHEMA}{{{¦}}}`))).toContain('name');
    expect(complete(`${SCHEMA}\\{{na¦`)).toEqual([]);
  });

  it('resolves names inside a block', () => {
    const inside = labels(complete(`${SCHEMA}{{#each orders as |order|}}{{¦}}{{/each}}`));
    expect(inside.slice(0, 4)).toEqual(['order', 'total', 'place', 'this']);
    expect(inside).toContain('@index');
    expect(labels(complete(`${SCHEMA}{{#each orders as |order|}}{{order.¦}}{{/each}}`))).toEqual(['total', 'place']);
    expect(labels(complete(`${SCHEMA}{{#each orders}}{{@root.¦}}{{/each}}`))).toEqual(['name', 'plan', 'orders']);
    expect(labels(complete(`${SCHEMA}{{¦}}`))).not.toContain('@index');
    expect(labels(complete(`${SCHEMA}{{#each orders}}{{../¦}}{{/each}}`))).toEqual(['name', 'plan', 'orders']);
    const nested = `${SCHEMA}{{#each orders}}{{#with place}}{{#each ../../orders as |o|}}{{o.¦}}{{/each}}{{/with}}{{/each}}`;
    expect(labels(complete(nested))).toEqual(['total', 'place']);
    expect(labels(complete(`${SCHEMA}{{#orders}}{{¦}}{{/orders}}`)).slice(0, 2)).toEqual(['total', 'place']);
    expect(labels(complete('---\nconstructor:\n  ¦\n---\n'))).toEqual([]);
    expect(labels(complete('---\nllmops.rag:\n  ¦\n---\n'))).toEqual(['index', 'topK', 'minScore', 'query']);
    expect(labels(complete('---\nllmops.cache:\n  ttl: ¦\n---\n'))).toEqual(['5m', '1h']);
  });

  it('offers partials, their arguments, roles, enum values, files, and the block to close', () => {
    expect(labels(complete('{{> t¦}}'))).toEqual(['tone']);
    expect(labels(complete('{{> tone ¦}}'))[0]).toBe('team=');
    expect(take('{{role "s¦"}}', 'system')).toBe('{{role "system"}}');
    expect(labels(complete(`${SCHEMA}{{#ifEquals plan "¦"}}{{/ifEquals}}`))).toEqual(['Basic', 'Gold']);
    expect(labels(complete('{{media url="¦"}}', ['a.png']))).toEqual(['a.png']);
    expect(labels(complete('{{#if a}}{{#each b}}x{{/¦'))).toEqual(['each', 'if']);
    expect(wantsFiles('{{media url="a', 14)).toBe(true);
  });

  it('offers a partial by its shortest name only', () => {
    const { index: deep } = makeWorkspace({ 'a/_tone.prompt': 'x', 'a/b.prompt': '' });
    const items = completePrompt(analyzePrompt('{{> '), 4, { path: '/w/a/b.prompt', workspace: deep });
    expect(items.map(({ insert }) => insert)).toEqual(['tone}}']);
  });

  it('offers nothing inside a comment or a complete tag', () => {
    expect(complete(`${SCHEMA}{{! ¦ }}`)).toEqual([]);
    expect(complete(`${SCHEMA}{{name}}¦`)).toEqual([]);
  });

  it('never throws, at any position', () => {
    const source = `${SCHEMA}{{role "system"}}{{#each orders as |o|}}{{o.total}}{{> tone team=(lookup a "b")}}{{/each}}`;
    for (let end = 0; end <= source.length; end++) {
      const prompt = analyzePrompt(source.slice(0, end));
      expect(() => completePrompt(prompt, end, { workspace: index, path: '/w/a.prompt' })).not.toThrow();
      signatureAt(prompt, end);
    }
  });
});

describe('signature help', () => {
  const active = (marked: string) => {
    const { source, offset } = atCursor(marked);
    const signature = signatureAt(analyzePrompt(source), offset);
    return signature?.parameters[signature.active]?.label;
  };

  it('shows which argument is being typed', () => {
    expect(active('{{#ifEquals ¦}}')).toBe('left');
    expect(active('{{#ifEquals plan ¦}}')).toBe('right');
    expect(active('{{#ifEquals plan "Go¦"}}')).toBe('right');
    expect(active('{{media url=¦}}')).toBe('url=…');
    expect(active('{{media url=a contentType="¦"}}')).toBe('[contentType=…]');
    expect(active('{{json value ¦}}')).toBe('[indent=…]');
    expect(active('{{name ¦}}')).toBeUndefined();
  });
});
