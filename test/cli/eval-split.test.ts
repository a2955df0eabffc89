import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const split = (...args: string[]) => llmops(['eval', 'split', ...args], { cwd: workspace.folder });
const textOf = (file: string) => readFileSync(path.join(workspace.folder, file), 'utf8');

it('writes the parts beside the dataset, and replaces none without --force', async () => {
  const rows = Array.from({ length: 50 }, (_, index) => `${index},q${index},g${index % 10}`);
  workspace.write('data/cases.csv', `id,question,group\n${rows.join('\n')}\n`);
  expect(await split('data/cases.csv', '--seed', '4')).toMatchObject({
    code: 0,
    stdout: 'data/cases.dev.csv: 40 rows\ndata/cases.test.csv: 10 rows\n',
  });
  const written = [textOf('data/cases.dev.csv'), textOf('data/cases.test.csv')];
  expect(written.flatMap((text) => text.trimEnd().split('\n').slice(1)).toSorted()).toEqual(rows.toSorted());

  const again = await split('data/cases.csv', '--seed', '5', '--parts', 'dev=50,test=50');
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('cases.dev.csv and cases.test.csv exist already.');
  expect(textOf('data/cases.dev.csv')).toBe(written[0]);

  const forced = await split('data/cases.csv', '--seed', '5', '--parts', 'dev=50,test=50', '--force', '--json');
  expect(JSON.parse(forced.stdout)).toEqual({
    seed: 5,
    parts: [
      { name: 'dev', file: 'data/cases.dev.csv', rows: 25 },
      { name: 'test', file: 'data/cases.test.csv', rows: 25 },
    ],
  });
});

it.each([
  [['data/cases.jsonl', '--parts', 'dev'], 'names no parts with their shares'],
  [['data/cases.jsonl', '--parts', '../a=1,b=1'], 'names no parts with their shares'],
  [['data/cases.jsonl'], 'data/cases.jsonl:2'],
  [['data/none.jsonl'], 'data/none.jsonl'],
  [['data/cases.txt'], 'not a dataset'],
])('refuses %j, and writes nothing', async (args, message) => {
  workspace.write('data/cases.jsonl', '{"q":1}\n{"q":\n');
  workspace.write('data/cases.txt', 'q');
  const { code, stderr } = await split(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
