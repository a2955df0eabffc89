import { describe, expect, it } from 'vitest';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import type { RenderInput } from '../../../src/core/prompts/prompt.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';
import {
  BACKGROUND_LIMITS,
  describeLimit,
  type RenderLimits,
  RUN_LIMITS,
} from '../../../src/core/prompts/render/render-budget.ts';
import { cpuTimeMs } from '../cpu-time.ts';
import { makeWorkspace } from '../language/language-workspace.ts';

async function render(template: string, input: Record<string, unknown>, more: Omit<RenderInput, 'input'> = {}) {
  const partials: Record<string, string> = {
    double: '{{> twice}}{{> twice}}',
    twice: '{{@root.text}}{{@root.text}}',
    empty: '',
  };
  const env = { partials: async (name: string) => partials[name], workspaceRoots: [], promptDir: undefined };
  const { prompt } = parsePrompt(template, { path: '/w/a.prompt' });
  const { messages } = await renderPrompt(prompt, { input, ...more }, env);
  return messages.flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : ''))).join('');
}

/** A busy machine needs seconds for what is measured in a million values. */
const SLOW_MS = 60_000;

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const n = numbers(30_000);
const stopped = (what: RegExp) => ({ code: 'render-limit', message: expect.stringMatching(what) as string });

describe('rendering a template', () => {
  it(
    'may use a context of 4 MB, a million values, and 20 MB of text',
    async () => {
      const context = 'lorem ipsum '.repeat(350_000);
      expect(await render('{{context}}', { context })).toBe(context);
      const list = numbers(1_000_000);
      expect(await render('{{#each list}}{{this}},{{/each}}', { list })).toBe(`${list.join(',')},`);
      const chunk = 'x'.repeat(1_000_000);
      expect(await render('{{#each list}}{{@root.chunk}}{{/each}}', { list: numbers(20), chunk })).toBe(
        chunk.repeat(20),
      );
    },
    SLOW_MS,
  );

  it('has the limits of a run by default', async () => {
    expect(RUN_LIMITS).toEqual({ values: 1_000_000, iterations: 2_000_000, characters: 32_000_000 });
    const looped = render('{{#each n}}{{#each @root.n}}{{this}}{{/each}}{{/each}}', { n });
    await expect(looped).rejects.toMatchObject(stopped(/more than 1,000,000 values/));
  });

  it.each<[string, string, keyof RenderLimits]>([
    ['a loop in a loop', '{{#each n}}{{#each @root.n}}{{this}}{{/each}}{{/each}}', 'values'],
    ['blocks of a name', '{{#n}}{{#@root.n}}{{this}}{{/@root.n}}{{/n}}', 'values'],
    ['a loop over an object', '{{#each o}}{{#each @root.o}}{{@key}}{{/each}}{{/each}}', 'values'],
    ['loops without values', '{{#each n}}{{#each @root.n}}x{{/each}}{{/each}}', 'iterations'],
    ['loops that write nothing', '{{#each n}}{{#each @root.n}}{{/each}}{{/each}}', 'iterations'],
    ['blocks of a name that write nothing', '{{#n}}{{#@root.n}}{{/@root.n}}{{/n}}', 'iterations'],
    ['a list as an address', '{{#each n}}{{media url=@root.n}}{{/each}}', 'characters'],
    ['a list as the name of a section', '{{#each n}}{{section @root.n}}{{/each}}', 'characters'],
    ['a list as a key', '{{#each n}}{{#if (lookup this @root.n)}}{{/if}}{{/each}}', 'characters'],
    ['copies of a context', '{{#each n}}{{> empty @root.o x=1}}{{/each}}', 'characters'],
    ['copies of a text', '{{#each n}}{{> empty @root.long x=1}}{{/each}}', 'characters'],
    ['endless messages', '{{#each many}}{{role "user"}}x{{/each}}', 'iterations'],
    ['a long text in a loop', `{{#each n}}${'x'.repeat(10_000)}{{/each}}`, 'characters'],
    ['a list as text', '{{#each n}}{{@root.n}}{{/each}}', 'characters'],
    ['JSON that is never written', '{{#each n}}{{#if (json @root.n)}}{{/if}}{{/each}}', 'characters'],
    ['a long value through partials', '{{#each n}}{{> double}}{{/each}}', 'characters'],
  ])(
    'ends at its limit with %s',
    async (_what, template, exceeded) => {
      const o = Object.fromEntries(n.map((key) => [`k${key}`, key]));
      const input = { n, o, many: numbers(250_000), text: 'x'.repeat(1000), long: 'x'.repeat(50_000) };
      // the count does not depend on the limits, and a twentieth of them ends it twenty times sooner
      const limits = { values: 50_000, iterations: 100_000, characters: 1_600_000 };
      const message = new RegExp(describeLimit(exceeded, limits));
      await expect(render(template, input, { limits })).rejects.toMatchObject(stopped(message));
    },
    SLOW_MS,
  );

  it(
    'ends if inline partials double each other, and if a loop repeats the history',
    async () => {
      const inline = (level: number) => `{{#*inline "p${level}"}}{{> p${level + 1}}}{{> p${level + 1}}}{{/inline}}`;
      const doubled = `${numbers(30).map(inline).join('')}{{#*inline "p30"}}{{/inline}}{{> p0}}`;
      await expect(render(doubled, {})).rejects.toMatchObject({ message: expect.stringMatching(/call each other/) });
      const turn = { role: 'user' as const, parts: [{ type: 'text' as const, text: 'h' }] };
      const history = numbers(1000).map(() => turn);
      const looped = render('{{#each n}}{{history}}{{/each}}', { n }, { history });
      await expect(looped).rejects.toMatchObject(stopped(/more than 2,000,000 loop iterations/));
      const twice = await render('{{#each list}}{{history}}{{/each}}', { list: [1, 2] }, { history });
      expect(twice).toBe('h'.repeat(2000));
    },
    SLOW_MS,
  );

  it('reports the file and that nothing was sent', async () => {
    const looped = render(
      '{{#each n}}{{#each @root.n}}{{this}}{{/each}}{{/each}}',
      { n },
      { limits: BACKGROUND_LIMITS },
    );
    await expect(looped).rejects.toMatchObject({
      message: expect.stringMatching(/^\/w\/a\.prompt: /) as string,
      hint: expect.stringMatching(/^No request was sent\. /) as string,
    });
  });

  it('counts the text of inner blocks once', async () => {
    const template = `${'{{#with o}}'.repeat(50)}{{#each @root.list}}${'y'.repeat(1000)}{{/each}}${'{{/with}}'.repeat(50)}`;
    let o: Record<string, unknown> = {};
    for (let depth = 0; depth < 50; depth += 1) o = { o };
    expect((await render(template, { o, list: numbers(10_000) })).length).toBe(10_000_000);
  });

  it('has much lower limits if the user did not ask for it', async () => {
    const template = '{{#each n}}{{this}}{{/each}}';
    await expect(render(template, { n }, { limits: BACKGROUND_LIMITS })).rejects.toMatchObject(
      stopped(/20,000 values/),
    );
    expect(await render(template, { n: numbers(100) }, { limits: BACKGROUND_LIMITS })).toBe(numbers(100).join(''));
  });
});

