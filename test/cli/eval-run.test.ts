import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';
import { CASES, FILE, readResult, writeEvaluation } from './eval-files.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const evaluate = (...args: string[]) => llmops(['eval', ...args], { cwd: workspace.folder });

describe('llmops eval', () => {
  it('prints metrics, gates and failed cases, and exits with 1 if a gate fails', async () => {
    writeEvaluation(workspace, {
      more: 'gates: [{ metric: equals, threshold: 1 }, { metric: contains, threshold: 0.9 }]\n',
    });
    const { code, stdout, stderr } = await evaluate(FILE);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^plan: 1 of 2 gates failed\n6 cases, 6 answers, 2 reused · \$0 \(simulated\) · /);
    expect(stdout).toMatch(/^plan · demo\/echo +equals +100% +\d+% to 100% +6$/m);
    expect(stdout).toMatch(/^plan · demo\/echo +contains +50% +\d+% to \d+% +6$/m);
    expect(stdout).toMatch(/^✓ passed {2}equals>=1: /m);
    expect(stdout).toMatch(/^✗ failed {2}contains>=0\.9: .*50%/m);
    expect(stdout).toContain('✗ c2 · plan · demo/echo: contains 0%');
    expect(stdout).toMatch(/\nResult [0-9a-f-]{36}\n$/);
  });

  it('prints JSON in its documented form, with cases in the order of the dataset', async () => {
    writeEvaluation(workspace, { more: 'repeats: 2\n' });
    const { code, stdout, stderr } = await evaluate(FILE, '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = readResult(stdout);
    expect(result).toMatchObject({
      file: FILE,
      state: 'done',
      simulated: true,
      gates: [],
      totals: { costUsd: 0, errors: 0 },
    });
    expect(result.cases.map(({ id }) => id)).toEqual(CASES.map(({ id }) => id));
    expect(result.cases[1]?.inputs).toEqual({ plan: 'Basic' });
    expect(result.cases[1]?.cells).toMatchObject([
      { column: 0, repeat: 1, state: 'failed', output: 'The plan is Basic.', error: null },
      { column: 0, repeat: 2, state: 'failed' },
    ]);
    expect(result.metrics).toMatchObject([
      { metric: 'equals', column: 0, mean: 1, baseline: null },
      { metric: 'contains', column: 0, mean: 0.5 },
    ]);
    expect(JSON.parse((await evaluate(FILE, '--json')).stdout)).toMatchObject({ state: 'done', file: FILE });
  });

  it('prints in how many cases one and all of the repeats pass', async () => {
    writeEvaluation(workspace, { more: 'repeats: 2\n' });
    const { stdout } = await evaluate(FILE);
    expect(stdout).toMatch(/^COLUMN +METRIC +MEAN +INTERVAL +CASES +PASS@2 +PASS\^2$/m);
    expect(stdout).toMatch(/ contains +50% .* 6 +50% +50%$/m);
  });

  it('says nothing of costs and tokens of answers that the dataset has', async () => {
    workspace.write(
      'evals/score.eval.yaml',
      'rows: [{ id: a, output: x, expected: x }]\nmetrics: [equals, wordCount]\n',
    );
    const { code, stdout } = await evaluate('evals/score.eval.yaml');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 case, 1 answer · [\d.]+ m?s$/m);
    // a single case has no interval, and is not without one
    expect(stdout).toMatch(/ wordCount +1 +— +1$/m);
  });

  it('adds gates of the command line to those of the file', async () => {
    writeEvaluation(workspace, { more: 'gates: [{ metric: equals, threshold: 1 }]\n' });
    const { code, stdout } = await evaluate(
      FILE,
      '--json',
      '--gate',
      'contains>=0.9',
      '--gate',
      'costUsd<=1',
      '--gate',
    );
    expect(code).toBe(1);
    expect(readResult(stdout).gates.map(({ gate, passed }) => [gate, passed])).toEqual([
      ['equals>=1', true],
      ['contains>=0.9', false],
      ['costUsd<=1', true],
    ]);
  });

  it('evaluates a sample that its seed decides', async () => {
    writeEvaluation(workspace);
    const sample = async (...args: string[]) =>
      readResult((await evaluate(FILE, '--json', ...args)).stdout).cases.map(({ id }) => id);
    const first = await sample('--sample', '3', '--seed', '1');
    expect(first).toHaveLength(3);
    expect(await sample('--sample', '3', '--seed', '1')).toEqual(first);
    const others = await Promise.all(['2', '3', '4', '5'].map((seed) => sample('--sample', '3', '--seed', seed)));
    expect(others.some((ids) => ids.join() !== first.join())).toBe(true);
  });

  it('prints one line of JSON for each of several files, and the worst exit code', async () => {
    writeEvaluation(workspace);
    workspace.write('evals/gate.eval.yaml', gateFile('{ metric: contains, threshold: 1 }'));
    const { code, stdout } = await evaluate(FILE, 'evals/gate.eval.yaml', '--json');
    expect(code).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => readResult(line).file)).toEqual([FILE, 'evals/gate.eval.yaml']);
    const { stdout: xml } = await evaluate(FILE, 'evals/gate.eval.yaml', '--format', 'junit');
    expect(xml.match(/<testsuites /g)).toHaveLength(1);
    expect(xml.match(/<testsuite /g)).toHaveLength(3);
  });

  it('sends nothing for any file if one has a fault', async () => {
    writeEvaluation(workspace);
    workspace.write('evals/broken.eval.yaml', 'prompts: [none.prompt]\nmetrics: [nope]\nrows: []\n');
    const { code, stdout, stderr } = await evaluate(FILE, 'evals/broken.eval.yaml', '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('broken.eval.yaml:2:');
    expect((await evaluate('list', '--json')).stdout).toBe('[]\n');
  });

  it('scores stored answers again without calling a model', async () => {
    writeEvaluation(workspace, { metrics: '[equals]' });
    const before = readResult((await evaluate(FILE, '--json')).stdout);
    // what was edited since then does not matter: the answers are stored
    workspace.write('prompts/plan.prompt', '---\nmodel: demo/echo\n---\nAnother text.\n');
    workspace.write('data/plans.jsonl', '');
    workspace.write(FILE, gateFile('{ metric: contains, threshold: 1 }', '[{ metric: contains, value: Basic }]'));
    const { code, stdout, stderr } = await evaluate('--rescore', FILE, '--json');
    expect(stderr).toBe('');
    const after = readResult(stdout);
    expect(code).toBe(1);
    expect(after.id).toBe(before.id);
    expect(after.cases.flatMap(({ cells }) => cells.map(({ output, scores }) => [output, scores[0]?.value]))).toEqual(
      CASES.map(({ plan }) => [`The plan is ${plan}.`, plan === 'Basic' ? 1 : 0]),
    );
    expect((await evaluate('--rescore', before.id.slice(0, 8), '--json')).code).toBe(1);
  });

  it.each([
    ['no file', [], 'No evaluation is specified.'],
    ['another file', ['prompts/plan.prompt'], 'prompts/plan.prompt is not an evaluation.'],
    ['a file that does not exist', ['evals/none.eval.yaml'], 'none.eval.yaml does not exist.'],
    ['--gate without gates', [FILE, '--gate'], 'has no gates, but --gate requires them.'],
    ['--gate before the file', ['--gate', FILE], 'has no gates, but --gate requires them.'],
    ['a gate that is none', [FILE, '--gate', 'equals is good'], '--gate equals is good is not a gate.'],
    ['a gate of an unknown metric', [FILE, '--gate', 'equal>=1'], 'The file has no metric "equal".'],
    ['--resume with --rescore', [FILE, '--resume', '--rescore'], '--resume cannot be used with --rescore.'],
    ['--resume with --sample', [FILE, '--resume', '--sample', '2'], '--sample cannot be used with --resume.'],
    ['--resume without a result', [FILE, '--resume'], 'has no result yet.'],
    ['an unknown result', ['--resume', 'abc'], 'There is no result abc.'],
    ['--seed without a sample', [FILE, '--seed', '1'], '--seed chooses the cases of a sample, but no sample is set.'],
    ['a negative cost', [FILE, '--max-cost', '-1'], 'It must be an amount of US dollars, 0 or more.'],
    ['an unknown format', [FILE, '--format', 'csv'], 'Allowed choices are table, json, junit, markdown, html'],
    ['HTML of two files', [FILE, FILE, '--format', 'html'], 'An HTML report is about one evaluation.'],
  ])('rejects %s', async (_name, args, message) => {
    writeEvaluation(workspace);
    const { code, stdout, stderr } = await evaluate(...args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  it.each([
    ['a missing column', [{ id: 'a', other: 'x' }], 'plan'],
    ['an ID that is written twice', [CASES[0], CASES[0]], 'plans.jsonl:2'],
    ['no case', [], 'plans.jsonl'],
  ])('rejects %s before a request, with its place', async (_name, cases, place) => {
    writeEvaluation(workspace, { cases: cases as object[] });
    const { code, stdout, stderr } = await evaluate(FILE, '--json');
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(place) });
  });

  it('keeps control characters of answers away from the terminal and spreadsheets', async () => {
    writeEvaluation(workspace, { cases: [{ id: '=1+1', plan: '\u001b[31m\u009b=cmd' }] });
    const { stdout: text } = await evaluate(FILE, '--json');
    expect(text).not.toMatch(/[\u001b\u009b]/);
    expect(readResult(text).cases[0]?.cells[0]?.output).toBe('The plan is \u001b[31m\u009b=cmd.');
    const { stdout: csv } = await evaluate('show', '--format', 'csv');
    expect(csv).toContain("'=1+1");
    expect(csv).not.toMatch(/[\u001b\u009b]/);
  });
});

function gateFile(gate: string, metrics = '[equals, { metric: contains, value: Gold }]'): string {
  return `prompts: [../prompts/plan.prompt]\ndataset: ../data/plans.jsonl\nmetrics: ${metrics}\ngates: [${gate}]\n`;
}
