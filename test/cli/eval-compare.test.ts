import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const compare = (...args: string[]) => llmops(['eval', 'compare', ...args], { cwd: workspace.folder });
const write = (file: string, rows: readonly object[]) =>
  workspace.write(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

describe('llmops eval compare', () => {
  it('prints the statistics of graded scores as JSON', async () => {
    const scores = [0.1, 0.3, 0.2, 0.5, 0.4, 0.6, 0.3];
    write('a.jsonl', [...scores.map((score, index) => ({ id: `c${index}`, score })), { id: 'old', score: 1 }]);
    write('b.jsonl', [
      { id: 'new', score: 0 },
      ...scores.map((score, index) => ({ id: `c${index}`, score: score + 0.1 + index / 100 })).reverse(),
    ]);
    const { code, stdout, stderr } = await compare('a.jsonl', 'b.jsonl', '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout);
    expect(result).toEqual({
      n: 7,
      onlyInA: 1,
      onlyInB: 1,
      a: { mean: expect.closeTo(2.4 / 7, 12), interval: [expect.any(Number), expect.any(Number)] },
      b: { mean: expect.closeTo(2.4 / 7 + 0.13, 12), interval: [expect.any(Number), expect.any(Number)] },
      difference: {
        mean: expect.closeTo(0.13, 12),
        // SciPy: ttest_rel(b, a).confidence_interval()
        interval: [expect.closeTo(0.11002105, 7), expect.closeTo(0.14997895, 7)],
        method: 't',
      },
      test: { name: 'sign-flip', p: 2 / 128 },
      smallestDetectable: expect.any(Number),
      verdict: 'better',
    });
    const { stdout: lower } = await compare('a.jsonl', 'b.jsonl', '--lower-is-better', '--json');
    expect(JSON.parse(lower)).toEqual({ ...result, verdict: 'worse' });
    const { stdout: ter } = await compare('a.jsonl', 'b.jsonl', '--metric', 'ter:normalized', '--json');
    expect(JSON.parse(ter)).toEqual({ ...result, verdict: 'worse' });
  });

  it('uses exact tests for pass or fail, and groups where they are set', async () => {
    const rows = (passed: boolean, group?: (index: number) => string) =>
      Array.from({ length: 8 }, (_, index) => ({ id: index, passed, ...(group && { group: group(index) }) }));
    write('a.jsonl', rows(false));
    write('b.jsonl', rows(true));
    expect(JSON.parse((await compare('a.jsonl', 'b.jsonl', '--json')).stdout)).toMatchObject({
      a: { mean: 0, interval: [0, expect.closeTo(0.3244, 4)] },
      difference: { mean: 1, method: 'agresti-min' },
      test: { name: 'mcnemar', p: expect.closeTo(2 / 256, 12) },
      smallestDetectable: null,
      verdict: 'better',
    });
    write(
      'b.jsonl',
      rows(true, (index) => `g${index % 4}`),
    );
    expect(JSON.parse((await compare('a.jsonl', 'b.jsonl', '--json')).stdout)).toMatchObject({
      difference: { mean: 1, method: 'clustered-t' },
      test: { name: 'sign-flip', p: 2 / 16 },
      verdict: 'too-few-cases',
    });
    expect(JSON.parse((await compare('a.jsonl', 'b.jsonl', '--json', '--bootstrap')).stdout)).toMatchObject({
      difference: { interval: [1, 1], method: 'bootstrap' },
    });
  });

  it('prints sentences, and names cases without a score', async () => {
    const rows = (scores: (number | null)[]) => scores.map((score, index) => ({ id: `c${index}`, score }));
    write('a.jsonl', rows([0.5, 0.5, 0.4, 0.6, 0.5, 0.5, null]));
    write('b.jsonl', [...rows([0.4, 0.3, 0.3, 0.4, 0.3, 0.4, 1]), { id: 'new', score: 1 }]);
    const { code, stdout, stderr } = await compare('a.jsonl', 'b.jsonl', '--metric', 'rougeL');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Without a score, and not compared: 1 case in a.jsonl.\n',
    });
    expect(stdout.split('\n')).toEqual([
      'Compared 6 cases by id. Not compared: 1 only in b.jsonl.',
      'Mean rougeL of a.jsonl: 0.5, 95% interval 0.434 to 0.566.',
      'Mean rougeL of b.jsonl: 0.35, 95% interval 0.293 to 0.407.',
      'b.jsonl is worse: -0.15, 95% interval -0.207 to -0.0925, p 0.031 (sign-flip test).',
      expect.stringMatching(/^With a power of 80%, so many cases can show a difference of 0\.0\d+ or more\.$/),
      '',
    ]);
  });

  it('ends an interval where the scale does, and names groups', async () => {
    const rows = (scores: number[]) => scores.map((score, id) => ({ id, score, group: `g${Math.floor(id / 2)}` }));
    write('a.jsonl', rows([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.2]));
    write('b.jsonl', rows([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.9, 0.9]));
    const { stdout } = await compare('a.jsonl', 'b.jsonl', '--metric', 'rougeL');
    expect(stdout).toContain('Compared 12 cases in 6 groups by id.');
    expect(stdout).toMatch(/Mean rougeL of a\.jsonl: 0\.933, 95% interval 0\.\d+ to 1\.\n/);
    // the whole of it is in the JSON, and where the scale is not known
    const { stdout: json } = await compare('a.jsonl', 'b.jsonl', '--metric', 'rougeL', '--json');
    expect(JSON.parse(json).a.interval[1]).toBeGreaterThan(1);
    expect((await compare('a.jsonl', 'b.jsonl', '--metric', 'my')).stdout).toMatch(/of a\.jsonl: .* to 1\.\d+\.\n/);
  });

  const good = [{ id: 'x', score: 1 }];
  it.each([
    ['a case without an id', [{ score: 1 }], 'b.jsonl:1: the case has no id.'],
    ['an id that is a list', [{ id: ['x'], score: 1 }], 'b.jsonl:1: id must be a text or a number.'],
    ['two cases with one id', [...good, { id: 'x', score: 0 }], 'b.jsonl:2: the id "x" is also on line 1.'],
    ['a case without a result', [{ id: 'x' }], 'b.jsonl:1: the case has neither score nor passed.'],
    ['both fields', [{ id: 'x', score: 1, passed: true }], 'b.jsonl:1: the case has both score and passed.'],
    ['another field', [...good, { id: 'y', passed: true }], 'b.jsonl:2: the case has no score, but those before have.'],
    [
      'a score that is too large to be averaged',
      [{ id: 'x', score: 1e308 }],
      'b.jsonl:1: the score 1e+308 is not from -1e+100 to 1e+100.',
    ],
    ['a score that is a text', [{ id: 'x', score: '1' }], 'b.jsonl:1: score must be a number or null.'],
    ['passed as a number', [{ id: 'x', passed: 1 }], 'b.jsonl:1: passed must be true, false or null.'],
    ['a group that is a list', [{ id: 'x', score: 1, group: [] }], 'b.jsonl:1: group must be a text or a number.'],
    ['another group', [{ id: 'x', score: 1, group: 'h' }], 'b.jsonl:1: the group of x is "g" at a.jsonl:1 and "h"'],
    ['no rows', [], 'b.jsonl has no cases.'],
    ['no common case', [{ id: 'z', score: 1 }], 'a.jsonl and b.jsonl have no case in common.'],
    ['no common score', [{ id: 'x', score: null }], 'No case has a score in both a.jsonl and b.jsonl.'],
    ['pass or fail on one side', [{ id: 'x', passed: true }], 'a.jsonl has score and b.jsonl has passed'],
  ])('rejects %s with its place', async (_name, rows, message) => {
    write('a.jsonl', [{ id: 'x', score: 1, group: 'g' }]);
    write('b.jsonl', rows);
    const { code, stdout, stderr } = await compare('a.jsonl', 'b.jsonl', '--json');
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('says how it understands a metric that it does not know', async () => {
    write('a.jsonl', [{ id: 'x', score: 1 }]);
    write('b.jsonl', [{ id: 'x', score: 2 }]);
    const { code, stderr } = await compare('a.jsonl', 'b.jsonl', '--metric', 'bleuu', '--json');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'There is no metric "bleuu", so a higher score counts as better. Did you mean bleu?\n',
    });
    const stated = await compare('a.jsonl', 'b.jsonl', '--metric', 'cost', '--lower-is-better', '--json');
    expect(stated.stderr).toBe('');
  });

  it('rejects files that are missing, broken or of another kind', async () => {
    write('a.jsonl', good);
    workspace.write('broken.jsonl', '{"id":"x","score":1}\n{"id":"y",\n');
    expect(await compare('a.jsonl', 'none.jsonl')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('The result none.jsonl could not be read (ENOENT).'),
    });
    expect(await compare('a.jsonl', 'broken.jsonl')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('broken.jsonl:2: this is not valid JSON'),
    });
    expect(await compare('a.jsonl', 'b.csv')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('b.csv is not a JSONL file.'),
    });
  });
});
