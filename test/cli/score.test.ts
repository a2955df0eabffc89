import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const score = (...args: string[]) => llmops(['score', ...args], { cwd: workspace.folder });

const ROWS = [
  { id: 'a', answer: 'The dog bit the man.', references: ['The dog bit the man.', 'The dog had bit the man.'] },
  { id: 'b', answer: "It wasn't surprising.", references: ['It was not unexpected.', 'No one was surprised.'] },
  {
    id: 'c',
    answer: 'The man had just bitten him.',
    references: ['The man bit him first.', 'The man had bitten the dog.'],
  },
];
const writeRows = (file: string, rows: readonly unknown[]) =>
  workspace.write(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

describe('JSON', () => {
  it('has the scores of each row, of the corpus, and how they were calculated', async () => {
    writeRows('answers.jsonl', ROWS);
    const { code, stdout, stderr } = await score(
      'answers.jsonl',
      '--metric',
      'bleu,rougeL:stemmer',
      '--format',
      'json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual(['rows', 'corpus', 'signatures']);
    expect(report.rows.map(({ id }: { id: string }) => id)).toEqual(['a', 'b', 'c']);
    expect(report.rows[0]).toEqual({ id: 'a', scores: { bleu: expect.closeTo(100, 6), 'rougeL:stemmer': 1 } });
    expect(report.corpus).toEqual({ bleu: expect.closeTo(48.530827, 6) });
    expect(report.signatures).toEqual({ bleu: 'nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0' });
    const short = await score('answers.jsonl', '--metric', 'bleu', '--metric', 'rougeL:stemmer', '--json');
    expect(short.stdout).toBe(stdout);
  });

  it('reads CSV with several columns of references, a mark at the start and quoted line breaks', async () => {
    workspace.write('a.csv', '\ufeffname,out,ref one,ref2\nx,"a\nb",c d,"a\nb"\ny,,e,f\n');
    const args = ['--metric', 'equals,ter', '--prediction', 'out', '--reference', 'ref one', '--reference', 'ref2'];
    const { code, stdout } = await score('a.csv', ...args, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      rows: [
        { id: expect.stringMatching(/^[0-9a-f]{16}$/), scores: { equals: 1, ter: 0 } },
        { id: expect.stringMatching(/^[0-9a-f]{16}$/), scores: { equals: 0, ter: 100 } },
      ],
      corpus: { ter: expect.any(Number) },
      signatures: { ter: 'nrefs:2|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0' },
    });
  });

  it('identifies rows by their inputs, so that the answers of two models are joined', async () => {
    const rows = (answer: string) => [
      { question: 'a', answer, reference: 'x' },
      { question: 'b', answer, reference: 'x' },
      { question: 'a', answer, reference: 'x' },
    ];
    writeRows('one.jsonl', rows('x'));
    writeRows('two.jsonl', rows('y').toReversed());
    const idsOf = async (file: string): Promise<string[]> => {
      const { stdout } = await score(file, '--metric', 'equals', '--json');
      return JSON.parse(stdout).rows.map(({ id }: { id: string }) => id);
    };
    const ids = await idsOf('one.jsonl');
    expect(ids[2]).toBe(`${ids[0]}#2`);
    expect(await idsOf('two.jsonl')).toEqual([ids[0], ids[1], `${ids[0]}#2`]);
    const { stderr } = await score('one.jsonl', '--metric', 'equals');
    expect(stderr).toMatch(/1 row has the same inputs as an earlier one, and got #2, #3, … in order\./);
  });

  it('scores by a function of the user, which sees the inputs', async () => {
    writeRows('a.jsonl', [
      { question: 'a', answer: 'x', reference: 'x' },
      { question: 'b', answer: 'throw', reference: 'y' },
    ]);
    const code = `export default ({ output, expected, inputs }) => {
      if (output === 'throw') throw new Error('no');
      console.log('printed');
      return { value: Number(output === expected), reason: inputs.question };
    };`;
    workspace.write('mine.mjs', code);
    const { code: exit, stdout } = await score('a.jsonl', '--metric', 'javascript:file=mine.mjs,equals', '--json');
    expect(exit).toBe(0);
    const [first, second] = JSON.parse(stdout).rows;
    expect(first.scores).toEqual({ 'javascript:file=mine.mjs': 1, equals: 1 });
    expect(second).toMatchObject({
      scores: { 'javascript:file=mine.mjs': null, equals: 0 },
      reasons: { 'javascript:file=mine.mjs': 'The metric failed: Error: no (mine.mjs:2)' },
    });
  });

  it('has null with a reason for what is undefined', async () => {
    writeRows('a.jsonl', [{ output: 'x', expected: '' }]);
    const { code, stdout } = await score('a.jsonl', '--metric', 'bleu,equals', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).rows).toEqual([
      { id: '1', scores: { bleu: null, equals: 0 }, reasons: { bleu: 'The reference is empty.' } },
    ]);
  });

  it('warns once that ROUGE does not read Chinese', async () => {
    const rows = Array.from({ length: 3 }, () => ({ answer: '你好', reference: '你好' }));
    writeRows('a.jsonl', rows);
    const { stdout, stderr } = await score('a.jsonl', '--metric', 'rouge1,rougeL,rougeL:unicode', '--json');
    expect(stderr.match(/ASCII letters and digits only/g)).toHaveLength(1);
    expect(JSON.parse(stdout).rows[0].scores).toEqual({ rouge1: 0, rougeL: 0, 'rougeL:unicode': 1 });
  });
});

describe('the table', () => {
  it('shows some rows, and the means', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => ({ output: index % 2 ? 'yes' : 'no', label: 'yes' }));
    writeRows('a.jsonl', rows);
    const { code, stdout } = await score('a.jsonl', '--metric', 'equals,chrf');
    expect(code).toBe(0);
    expect(stdout).toContain('… and 5 more rows: --format json prints all');
    expect(stdout).toMatch(/^equals +0\.48 +48%$/m);
    expect(stdout).toMatch(
      /^chrf +\d+(?:\.\d+)? +\d+(?:\.\d+)? +nrefs:1\|case:mixed\|eff:yes\|nc:6\|nw:0\|space:no\|version/m,
    );
  });
});

