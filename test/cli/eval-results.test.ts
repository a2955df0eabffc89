import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';
import { CASES, FILE, readResult, writeEvaluation } from './eval-files.ts';

let workspace: Workspace;
/** Two results of the same cases: the second answers differ, and one case was added. */
let ids: string[];

const evaluate = (...args: string[]) => llmops(['eval', ...args], { cwd: workspace.folder });

beforeAll(async () => {
  workspace = createWorkspace();
  writeEvaluation(workspace, { cases: many(12) });
  const first = readResult((await evaluate(FILE, '--json')).stdout);
  writeEvaluation(workspace, {
    cases: [...many(12), { id: 'new', plan: 'Gold', expected: 'x' }],
    body: 'Plan: {{plan}}.',
  });
  const second = readResult((await evaluate(FILE, '--json')).stdout);
  ids = [first.id, second.id];
});
afterAll(() => workspace[Symbol.dispose]());

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...CASES[index % CASES.length], id: `c${index + 1}` }));

describe('stored results', () => {
  it('are listed with the newest first', async () => {
    const { code, stdout } = await evaluate('list', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { id: ids[1], name: 'plan', file: FILE, state: 'done', pinned: false, baseline: null, bytes: expect.any(Number) },
      { id: ids[0], durationMs: expect.any(Number), counts: { cases: 12, cells: 12 }, totals: { costUsd: 0 } },
    ]);
    expect(JSON.parse((await evaluate('list', FILE, '--limit', '1', '--json')).stdout)).toHaveLength(1);
    expect((await evaluate('list', 'evals/other.eval.yaml')).stdout).toContain(
      'No results of evals/other.eval.yaml are stored.',
    );
    expect((await evaluate('list')).stdout).toMatch(/^ID +EVALUATION +STATE .*\n.* plan +done .*\$0 \(simulated\)/);
  });

  it('are not said to be none if their database cannot be read', async () => {
    using own = createWorkspace();
    writeEvaluation(own);
    expect((await llmops(['eval', FILE, '--json'], { cwd: own.folder })).code).toBe(0);
    // as on a full drive, the database cannot have the file that it needs beside it
    own.write('.llmops/llmops.db-wal/taken', '');
    const { code, stdout, stderr } = await llmops(['eval', 'list'], { cwd: own.folder });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/The stored results in .*llmops\.db cannot be read\./);
  });

  it('are shown by the beginning of their ID, or the newest', async () => {
    expect(readResult((await evaluate('show', ids[0]!.slice(0, 10), '--json')).stdout).id).toBe(ids[0]);
    expect(readResult((await evaluate('show', '--format', 'json')).stdout).id).toBe(ids[1]);
    expect((await evaluate('show')).stdout).toMatch(/^plan: \d+ of 13 answers passed\n/);
    expect(await evaluate('show', 'zzz')).toMatchObject({ code: 2, stderr: expect.stringContaining('no result zzz') });
  });

  it.each([
    ['jsonl', /^\{"id":"c1",.*"output":"Plan: Gold\."/],
    ['csv', /^case,dataset,row,.*input\.plan,.*\r\nc1,\.\.\/data\/plans\.jsonl,1,/],
    ['junit', /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="plan" tests="13"/],
    ['markdown', /^## plan: /],
    ['html', /^<!DOCTYPE html>[\s\S]*Content-Security-Policy[\s\S]*<script>/],
    ['promptfoo', /^\{\n"evalId": "eval-[\s\S]*"version": 3/],
    ['failed-rows', /^\{"id":"c1","plan":"Gold","expected":/],
    ['pairs', /^$/],
  ])('are exported as %s', async (format, text) => {
    const { code, stdout, stderr } = await evaluate('show', '--format', format);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(text);
  });

  it('are compared by a metric, over the cases that both have', async () => {
    const { code, stdout, stderr } = await evaluate('compare', ids[0]!, ids[1]!, '--metric', 'equals', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      n: 12,
      onlyInA: 0,
      onlyInB: 1,
      a: { mean: 1, interval: [expect.any(Number), 1] },
      b: { mean: 0, interval: [0, expect.any(Number)] },
      difference: { mean: -1, interval: [-1, expect.any(Number)], method: 'agresti-min' },
      test: { name: 'mcnemar', p: expect.closeTo(2 / 4096, 12) },
      smallestDetectable: null,
      verdict: 'worse',
    });
    const text = (await evaluate('compare', ids[0]!.slice(0, 8), ids[1]!.slice(0, 8))).stdout;
    expect(text).toContain('Compared 12 cases by id. Not compared: 1 only in ');
    expect(text).toMatch(/ is worse: -1, 95% interval .*\(exact McNemar test\)\.\n/);
    expect(text).toContain('Mean contains of ');
  });

  it.each([
    ['an unknown metric', ['--metric', 'equal'], 'no common metric "equal".\nDid you mean equals?'],
    ['an unknown column', ['--column', 'demo/swift'], 'no common column "demo/swift".'],
    ['an option of files', ['--bootstrap'], '--bootstrap is about files, and these are stored results.'],
  ])('are not compared with %s', async (_name, args, message) => {
    const { code, stdout, stderr } = await evaluate('compare', ids[0]!, ids[1]!, ...args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('are not compared with a file', async () => {
    workspace.write('a.jsonl', '{"id":"c1","score":1}\n');
    const { code, stderr } = await evaluate('compare', 'a.jsonl', ids[0]!);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Only a.jsonl is a file') });
  });

  it('are kept while they are pinned, and deleted together or not at all', async () => {
    const own = readResult((await evaluate(FILE, '--json')).stdout).id;
    expect((await evaluate('pin', own, '--json')).stdout).toBe(`{\n  "id": "${own}",\n  "pinned": true\n}\n`);
    expect(await evaluate('delete', own)).toMatchObject({ code: 2, stderr: expect.stringContaining('is pinned.') });
    expect(await evaluate('delete', own, 'nope')).toMatchObject({ code: 2, stderr: expect.stringContaining('nope') });
    expect((await evaluate('pin', own, '--remove')).stdout).toBe(`${own} is no longer pinned.\n`);
    expect((await evaluate('delete', own, '--json')).stdout).toContain(own);
    expect((await evaluate('show', own)).code).toBe(2);
    const left = JSON.parse((await evaluate('list', '--json')).stdout) as { id: string }[];
    expect(left.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  });
});
