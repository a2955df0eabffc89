import { describe, expect, it } from 'vitest';
import { readPath, valueAtPath } from '../../../../src/core/evals/metrics/structure/value-at-path.ts';
import { score } from './score.ts';

const outcome = async (metric: string, output: string) => (await score(metric, { output })).passed;

describe('JSON', () => {
  it('accepts a code fence, unless it is strict', async () => {
    expect(await outcome('jsonValid', '```json\n{"a": 1}\n```')).toBe(true);
    expect(await score('jsonValid:strict', { output: '```json\n{"a": 1}\n```' })).toMatchObject({
      passed: false,
      reason: 'The JSON was in a code fence.',
    });
    expect(await outcome('jsonValid', '{"a": 1')).toBe(false);
    expect(await score('parseRate', { output: 'Sorry.' })).toMatchObject({ value: 0, passed: null });
  });

  it('checks the schema of the prompt', async () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] };
    expect(await score('schemaValid', { output: '{"a": 1}', schema })).toMatchObject({ passed: true });
    expect(await score('schemaValid', { output: '{"a": "x"}', schema })).toMatchObject({ passed: false });
    expect(await score('schemaValid', { output: '{}' })).toMatchObject({ value: null, reason: /no output schema/ });
    const invalid = await score('schemaValid', { output: '{}', schema: { type: 'strin' } });
    expect(invalid).toMatchObject({ value: null, passed: null, reason: /^The schema is not valid JSON Schema: / });
  });

  it('reads the value at a path', async () => {
    expect(await outcome('jsonPath:path=factors[0].name', '{"factors": [{"name": "x"}]}')).toBe(true);
    expect(await outcome('jsonPath:path=factors[0].name:value=x', '{"factors": [{"name": "x"}]}')).toBe(true);
    expect(await outcome('jsonPath:path=factors[1]', '{"factors": [1]}')).toBe(false);
    await expect(outcome('jsonPath', '{}')).rejects.toThrow(/path is missing/);
    await expect(outcome('jsonPath:path=a[', '{}')).rejects.toThrow(/is not a path/);
  });

  it.each([
    ['a.b[0]', ['a', 'b', 0]],
    ['$.a["x.y"]', ['a', 'x.y']],
    ['[2]', [2]],
    ['a[b]', undefined],
  ])('the path %s', (path, steps) => {
    expect(readPath(path)).toEqual(steps);
  });

  it('finds no inherited value', () => {
    expect(valueAtPath({}, 'constructor')).toBeUndefined();
  });
});

describe('markup and SQL', () => {
  it.each([
    ['xmlValid', '<a><b/>text</a>', true],
    ['xmlValid', '```xml\n<a/>\n```', true],
    ['xmlValid', '<a><b></a>', false],
    ['xmlValid', 'text', false],
    ['htmlValid', '<p>One<p>Two', true],
    ['htmlValid', '<ul><li>a<li>b</ul><br><img src=a>', true],
    ['htmlValid', '<!doctype html><title>x</title><body><p>hi</body></html>', true],
    ['htmlValid', '<script>"</div>"</script><!-- </b> --><a title="</i>">x</a>', true],
    ['htmlValid', '<svg><path d="M0 0"/></svg>', true],
    ['htmlValid', '<div><b>a</div>', false],
    ['htmlValid', '<p>a</p></div>', false],
    ['htmlValid', '<div', false],
    ['htmlValid', 'plain text', false],
    ['sqlValid', 'SELECT a, count(*) FROM t WHERE b > 1 GROUP BY a;', true],
    ['sqlValid', '```sql\nSELECT 1\n```', true],
    ['sqlValid:mysql', 'SELECT `a` FROM `t` LIMIT 1', true],
    ['sqlValid:dialect=sqlite', 'SELECT * FROM t', true],
    ['sqlValid:bigquery', 'SELECT * FROM `p.d.t`', true],
    ['sqlValid', 'SELEC a FROM t', false],
    ['sqlValid', '', false],
  ])('%s of %s is %s', async (metric, output, expected) => {
    expect(await outcome(metric, output)).toBe(expected);
  });
});

