import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScorer, type MetricScorer } from '../../../src/core/evals/metrics/create-scorer.ts';
import type { ParameterValues, Sample } from '../../../src/core/evals/metrics/metric.ts';
import { resolveMetric } from '../../../src/core/evals/metrics/read-metric.ts';

let folder: string;
const opened: MetricScorer[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-metric-'));
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});

interface Written {
  id: 'javascript' | 'python';
  name: string;
  code: string;
}

async function open({ id, name, code }: Written, parameters: ParameterValues = {}, threshold?: number) {
  writeFileSync(path.join(folder, name), code);
  const context = { folder, isTrusted: true, python: undefined };
  const scorer = await createScorer({ id, parameters: { file: name, ...parameters }, threshold }, context);
  opened.push(scorer);
  return scorer;
}

/** The scores of answers, one after the other, as the text that each answer is. */
async function scoresOf(scorer: MetricScorer, outputs: readonly string[], more: Partial<Sample> = {}) {
  const scores = [];
  for (const output of outputs) scores.push(await scorer.score({ output, ...more }));
  return scores.map(({ value, passed, reason }) => [value, passed, reason]);
}

/** Each answer makes the function do what it names. */
const JAVASCRIPT = `
import { spawnSync } from 'node:child_process';
export default async function ({ output, expected, references, inputs, contexts, id }) {
  if (output === 'number') return 0.25;
  if (output === 'boolean') return true;
  if (output === 'map') return { value: 0.5, passed: false, reason: 'half of it' };
  if (output === 'case') return { value: 1, reason: JSON.stringify([id, expected, references, inputs, contexts]) };
  if (output === 'print') { console.log('{"returned": 1}'); spawnSync('echo', ['{"returned": 1}'], { stdio: 'inherit' }); return 0; }
  if (output === 'flood') { for (let i = 0; i < 20000; i++) console.log('x'.repeat(100)); return 0.75; }
  if (output === 'throw') throw new RangeError('no such word');
  if (output === 'reject') return Promise.reject(new Error('later'));
  if (output === 'nan') return Number.NaN;
  if (output === 'text') return 'good';
  if (output === 'nothing') return;
  if (output === 'high') return 1.5;
  if (output === 'exit') process.exit(3);
  if (output === 'late') { setTimeout(() => { throw new Error('too late'); }, 20); return 0.1; }
  if (output === 'lateExit') { setTimeout(() => process.exit(4), 20); return 0.1; }
  if (output === 'essay') return { value: 1, reason: 'r'.repeat(500_000) };
  if (output === 'huge') return -1e200;
  if (output === 'pause') return new Promise((resolve) => setTimeout(() => resolve(0.2), 200));
  if (output === 'throwWhileWaiting') { setTimeout(() => { throw new Error('while it waits'); }, 1); return new Promise(() => {}); }
  if (output === 'hang') for (;;);
  if (output === 'wait') return new Promise(() => {});
  if (output === 'crash') { console.error('out of luck'); process.kill(process.pid, 'SIGKILL'); }
}
`;

const PYTHON = `
import os, sys, time, subprocess
def score(case):
    output = case["output"]
    if output == "number": return 0.25
    if output == "boolean": return True
    if output == "map": return {"value": 0.5, "passed": False, "reason": "half of it"}
    if output == "case": return {"value": 1, "reason": str([case["id"], case["expected"], case["references"], case["inputs"], case["contexts"]])}
    if output == "print":
        print('{"returned": 1}'); sys.stdout.flush(); subprocess.run(["echo", '{"returned": 1}']); return 0
    if output == "flood":
        for i in range(20000): print("x" * 100)
        return 0.75
    if output == "throw": raise ValueError("no such word")
    if output == "nan": return float("nan")
    if output == "text": return "good"
    if output == "nothing": return None
    if output == "high": return 1.5
    if output == "essay": return {"value": 1, "reason": "r" * 500_000}
    if output == "huge": return -1e200
    if output == "sysexit": sys.exit(3)
    if output == "exit": os._exit(3)
    if output == "hang":
        while True: pass
    if output == "wait": time.sleep(100)
    if output == "crash":
        print("out of luck", file=sys.stderr); sys.stderr.flush(); os.kill(os.getpid(), 9)
`;

