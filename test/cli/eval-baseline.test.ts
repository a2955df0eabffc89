import { afterEach, beforeEach, expect, it } from 'vitest';
import { CASES, readResult } from './eval-files.ts';
import { type CliRepository, createRepository } from './repository.ts';

let repository: CliRepository;
beforeEach(() => {
  repository = createRepository();
});
afterEach(() => repository[Symbol.dispose]());

const FILE = 'evals/plan.eval.yaml';
const plan = (body: string) => `---\nmodel: demo/echo\ninput:\n  schema:\n    plan: string\n---\n${body}\n`;
const cases = Array.from({ length: 12 }, (_, index) => ({ ...CASES[index % CASES.length], id: `c${index + 1}` }));

function commitBase(): void {
  repository.commit('Add an evaluation', {
    'prompts/plan.prompt': plan('The plan is {{plan}}.'),
    'data/plans.jsonl': cases.map((row) => `${JSON.stringify(row)}\n`).join(''),
    [FILE]:
      'prompts: [../prompts/plan.prompt]\ndataset: ../data/plans.jsonl\nmetrics: [equals, { metric: contains, value: plan }]\n',
  });
  repository.git('branch', 'base');
}

it('compares a branch with its base, in Markdown for a pull request, and reuses the answers of the base', async () => {
  commitBase();
  repository.write('prompts/plan.prompt', plan('Your **plan** is @{{plan}} <!-- hidden -->'));
  const args = ['eval', FILE, '--baseline', 'base'];
  const { code, stdout, stderr } = await repository.llmops(...args, '--gate', 'equals>=0.5');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(
    /^## plan: 1 of 1 gate failed\n\n`plan · demo\/echo` against `plan@[0-9a-f]{7} · demo\/echo`\n/,
  );
  expect(stdout).toMatch(/\n- equals 100% → 0%, worse, p &lt; 0\.001\n/);
  expect(stdout).toMatch(/\n- contains 100% → 100%, no change shown, p 1\n/);
  expect(stdout).toContain('| `equals>=0.5` | ❌ failed |');
  expect(stdout).toContain('<details><summary>12 cases worse than the baseline</summary>');
  expect(stdout).toContain('-The plan is Gold.\n+Your **plan** is @Gold <!-- hidden -->\n');
  const { stdout: again } = await repository.llmops(...args, '--json');
  const result = readResult(again);
  const base = repository.git('rev-parse', '--short=7', 'base');
  expect(result.columns.map(({ version, baseline }) => [version, baseline])).toEqual([
    [null, false],
    [base, true],
  ]);
  expect(result.cases.every(({ cells }) => cells.every(({ cached }) => cached))).toBe(true);
  expect(result.metrics.map(({ metric, baseline }) => [metric, baseline?.verdict])).toContainEqual(['equals', 'worse']);
});

it('counts --baseline for a gate with a margin of the file, also when the result is scored again', async () => {
  commitBase();
  repository.write('prompts/plan.prompt', plan('{{plan}}!'));
  repository.write(FILE, `${repository.read(FILE)}gates: [{ metric: equals, margin: 0.02 }]\n`);
  const alone = await repository.llmops('eval', FILE);
  expect(alone.code).toBe(2);
  expect(alone.stderr).toContain('gates: a gate with "margin" needs a "baseline".');
  for (const option of [['--baseline', 'base'], ['--rescore']]) {
    const { code, stdout } = await repository.llmops('eval', FILE, ...option, '--json');
    expect({ code, gates: readResult(stdout).gates }).toEqual({
      code: 1,
      gates: [{ gate: 'equals: margin 0.02', passed: false, reason: expect.stringContaining('100% to 0%') }],
    });
  }
});

it('names a baseline that does not exist', async () => {
  commitBase();
  const { code, stdout, stderr } = await repository.llmops('eval', FILE, '--baseline', 'origin/nope');
  expect(code).toBe(2);
  expect(stderr).toContain('origin/nope');
  // the comment on a pull request says why, instead of being empty
  expect(stdout).toMatch(/^## The evaluation ended with an error\n\n.*origin\/nope/);
  const json = await repository.llmops('eval', FILE, '--baseline', 'origin/nope', '--json');
  expect(json).toMatchObject({ code: 2, stdout: '' });
});

it('runs an evaluation without prompts beside others that are compared with their base', async () => {
  commitBase();
  repository.write('data/answers.csv', 'id,output,expected\na,yes,yes\n');
  repository.write('evals/answers.eval.yaml', 'dataset: ../data/answers.csv\nmetrics: [equals]\n');
  const files = ['evals/answers.eval.yaml', FILE];
  const { code, stdout, stderr } = await repository.llmops('eval', ...files, '--baseline', 'base', '--json');
  const notice = expect.stringMatching(
    /evals\/answers\.eval\.yaml has no prompts, so it is run without the baseline base\.\n$/,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: notice });
  const results = stdout.trimEnd().split('\n').map(readResult);
  expect(results.map(({ columns }) => columns.map(({ baseline }) => baseline))).toEqual([[false], [false, true]]);
});

it('evaluates a prompt that the base does not have, without a comparison', async () => {
  commitBase();
  repository.write('prompts/new.prompt', plan('The plan is {{plan}}.'));
  repository.write(FILE, repository.read(FILE).replace('plan.prompt]', 'plan.prompt, ../prompts/new.prompt]'));
  const { code, stdout, stderr } = await repository.llmops('eval', FILE, '--baseline', 'base', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'new is not in base, so it is not compared with it.\n' });
  const { metrics, columns } = readResult(stdout);
  const compared = metrics.filter(({ baseline }) => baseline).map(({ column }) => columns[column]?.prompt);
  expect(new Set(compared)).toEqual(new Set(['plan']));
});

it('only warns for a margin of prompts that the base does not have, unless it is strict', async () => {
  commitBase();
  repository.write('prompts/new.prompt', plan('The plan is {{plan}}.'));
  const evaluation = repository.read(FILE).replace('plan.prompt]', 'new.prompt]');
  const gated = (strict: boolean) =>
    `${evaluation}baseline: base\ngates: [{ metric: equals, margin: 0.05, strict: ${strict} }]\n`;
  repository.write(FILE, gated(false));
  const { code, stdout, stderr } = await repository.llmops('eval', FILE, '--format', 'markdown');
  expect(stderr).toBe('new is not in base, so it is not compared with it.\n');
  expect(stdout).toContain('⚠️ not decided | equals is not compared with a baseline. |');
  expect(code).toBe(0);
  repository.write(FILE, gated(true));
  expect((await repository.llmops('eval', FILE)).code).toBe(1);
});