describe('usage errors', () => {
  it.each([
    [['a.jsonl'], /--metric is missing/],
    [['a.jsonl', '--metric', 'blue'], /no metric "blue"[\s\S]*Did you mean bleu/],
    [['a.jsonl', '--metric', 'regex:value=('], /Invalid regular expression/],
    [['a.jsonl', '--metric', 'schemaValid'], /schemaValid needs the output schema of a prompt/],
    [['a.jsonl', '--metric', 'bleu', '--prediction', 'out'], /a\.jsonl has no column "out"/],
    [['a.jsonl', '--metric', 'bleu', '--reference', 'gold'], /a\.jsonl has no column "gold"/],
    [['missing.jsonl', '--metric', 'bleu'], /missing\.jsonl could not be read \(ENOENT\)/],
    [['ragged.csv', '--metric', 'bleu'], /ragged\.csv:3: the row has 1 value, but the header has 2 columns/],
    [['twice.jsonl', '--metric', 'bleu'], /twice\.jsonl:2: row 2: the ID "x" is also that of row 1/],
    [['lacking.jsonl', '--metric', 'bleu'], /lacking\.jsonl:2: row 2: there is no "expected"/],
    [['empty.jsonl', '--metric', 'bleu'], /empty\.jsonl has no rows/],
  ])('%s', async (args, message) => {
    writeRows('a.jsonl', [{ output: 'x', expected: 'y' }]);
    writeRows('twice.jsonl', [
      { id: 'x', output: 'x', expected: 'y' },
      { id: 'x', output: 'x', expected: 'y' },
    ]);
    writeRows('lacking.jsonl', [{ output: 'x', expected: 'y' }, { output: 'x' }]);
    workspace.write('ragged.csv', 'output,expected\nx,y\nz\n');
    workspace.write('empty.jsonl', '');
    expect(await score(...args)).toMatchObject({ code: 2, stdout: '', stderr: message });
  });
});