const METRICS = [
  [{ id: 'javascript', name: 'score.mjs', code: JAVASCRIPT }, 'RangeError: no such word (score.mjs:10)'],
  [{ id: 'python', name: 'score.py', code: PYTHON }, 'ValueError: no such word (score.py:14)'],
] as const;

describe.each(METRICS)('a metric of the user in %o', (written, thrown) => {
  const more = { id: 'a', references: ['yes', 'ja'], inputs: { q: 'ä' }, contexts: ['c'] };

  it('returns a number, a boolean or a map', async () => {
    const scorer = await open(written);
    expect(await scoresOf(scorer, ['number', 'boolean', 'map'])).toEqual([
      [0.25, null, undefined],
      [1, true, undefined],
      [0.5, false, 'half of it'],
    ]);
    const [[value, , reason] = []] = await scoresOf(scorer, ['case'], more);
    expect(value).toBe(1);
    expect(String(reason).replaceAll("'", '"').replaceAll(': ', ':').replaceAll(', ', ',')).toBe(
      '["a","yes",["yes","ja"],{"q":"ä"},["c"]]',
    );
  });

  it('gives a reason of any length, of which the beginning is kept', async () => {
    const scorer = await open(written);
    const [[value, , reason] = []] = await scoresOf(scorer, ['essay']);
    expect(value).toBe(1);
    expect(reason).toBe(`${'r'.repeat(2000)}… (cut: 500,000 characters)`);
  });

  it('may return any number that can be averaged on the scale count', async () => {
    const scorer = await open(written, { scale: 'count' });
    expect(await scoresOf(scorer, ['huge', 'number'])).toEqual([
      [null, null, 'The metric yields -1e+200, but scores are from -1e+100 to 1e+100.'],
      [0.25, null, undefined],
    ]);
  });

  it('may print, which is no reply', async () => {
    const scorer = await open(written);
    expect(await scoresOf(scorer, ['print', 'flood', 'number'])).toEqual([
      [0, null, undefined],
      [0.75, null, undefined],
      [0.25, null, undefined],
    ]);
  });

  it('makes one score an error when it throws or returns what is no score; the others continue', async () => {
    const scorer = await open(written);
    const returned = 'The metric failed: it returned';
    expect(await scoresOf(scorer, ['throw', 'nan', 'text', 'nothing', 'high', 'number'])).toEqual([
      [null, null, `The metric failed: ${thrown}`],
      [null, null, expect.stringContaining(`${returned} NaN.`)],
      [null, null, expect.stringContaining(`${returned} "good".`)],
      [null, null, expect.stringContaining(`${returned} nothing.`)],
      [null, null, `${returned} 1.5, which is not on the scale 0–1. Set "scale" to what it returns.`],
      [0.25, null, undefined],
    ]);
  });

  it('is started again after it exits, crashes or hangs, with one score as an error', async () => {
    const scorer = await open(written, { timeoutMs: 4000 });
    expect(await scoresOf(scorer, ['exit', 'number', 'crash', 'number', 'hang', 'number', 'wait', 'number'])).toEqual([
      [null, null, 'The metric failed: its process ended with exit code 3.'],
      [0.25, null, undefined],
      [null, null, 'The metric failed: its process was ended by SIGKILL.\nout of luck'],
      [0.25, null, undefined],
      [null, null, 'The metric failed: it did not return within 4000 ms.'],
      [0.25, null, undefined],
      [null, null, 'The metric failed: it did not return within 4000 ms.'],
      [0.25, null, undefined],
    ]);
  });

  it('has the scale, the direction and the threshold that the evaluation gives it', async () => {
    const use = { id: written.id, parameters: { scale: 'count', direction: 'lower' } };
    expect(resolveMetric(use)).toMatchObject({ scale: 'count', direction: 'lower' });
    const counted = await open(written, use.parameters, 1);
    expect(await scoresOf(counted, ['high', 'number', 'boolean'])).toMatchObject([
      [1.5, false, undefined],
      [0.25, true, undefined],
      [1, true, undefined],
    ]);
    const decided = await open(written, {}, 0.5);
    expect(await scoresOf(decided, ['map'])).toEqual([[0.5, true, 'half of it']]);
  });

  it('is not run in an untrusted workspace', async () => {
    const use = { id: written.id, parameters: { file: written.name } };
    const untrusted = { folder, isTrusted: false, python: undefined };
    await expect(createScorer(use, untrusted)).rejects.toMatchObject({ code: 'untrusted' });
    await expect(createScorer(use)).rejects.toMatchObject({ code: 'untrusted' });
  });

  it('gets no keys of this process', async () => {
    process.env.PLANTED_API_KEY = 'planted';
    const code =
      written.id === 'python'
        ? 'import os\ndef score(case): return {"value": 1, "reason": str(dict(os.environ))}\n'
        : 'export const score = () => ({ value: 1, reason: JSON.stringify(process.env) });\n';
    try {
      const scorer = await open({ ...written, name: `env-${written.name}`, code });
      const [[, , reason] = []] = await scoresOf(scorer, ['x']);
      expect(reason).toContain('PATH');
      expect(reason).not.toContain('planted');
    } finally {
      delete process.env.PLANTED_API_KEY;
    }
  });
});