describe('the check of a prompt', () => {
  const list = (count: number) => `[${numbers(count).join(', ')}]`;
  const { index } = makeWorkspace({ '_inner.prompt': '{{#each n}}{{this}}{{/each}}' });
  const find = (template: string, defaults = `n: ${list(3000)}`) => {
    const source = `---\ninput:\n  default:\n    ${defaults}\n---\n${template}`;
    return checkPrompt(source, { path: '/w/a.prompt', workspace: index })
      .filter(({ code }) => code === 'render-limit')
      .map(({ range, severity }) => `${severity}: ${source.slice(range.start, range.end)}`);
  };

  it.each([
    ['{{#each n}}{{#each @root.n}}{{this}}{{/each}}{{/each}}', '{{#each n}}'],
    ['Hi {{#each n}}{{#each ../n}}{{this}}{{/each}}{{/each}}', '{{#each n}}'],
    ['{{#n}}{{#@root.n}}x{{/@root.n}}{{/n}}', '{{#n}}'],
    ['{{#each n as |a|}}{{#each @root.n as |b|}}{{#if b}}{{a}}{{/if}}{{/each}}{{/each}}', '{{#each n as |a|}}'],
    ['{{#if n}}{{#each n}}{{#with @root}}{{#each n}}{{this}}{{/each}}{{/with}}{{/each}}{{/if}}', '{{#if n}}'],
    ['{{#each n}}{{> inner n=@root.n}}{{/each}}', '{{#each n}}'],
  ])('reports %s with the file’s own defaults', (template, marked) => {
    expect(find(template)).toEqual([`warning: ${marked}`]);
  });

  it.each([
    ['a loop over a long list', '{{#each n}}{{this}}{{/each}}'],
    [
      'a block that is skipped with the defaults',
      '{{#if none}}{{#each n}}{{#each @root.n}}{{this}}{{/each}}{{/each}}{{/if}}',
    ],
    ['a loop over each entry’s list', '{{#each n}}{{#each this}}{{this}}{{/each}}{{/each}}'],
    ['a name without a default', '{{#each m}}{{#each @root.m}}{{this}}{{/each}}{{/each}}'],
  ])('reports nothing for %s', (_what, template) => {
    expect(find(template)).toEqual([]);
  });

  it('counts lists inside lists', () => {
    const template = '{{#each rows}}{{#each cells}}{{this}}{{/each}}{{/each}}';
    const rows = (count: number) => `rows: [${Array.from({ length: count }, () => '{cells: *c}').join(', ')}]`;
    const cells = `cells: &c ${list(11_000)}`;
    expect(find(template, `${cells}\n    ${rows(90)}`)).toEqual([]);
    expect(find(template, `${cells}\n    ${rows(92)}`)).toEqual(['warning: {{#each rows}}']);
  });

  it('is as fast as a key press, however the loops are nested', () => {
    const nested = `${'{{#each @root.n}}'.repeat(6)}{{#if this}}{{this}}{{/if}}${'{{/each}}'.repeat(6)}`;
    expect(find(nested.repeat(5))).toHaveLength(5);
  });

  it('is as fast for many loops as for one', () => {
    const loops = '{{#each n}}{{#each @root.n}}{{#if this}}{{#each @root.m}}{{/each}}{{/if}}{{/each}}{{/each}}\n';
    const began = cpuTimeMs();
    expect(find(loops.repeat(1000), `m: [1]\n    n: ${list(300)}`)).toEqual([]);
    // with a budget for each they took about ten seconds
    expect(cpuTimeMs() - began).toBeLessThan(2000);
  });
});
