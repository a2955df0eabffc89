import { describe, expect, it } from 'vitest';
import { checkCases } from '../../../src/core/evals/cases/check-cases.ts';
import { contentHash } from '../../../src/core/evals/cases/eval-case.ts';
import { promptInputs } from '../../../src/core/evals/cases/prompt-inputs.ts';
import { caseError, type ReadCasesOptions, readCases } from '../../../src/core/evals/cases/read-cases.ts';
import { requireEvalSpec } from '../../../src/core/evals/file/eval-file.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { inputFields } from '../../../src/core/prompts/schema/input-fields.ts';
import { collect } from './collect.ts';
import { metricTable } from './metrics.ts';

const specOf = (text: string) => requireEvalSpec(text, '/w/x.eval.yaml', metricTable);

/** Datasets by what the evaluation file calls them. */
function open(files: Record<string, string>): ReadCasesOptions['open'] {
  return (file) => [Buffer.from(files[file.replace(/^.*[\\/]/, '')] ?? '')];
}

async function casesOf(text: string, files: Record<string, string> = {}, options: Partial<ReadCasesOptions> = {}) {
  return collect(readCases(await specOf(text), { open: open(files), ...options }));
}

function promptOf(schema: string, template: string) {
  const { prompt } = parsePrompt(`---\nname: p\ninput:\n  schema:\n${schema}---\n${template}`);
  return { prompt, fields: inputFields(prompt) };
}

describe('cases', () => {
  it('have the parts that usual names stand for', async () => {
    const [first] = await casesOf('dataset: a.jsonl', {
      'a.jsonl': `${JSON.stringify({
        user_input: 'Why?',
        retrieved_contexts: ['one', 'two'],
        response: 'Because.',
        reference: ['a', 'b'],
        reference_tool_calls: [{ name: 'search', args: { q: 'x' } }],
        tags: 'short, hard',
        weight: 2,
        group: 7,
        thumbs: 'up',
      })}\n`,
    });
    expect(first).toMatchObject({
      inputs: { user_input: 'Why?' },
      contexts: ['one', 'two'],
      output: 'Because.',
      expected: ['a', 'b'],
      toolCalls: [{ name: 'search', arguments: { q: 'x' } }],
      tags: ['short', 'hard'],
      weight: 2,
      group: '7',
      dataset: 'a.jsonl',
      number: 1,
    });
  });

  it('have the parts that a mapping names', async () => {
    const columns = 'columns: { inputs: { question: q }, expected: [gold, silver], id: key }';
    const [first] = await casesOf(`dataset: a.csv\n${columns}`, { 'a.csv': 'key,q,gold,silver,x\nk1,Why?,a,b,c\n' });
    expect(first).toMatchObject({ id: 'k1', inputs: { question: 'Why?' }, expected: ['a', 'b'] });
  });

  it('read the ids of a retrieval: lists, JSON in a table, and gains', async () => {
    const json = '{"q": "a", "retrieved_ids": ["x", 7], "relevant_ids": {"x": 2, "y": 1}}';
    const [first] = await casesOf('dataset: a.jsonl', { 'a.jsonl': json });
    expect(first).toMatchObject({ inputs: { q: 'a' }, retrieval: { retrieved: ['x', '7'], relevant: { x: 2, y: 1 } } });
    const table = 'q,found,good\nb,"[""x""]","[""x"", ""y""]"\n';
    const columns = 'columns: { retrieved: found, relevant: good }';
    const [second] = await casesOf(`dataset: a.csv\n${columns}`, { 'a.csv': table });
    expect(second?.retrieval).toEqual({ retrieved: ['x'], relevant: { x: 1, y: 1 } });
    const [third] = await casesOf('dataset: a.jsonl', { 'a.jsonl': '{"q": "a", "relevant_ids": ["x"]}' });
    expect(third?.retrieval).toBeUndefined();
  });

  it('read conversations, and take an answer at the end as the expected one', async () => {
    const messages = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: 'Hello!' },
    ];
    const [first] = await casesOf('dataset: a.jsonl', { 'a.jsonl': JSON.stringify({ messages }) });
    expect(first?.messages).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
    ]);
    expect(first?.expected).toEqual(['Hello!']);
    const ragas = [{ content: 'Hi', type: 'human' }];
    const [second] = await casesOf('dataset: a.jsonl', { 'a.jsonl': JSON.stringify({ user_input: ragas }) });
    expect(second).toMatchObject({ inputs: {}, messages: [{ role: 'user' }] });
  });

  it('read lists in cells of a table as JSON', async () => {
    const [first] = await casesOf('dataset: a.csv', {
      'a.csv': 'q,contexts,expected\nx,"[""a"",""b""]","[""c"",""d""]"\n',
    });
    expect(first).toMatchObject({ contexts: ['a', 'b'], expected: ['c', 'd'] });
  });

  it('come from rows of the file itself', async () => {
    expect(await casesOf('rows: [{ q: 1 }, { q: 2, id: x }]')).toMatchObject([
      { inputs: { q: 1 }, dataset: undefined, number: 1 },
      { inputs: { q: 2 }, id: 'x', number: 2 },
    ]);
  });
});