describe('a metric of the user that cannot be used', () => {
  it.each([
    [
      'syntax.py',
      'x = 1\ndef score(case) return 1\n',
      /^syntax\.py cannot be used as a metric: SyntaxError: .* \(syntax\.py:2\)$/,
    ],
    ['import.py', 'import no_such_module\n', /ModuleNotFoundError: No module named 'no_such_module' \(import\.py:1\)$/],
    [
      'name.py',
      'def rate(case): return 1\n',
      /^name\.py cannot be used as a metric: TypeError: it has no function "score"\.$/,
    ],
    ['exit.py', 'import sys\nsys.exit("no")\n', /^exit\.py cannot be used as a metric: SystemExit: no \(exit\.py:2\)$/],
    ['syntax.mjs', 'export default (\n', /^syntax\.mjs cannot be used as a metric: /],
    ['name.mjs', 'export const rate = () => 1;\n', /no default export and no "score"\. Its exports: rate\.$/],
    ['exit.mjs', 'console.error("bye"); process.exit(1);\n', /its process ended with exit code 1\.\nbye$/],
  ])('is reported before any answer is scored: %s', async (name, code, message) => {
    const id = name.endsWith('.py') ? 'python' : 'javascript';
    await expect(open({ id, name, code })).rejects.toMatchObject({
      code: 'invalid-evaluation',
      message: expect.stringMatching(message),
    });
  });

  it('is reported if its file is missing', async () => {
    const context = { folder, isTrusted: true, python: undefined };
    const scorer = createScorer({ id: 'python', parameters: { file: 'missing.py' } }, context);
    await expect(scorer).rejects.toMatchObject({
      code: 'unreadable-file',
      message: 'The file missing.py of a metric could not be read (ENOENT).',
    });
  });
});

it('a metric that throws after its return ends its process, which is no error of the next answer', async () => {
  const scorer = await open({ id: 'javascript', name: 'late.mjs', code: JAVASCRIPT }, { timeoutMs: 5000 });
  const scores = await scoresOf(scorer, [
    'number',
    'late',
    'pause',
    'lateExit',
    'pause',
    'throwWhileWaiting',
    'number',
  ]);
  expect(scores.map(([value]) => value)).toEqual([0.25, 0.1, 0.2, 0.1, 0.2, null, 0.25]);
  expect(scores[5]?.[2]).toMatch(/its process ended with exit code 1\..*while it waits/s);
  expect(scores[5]?.[2]).not.toContain('too late');
});

it('a metric may be TypeScript, import its neighbors and export another function', async () => {
  writeFileSync(path.join(folder, 'neighbor.ts'), 'export const weight: number = 0.5;\n');
  const code = `import { weight } from './neighbor.ts';
interface Case { output: string }
export function rate({ output }: Case): number { return output.length > 2 ? weight : 0; }
`;
  const scorer = await open({ id: 'javascript', name: 'rate.ts', code }, { function: 'rate' });
  expect(await scoresOf(scorer, ['long', 'no'])).toEqual([
    [0.5, null, undefined],
    [0, null, undefined],
  ]);
});

it('a metric of Python may import its neighbors and be asynchronous, and leaves no files behind', async () => {
  writeFileSync(path.join(folder, 'neighbor.py'), 'weight = 0.5\n');
  const code =
    'import asyncio\nfrom neighbor import weight\nasync def score(case):\n    await asyncio.sleep(0)\n    return weight\n';
  const scorer = await open({ id: 'python', name: 'later.py', code });
  expect(await scoresOf(scorer, ['x'])).toEqual([[0.5, null, undefined]]);
  expect(readdirSync(folder)).not.toContain('__pycache__');
});