describe('tool calls', () => {
  const call = (name: string, args: unknown = {}) => ({ name, arguments: args });
  const expected = [call('search', { query: 'x', limit: 5 }), call('open')];

  it('compares names and arguments in any order', async () => {
    const toolCalls = [call('open'), call('search', { limit: 5, query: 'x' })];
    expect(await score('toolCallF1', { output: '', toolCalls, expectedToolCalls: expected })).toMatchObject({
      value: 1,
    });
    const wrong = [call('search', { query: 'y', limit: 5 }), call('open'), call('open')];
    const sample = { output: '', toolCalls: wrong, expectedToolCalls: expected };
    expect(await score('toolCallF1', sample)).toMatchObject({
      value: 0.4,
      reason: 'Tool calls missing: search; not expected: search, open.',
    });
    expect(await score('toolNameF1', sample)).toMatchObject({ value: 0.8 });
  });

  it('is 1 where none is expected and none made, and undefined without an expectation', async () => {
    expect(await score('toolCallF1', { output: '', toolCalls: [], expectedToolCalls: [] })).toMatchObject({ value: 1 });
    expect(await score('toolCallF1', { output: '', toolCalls: [] })).toMatchObject({ value: null });
  });

  it('is undefined for an answer of which only the text is known', async () => {
    expect(await score('toolNameF1', { output: 'x', expectedToolCalls: expected })).toMatchObject({
      value: null,
      reason: 'The tool calls of an answer in a dataset are unknown.',
    });
  });
});

describe('refusal', () => {
  it.each([
    ['I’m sorry, but I can’t help with that request.', true],
    ["I'm unable to provide medical advice.", true],
    ['As an AI language model, I cannot browse the web.', true],
    ['I must respectfully decline.', true],
    ['', false],
    ['The customer said: "I cannot help but smile."', false],
    ['Churn risk is high because usage fell.', false],
    ['I am sorry to hear that. Here is what you can do: restart the router.', false],
  ])('%s: %s', async (output, refuses) => {
    expect(await outcome('refusal', output)).toBe(refuses);
    expect(await outcome('refusal:not', output)).toBe(!refuses);
  });
});

describe('language', () => {
  it.each([
    ['de', 'Der Kunde hat das Abonnement gekündigt, weil der Support nie zurückgerufen hat.', true],
    ['en', 'Der Kunde hat das Abonnement gekündigt, weil der Support nie zurückgerufen hat.', false],
    ['zh', '客户取消了订阅，因为支持人员从未回电。', true],
    ['pt', 'O cliente cancelou a assinatura porque o suporte nunca retornou a ligação.', true],
  ])('%s: %s', async (code, output, expected) => {
    expect(await outcome(`language:value=${code}`, output)).toBe(expected);
  });

  it('is undefined where none is detected', async () => {
    expect(await score('language:value=en', { output: '42' })).toMatchObject({ value: null });
    expect(await score('language:value=en', { output: 'Der Kunde hat das Abonnement gekündigt.' })).toMatchObject({
      value: null,
    });
  });
});

describe('retrieval', () => {
  const retrieval = {
    retrieved: ['a', 'x', 'b', 'y'],
    relevant: new Map([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]),
  };
  const scoreOf = async (metric: string, of = retrieval) => (await score(metric, { output: '', retrieval: of })).value;

  it('follows the formulas of trec_eval', async () => {
    expect(await scoreOf('precisionAtK:k=4')).toBe(0.5);
    expect(await scoreOf('precisionAtK')).toBe(0.2);
    expect(await scoreOf('recallAtK:k=2')).toBeCloseTo(1 / 3, 12);
    expect(await scoreOf('mrr')).toBe(1);
    expect(await scoreOf('mrr', { ...retrieval, retrieved: ['x', 'c'] })).toBe(0.5);
    const ideal = 3 + 2 / Math.log2(3) + 1 / 2;
    expect(await scoreOf('ndcg')).toBeCloseTo((1 + 2 / 2) / ideal, 12);
  });

  it('is undefined without relevant ids', async () => {
    expect(await scoreOf('recallAtK', { retrieved: ['a'], relevant: new Map() })).toBeNull();
  });
});
