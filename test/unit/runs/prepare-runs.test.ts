import { describe, expect, it } from 'vitest';
import { createRawRecord } from '../../../src/core/runs/answers/raw-record.ts';
import { estimateRun } from '../../../src/core/runs/estimate.ts';
import { mergeParameters, prepareRuns } from '../../../src/core/runs/prepare-runs.ts';
import { createBench, createSpec } from './fixtures.ts';

function prepare(repeat: number) {
  let ids = 0;
  const column = (model: string) => ({ model, parameters: { temperature: 0 }, promptCaching: false });
  return prepareRuns(
    { newId: () => `id${++ids}`, sourceHash: (source) => `hash of ${source}` },
    {
      prompt: { path: '/w/a.prompt', name: 'a', source: 'Hi' },
      rendered: {
        messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        parameters: { temperature: 1, topP: 0.5 },
        output: { format: 'text' },
        tools: [],
        model: undefined,
        contentHash: 'hash of Hi and its partials',
      },
      columns: [column('t/a'), { ...column('t/b'), messages: [] }],
      repeat,
      input: { x: 1 },
    },
  );
}

describe('preparing runs', () => {
  it('creates one spec for each repeat of each column, with separate ids in one comparison', () => {
    const specs = prepare(3);
    expect(specs.map(({ column, repeat }) => `${repeat}${column}`)).toEqual(['00', '01', '10', '11', '20', '21']);
    expect(new Set(specs.map(({ runId }) => runId)).size).toBe(6);
    expect(new Set(specs.map(({ comparisonId }) => comparisonId)).size).toBe(1);
    expect(specs[0]).toMatchObject({ prompt: { sourceHash: 'hash of Hi' }, parameters: { temperature: 0, topP: 0.5 } });
  });

  it('gives a column that continues a conversation its own messages', () => {
    expect(prepare(1)[1]?.messages).toEqual([]);
  });

  it('runs at least once, for any number of repeats', () => {
    expect([prepare(0), prepare(-1), prepare(Number.NaN)].map((specs) => specs.length)).toEqual([2, 2, 2]);
  });

  it('lets a column override, but not remove, the parameters of the file', () => {
    const merged = mergeParameters({ temperature: 1, extra: { a: 1 } }, { temperature: undefined, extra: { b: 2 } });
    expect(merged).toEqual({ temperature: 1, extra: { a: 1, b: 2 } });
  });
});

describe('an estimate', () => {
  it('contains the input, its cost, and the maximum at the limit of the request or model', async () => {
    const { deps } = createBench({}, { maxOutputTokens: 100 });
    expect(await estimateRun(deps, createSpec())).toEqual({
      inputTokens: 10,
      inputUsd: 10,
      ceilingUsd: 210,
      maxOutputTokens: 100,
    });
    const limited = await estimateRun(deps, createSpec({ parameters: { maxOutputTokens: 5 } }));
    expect(limited).toMatchObject({ ceilingUsd: 20, maxOutputTokens: 5 });
  });

  it('has no maximum without a limit, and no cost without a price', async () => {
    expect((await estimateRun(createBench({}).deps, createSpec())).ceilingUsd).toBeUndefined();
    const free = createBench({}, { prices: undefined, maxOutputTokens: 9 });
    expect(await estimateRun(free.deps, createSpec())).toMatchObject({ inputUsd: undefined, ceilingUsd: undefined });
  });

  it('never fails', async () => {
    const { deps } = createBench({});
    deps.estimateInput = async () => Promise.reject(new Error('no tokenizer'));
    deps.models.modelInfo = async () => Promise.reject(new Error('no list'));
    expect(await estimateRun(deps, createSpec())).toMatchObject({ inputTokens: undefined, inputUsd: undefined });
  });

  it('counts shared messages once per model', async () => {
    const { deps } = createBench({});
    let calls = 0;
    deps.estimateInput = async () => ++calls;
    const spec = createSpec();
    await Promise.all([
      estimateRun(deps, spec),
      estimateRun(deps, { ...spec }),
      estimateRun(deps, { ...spec, model: 't/b' }),
    ]);
    expect(calls).toBe(2);
  });
});

describe('the raw response', () => {
  it('is kept up to a limit, with a note', () => {
    const raw = createRawRecord(1000);
    for (let index = 0; index < 100; index++) raw.add({ text: 'x'.repeat(90) });
    const kept: unknown[] = JSON.parse(raw.json());
    expect(kept.length).toBeLessThan(12);
    expect(kept.at(-1)).toEqual({ truncated: 'Only the first 1000 characters are kept.' });
  });

  it('survives a chunk that is not JSON', () => {
    const raw = createRawRecord();
    raw.add({ n: 1n });
    raw.add(undefined);
    expect(JSON.parse(raw.json())).toEqual(['[object Object]', null]);
  });

  it('is kept as it was sent, except for escapes that could hide a secret', () => {
    const raw = createRawRecord();
    raw.add({ a: 1, b: 'x"y' }, '{ "a": 1.0, "b": "x\\"y" }');
    raw.add({ key: 'sk-planted/1' }, '{"key": "\\u0073k-planted\\/1"}');
    expect(raw.json()).toBe('[{ "a": 1.0, "b": "x\\"y" },{"key":"sk-planted/1"}]');
  });
});