describe('the identity of a case', () => {
  it('is its ID, or a hash of its inputs alone', async () => {
    const read = (row: object) => casesOf('dataset: a.jsonl', { 'a.jsonl': JSON.stringify(row) });
    const [plain] = await read({ q: 'x', expected: 'a' });
    const [other] = await read({ expected: 'b', tags: 'new', q: 'x' });
    expect(plain?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(other?.id).toBe(plain?.id);
    expect(plain && other && contentHash(plain) !== contentHash(other)).toBe(true);
    expect((await read({ id: 12, q: 'x' }))[0]?.id).toBe('12');
  });

  it('is numbered for equal rows, in order and with a notice', async () => {
    const notices: string[] = [];
    const cases = await casesOf(
      'dataset: [a.csv, b.csv]',
      { 'a.csv': 'q\nx\ny\nx\n', 'b.csv': 'q\nx\n' },
      { onNotice: (text) => notices.push(text) },
    );
    const id = cases[0]?.id;
    expect(cases.map((one) => one.id)).toEqual([id, expect.not.stringContaining('#'), `${id}#2`, `${id}#3`]);
    expect(notices).toEqual([expect.stringMatching(/^2 rows have the same inputs as an earlier one, and got #2, #3/)]);
  });

  it('have numbers that no written ID has, and no written ID may be such a number', async () => {
    const equal = '{"q": "x"}\n{"q": "x"}\n';
    const [first] = await casesOf('dataset: a.jsonl', { 'a.jsonl': equal });
    const written = `{"id": "${first?.id}#2", "q": "y"}\n`;
    const cases = await casesOf('dataset: a.jsonl', { 'a.jsonl': written + equal });
    expect(cases.map(({ id }) => id)).toEqual([`${first?.id}#2`, first?.id, `${first?.id}#3`]);
    await expect(casesOf('dataset: a.jsonl', { 'a.jsonl': equal + written })).rejects.toMatchObject({
      code: 'duplicate-case-id',
    });
  });

  it('must be unique if it is written', async () => {
    const files = { 'a.csv': 'id,q\n1,x\n2,y\n', 'b.csv': 'id,q\n3,z\n2,w\n' };
    await expect(casesOf('dataset: [a.csv, b.csv]', files)).rejects.toMatchObject({
      code: 'duplicate-case-id',
      message: 'b.csv:3: row 2: the ID "2" is also that of row 2 of a.csv. Their inputs differ: q.',
    });
    const copied = { 'a.jsonl': '{"id":"x","a":[1],"b":2}\n{"id":"y"}\n{"id":"x","b":2,"a":[1],"expected":"other"}\n' };
    await expect(casesOf('dataset: a.jsonl', copied)).rejects.toMatchObject({
      message: 'a.jsonl:3: row 3: the ID "x" is also that of row 1. Their inputs are the same.',
    });
  });

  it('decides what a sample has', async () => {
    const text = Array.from({ length: 100 }, (_, index) => `{"q":${index}}\n`).join('');
    const sample = (seed: number) => casesOf(`dataset: a.jsonl\nsample: { n: 10, seed: ${seed} }`, { 'a.jsonl': text });
    const cases = await sample(1);
    expect(cases).toHaveLength(10);
    expect(cases.map(({ number }) => number)).toEqual(cases.map(({ number }) => number).toSorted((a, b) => a - b));
    expect((await sample(1)).map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
  });
});

describe('a reference that a metric cannot use', () => {
  const faults = async (metric: string, rows: string) => {
    const text = `dataset: a.jsonl\nmetrics: [${metric}]\n`;
    const { problems } = await checkCases(await specOf(text), { open: open({ 'a.jsonl': rows }), prompts: [] });
    return problems.map(({ message }) => message);
  };

  it('is named with its row before a request', async () => {
    const rows = '{"output":"a","expected":"^a"}\n{"output":"b","expected":["b","("]}\n';
    expect(await faults('regex', rows)).toEqual([
      'a.jsonl:2: row 2: the reference cannot be used by regex: Invalid regular expression: /(/u: Unterminated group.',
    ]);
  });

  it('is that at the path of the metric, and none if the metric has a pattern of its own', async () => {
    const rows = '{"output":"{}","expected":{"a":"[","b":"x"}}\n';
    expect(await faults('{ metric: regex, path: a }', rows)).toEqual([expect.stringContaining('/[/u')]);
    expect(await faults('{ metric: regex, path: b }', rows)).toEqual([]);
    expect(await faults('{ metric: regex, value: x }', rows)).toEqual([]);
  });
});

describe('faults that are found before a request', () => {
  const prompt = promptOf(
    '    age: integer\n    vip?: boolean\n    plan(enum): [gold, free]\n',
    '{{age}} {{vip}} {{plan}}',
  );

  async function faults(text: string, files: Record<string, string>, prompts = [prompt]) {
    const { problems } = await checkCases(await specOf(text), { open: open(files), prompts });
    return problems.map(({ code, message }) => `${code} ${message}`);
  }
  const EVAL = 'prompts: [p]\ndataset: a.csv\n';

  it.each([
    ['age,vip,plan\n42,yes,gold\n', []],
    ['age,plan\n42,gold\nx,free\n', ['wrong-type a.csv:3: row 2: age: “x” is not a number.']],
    ['age\n42\n', ['missing-column a.csv:2: row 1: plan is missing.']],
    ['age,plan\n42,silver\n', ['wrong-type a.csv:2: row 1: plan must be one of gold, free, not the text "silver".']],
    ['age,plan\n', ['no-cases a.csv: there is no case. Add at least one row.']],
    ['', ['no-cases a.csv: there is no case. Add at least one row.']],
    [
      'id,age,plan\na,1,gold\na,2,gold\n',
      ['duplicate-case-id a.csv:3: row 2: the ID "a" is also that of row 1. Their inputs differ: age.'],
    ],
    ['age,plan,weight\n1,gold,-1\n', ['wrong-type a.csv:2: row 1: the weight must be a number, 0 or more.']],
    [
      'age,plan,messages\n1,gold,hi\n',
      ['wrong-type a.csv:2: row 1: messages must be a list of messages with role and content.'],
    ],
    [
      'age,plan,retrieved_ids\n1,gold,x y\n',
      ['wrong-type a.csv:2: row 1: the retrieved IDs must be a list of texts or numbers.'],
    ],
    [
      'age,plan,relevant_ids\n1,gold,"{""x"": ""much""}"\n',
      ['wrong-type a.csv:2: row 1: the relevant IDs must be a list, or a map from IDs to numbers.'],
    ],
    ['\ufeffage,plan\r\n1,"gold"\r\n', []],
  ])('%j', async (text, expected) => {
    expect(await faults(EVAL, { 'a.csv': text })).toEqual(expected);
  });

  it('a ragged row, with its line', async () => {
    const files = { 'a.csv': 'age,plan\n1,gold\n2\n' };
    await expect(faults(EVAL, files)).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'a.csv:3: the row has 1 value, but the header has 2 columns.',
    });
  });

  it('a mapped column that no row has', async () => {
    const found = await faults(`${EVAL}columns: { expected: lable }\n`, { 'a.csv': 'age,plan,label\n1,gold,x\n' });
    expect(found).toEqual(['missing-column a.csv: no row has the column `lable`. Did you mean label?']);
  });

  it('answers that are missing if answers are scored', async () => {
    expect(await faults('dataset: a.csv', { 'a.csv': 'q,expected\nx,y\n' }, [])).toEqual([
      'missing-column a.csv:2: row 1: there is no answer to score. Add a column "output", or "prompts" or "targets" to the evaluation.',
    ]);
  });

  it('no answer that is an empty text, which an application may have given', async () => {
    expect(await faults('dataset: a.csv', { 'a.csv': 'q,expected,answer\nx,y,\n' }, [])).toEqual([]);
    expect(await faults('dataset: a.jsonl', { 'a.jsonl': '{"q": "x", "answer": null}\n{"q": "z"}\n' }, [])).toEqual([
      expect.stringContaining('missing-column a.jsonl:1: row 1: there is no answer to score.'),
      expect.stringContaining('missing-column a.jsonl:2: row 2: there is no answer to score.'),
    ]);
  });

  it('inputs that the body of a target names and a row lacks', async () => {
    const body = '{ q: "{{question}}", about: "{{topic.name}}" }';
    const text = `targets: [{ name: app, http: { url: "https://a.example", body: ${body} } }]\ndataset: a.jsonl\n`;
    const rows = ['{"question": "Why?", "topic": {"name": "x"}}', '{"question": "Why?", "topic": {}}'].join('\n');
    expect(await faults(text, { 'a.jsonl': rows }, [])).toEqual([
      'missing-column a.jsonl:2: row 2: there is no `topic.name`, which the body of the target app contains.',
    ]);
  });

  it('a baseline without common cases', async () => {
    const options = { open: open({ 'a.csv': 'age,plan\n1,gold\n' }), prompts: [prompt], baselineHas: () => false };
    const { problems, common } = await checkCases(await specOf(EVAL), options);
    expect(common).toBe(0);
    expect(problems).toMatchObject([{ code: 'no-common-cases' }]);
  });

  it('are one error with all of them', () => {
    const problems = Array.from({ length: 25 }, (_, index) => ({
      code: 'wrong-type' as const,
      message: `row ${index}`,
    }));
    expect(caseError(problems)).toMatchObject({
      code: 'wrong-type',
      message: expect.stringContaining('and 5 more problems.'),
    });
    expect(caseError(problems.slice(0, 1)).message).toBe('row 0');
  });
});

describe('the inputs of a prompt', () => {
  async function inputOf(prompt: ReturnType<typeof promptOf>, row: object, columns = {}) {
    const spec = await specOf(`dataset: a.jsonl\ncolumns: ${JSON.stringify(columns)}`);
    const files = { 'a.jsonl': JSON.stringify(row) };
    const [first] = await collect(readCases(spec, { open: open(files) }));
    if (!first) throw new Error('no case');
    return promptInputs(first, prompt, spec.datasets[0]?.columns ?? {});
  }

  it('get the types that the prompt declares', async () => {
    const prompt = promptOf('    age: integer\n    vip: boolean\n    tags(array): string\n', '{{age}}{{vip}}{{tags}}');
    const { input, problems } = await inputOf(prompt, { age: '42', vip: 'no', tags: '["a"]' });
    expect(input).toEqual({ age: 42, vip: false, tags: ['a'] });
    expect(problems).toEqual([]);
  });

  it('come from any column with their name, whatever else it means', async () => {
    const prompt = promptOf('    question: string\n    contexts(array): string\n', '{{question}}{{contexts}}');
    const { input } = await inputOf(prompt, { question: 'Why?', contexts: ['a'], expected: 'b' });
    expect(input).toEqual({ question: 'Why?', contexts: ['a'] });
  });

  it.each(['question', 'user_input', 'input'])('find the question in the column %s', async (column) => {
    const asked = promptOf('    question: string\n    tone?: string\n', '{{question}}{{tone}}');
    expect((await inputOf(asked, { [column]: 'Why?' })).input).toEqual({ question: 'Why?' });
    const only = promptOf('    text: string\n', '{{text}}');
    expect((await inputOf(only, { [column]: 'Why?' })).input).toEqual({ text: 'Why?' });
  });

  it('are only those of a mapping, if there is one', async () => {
    const prompt = promptOf('    text: string\n    tone?: string\n', '{{text}}{{tone}}');
    const { input } = await inputOf(prompt, { body: 'x', tone: 'y' }, { inputs: { text: 'body' } });
    expect(input).toEqual({ text: 'x' });
  });
});
