import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerPaths } from '../../../../src/core/evals/language/answer-paths.ts';
import { checkNames } from '../../../../src/core/evals/language/check-names.ts';
import { completeNames } from '../../../../src/core/evals/language/complete-names.ts';
import { describeName } from '../../../../src/core/evals/language/describe-name.ts';
import type { EvalNames } from '../../../../src/core/evals/language/eval-names.ts';
import { metricTable } from '../metrics.ts';

const folder = path.resolve('/w');
const file = path.join(folder, 'evals/churn.eval.yaml');
const promptFile = path.join(folder, 'prompts/churn.prompt');
const dataset = path.join(folder, 'data/cases.jsonl');
/** As of a workspace with one prompt and one dataset. */
const names: EvalNames = {
  prompts: async () => [{ name: 'prompts/churn', file: promptFile }],
  refsOf: async (prompt) => ([promptFile, 'prompts/churn'].includes(prompt) ? ['production', 'v1'] : []),
  models: async () => [{ ref: 'demo/swift', detail: '32k context' }],
  datasets: async () => [dataset, path.join(folder, 'data/a b, c.csv')],
  columns: async (one) => (one === dataset ? ['question', 'label'] : []),
  rowCount: async (one) => (one === dataset ? 12 : undefined),
  outputPaths: async (prompt) => (prompt === promptFile ? ['risk', 'factors[0]'] : []),
};

/** `|` is the cursor. The text that accepting the first item, or the one with a label, gives. */
async function complete(marked: string, label?: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const offered = await completeNames(text, offset, { file, names });
  const item = offered?.items.find((one) => label === undefined || one.label === label);
  return {
    labels: offered?.items.map((one) => one.label),
    text: offered && item && text.slice(0, offered.start) + item.insert + text.slice(offered.end),
  };
}

describe('completion of what an evaluation names', () => {
  it('reads the first of many rows for their columns', async () => {
    const rows = Array.from({ length: 2000 }, (_, index) => `  - { city: "Oslo ${index}", tags: [a] }\n`).join('');
    expect((await complete(`rows:\n${rows}group: |`)).labels).toEqual(['city', 'tags']);
    expect((await complete(`{ rows: [{ city: Oslo }], group: "|" }`)).labels).toEqual(['city']);
    expect((await complete(`dataset: &all [{ city: Oslo }]\nrows: *all\ngroup: |`)).labels).toEqual(['city']);
  });

  it.each([
    ['prompts:\n  - |\n', 'prompts:\n  - prompts/churn\n'],
    ['prompts: [|]', 'prompts: [prompts/churn]'],
    ['prompts: [a, pro|]', 'prompts: [a, prompts/churn]'],
    ['prompts: ["pro|"]', 'prompts: ["prompts/churn"]'],
    ['prompts:\n  - prompts/churn@pro|\n', 'prompts:\n  - prompts/churn@production\n'],
    ['prompts: [../prompts/churn.prompt@|]', 'prompts: [../prompts/churn.prompt@production]'],
    ['models:\n  - de|\n', 'models:\n  - demo/swift\n'],
    ['models: [x/y, { model: | }]', 'models: [x/y, { model: demo/swift }]'],
    ['models:\n  - model: |\n', 'models:\n  - model: demo/swift\n'],
    ['judge: |', 'judge: demo/swift'],
    ['judge:|', 'judge: demo/swift'],
    ['dataset: ../da|', 'dataset: ../data/cases.jsonl'],
    ['dataset:\n  - path: |', 'dataset:\n  - path: ../data/cases.jsonl'],
    ['dataset: [|]', 'dataset: [../data/cases.jsonl]'],
    ['prompts: [prompts/churn]\nbaseline: |', 'prompts: [prompts/churn]\nbaseline: production'],
    [
      'dataset: ../data/cases.jsonl\ncolumns: { expected: | }',
      'dataset: ../data/cases.jsonl\ncolumns: { expected: question }',
    ],
    ['rows: [{ city: Oslo }]\ngroup: |', 'rows: [{ city: Oslo }]\ngroup: city'],
    [
      'prompts: [../prompts/churn.prompt]\nmetrics:\n  - { metric: equals, path: | }',
      'prompts: [../prompts/churn.prompt]\nmetrics:\n  - { metric: equals, path: risk }',
    ],
  ])('%j', async (marked, expected) => {
    expect((await complete(marked)).text).toBe(expected);
  });

  it('offers a prompt by name and by path, and its versions only after an @', async () => {
    expect((await complete('prompts: [|]')).labels).toEqual(['prompts/churn', '../prompts/churn.prompt']);
    expect((await complete('prompts: [prompts/churn@|]')).labels).toEqual([
      'prompts/churn@production',
      'prompts/churn@v1',
    ]);
    expect((await complete('prompts: [unknown@|]')).labels).toEqual([]);
  });

  it('quotes what YAML would read as something else', async () => {
    expect((await complete('dataset: [|]', '../data/a b, c.csv')).text).toBe('dataset: ["../data/a b, c.csv"]');
  });

  it('offers nothing where something else is written', async () => {
    for (const marked of ['|', 'repeats: |', 'models: [{ | }]', 'models:\n  - model: a/b\n    |', '# prompts: [|]']) {
      expect((await complete(marked)).labels).toBeUndefined();
    }
  });

  it('bears any text', async () => {
    const texts = fc.string({ unit: fc.constantFrom(...'promts: [{}]-@"\'\n #&*a') });
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(40), async (text, offset) => {
        const whole = `prompts: [${text}`;
        await completeNames(whole, Math.min(offset, whole.length), { file, names });
      }),
    );
  });
});

describe('a hover', () => {
  const hover = async (marked: string) =>
    (await describeName(marked.replace('|', ''), marked.indexOf('|'), { file, names }))?.lines;

  it('tells what a prompt, a model and a dataset are, and nothing of what is unknown', async () => {
    expect(await hover('prompts: [prompts/ch|urn@v1]')).toEqual([
      'prompts/churn: ../prompts/churn.prompt',
      'The version v1.',
      'Labels and saved versions: production, v1',
    ]);
    expect(await hover('models: [demo/sw|ift]')).toEqual(['demo/swift', '32k context']);
    expect(await hover('dataset: ../data/ca|ses.jsonl')).toEqual(['12 rows', 'Columns: question, label']);
    for (const marked of ['prompts: [no|ne]', 'models: [no/|ne]', 'dataset: no|ne.csv', 'repeats: 3|']) {
      expect(await hover(marked)).toBeUndefined();
    }
  });
});

describe('the check of names', () => {
  const unknown = (code: string) => async (written: string) =>
    written.includes('good') ? undefined : { code, message: `There is no ${written}.` };
  const checks = { prompt: unknown('unknown-version'), model: unknown('unknown-model') };
  const check = async (text: string) => {
    const problems = await checkNames(text, { file, metrics: metricTable, checks });
    return problems.map(({ code, message, range }) => [code, message, text.slice(range?.start, range?.end)]);
  };

  it('marks each name that does not exist', async () => {
    const rows = 'rows: [{ q: a }]\nmetrics: [equals]\n';
    expect(await check(`prompts: [good, bad@v1]\nmodels: [no/x, good/y]\njudge: no/z\n${rows}`)).toEqual([
      ['unknown-version', 'prompts: There is no bad@v1.', 'bad@v1'],
      ['unknown-model', 'models: There is no no/x.', 'no/x'],
      ['unknown-model', 'judge: There is no no/z.', 'no/z'],
    ]);
    expect(await check(`prompts: [./a.prompt]\nmodels: [good/y]\nbaseline: v9\n${rows}`)).toEqual([
      ['unknown-version', `baseline: There is no ${path.join(folder, 'evals/a.prompt')}@v9.`, 'v9'],
    ]);
    expect(await check('prompts: [bad@v1]\nrepeats: no\n')).toEqual([]);
  });
});

it('the paths of answers follow their schema, also one that contains itself', () => {
  const factor: Record<string, unknown> = { type: 'object', properties: { name: { type: 'string' } } };
  const properties = { risk: { type: 'string' }, factors: { type: 'array', items: factor } };
  expect(answerPaths({ type: 'object', properties })).toEqual(['risk', 'factors', 'factors[0]', 'factors[0].name']);
  factor.properties = { again: factor };
  expect(answerPaths({ type: 'object', properties }).length).toBeLessThan(20);
  expect(answerPaths(undefined)).toEqual([]);
});
