import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readFirstRows } from '../../../src/core/datasets/read-rows.ts';
import { writeExport } from '../../../src/panels/runs/export-runs.ts';
import { RunsSession } from '../../../src/panels/runs/runs-session.ts';
import type { RunsEvent } from '../../../src/protocol/runs.ts';
import { makeRun } from '../store/make-run.ts';
import { createStoreFolder } from '../store/temporary-store.ts';

const NOWHERE = { selection: [], active: undefined, first: undefined };
const NEWEST = { filter: {}, sort: { by: 'started' as const, descending: true }, shown: 0, places: NOWHERE };

async function makeSession(runs = [makeRun()]) {
  const folder = await createStoreFolder();
  const store = await folder.open();
  await store.runs.start(runs);
  const events: RunsEvent[][] = [];
  const session = new RunsSession({
    store: async () => store,
    labelOf: (promptPath) => path.basename(promptPath),
    send: (_seq, batch) => events.push(batch),
  });
  return {
    ...{ folder, store, session, events },
    async [Symbol.asyncDispose]() {
      session.dispose();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => makeRun({ id: `r${index}`, startedAt: 1000 + index, costUsd: index }));

test('rows keep their positions while runs are recorded, until the list is opened again', async () => {
  await using made = await makeSession(many(300));
  const { session, store } = made;
  const { list, count } = await session.openList(NEWEST);
  expect(count).toBe(300);
  await store.runs.start([makeRun({ id: 'new', startedAt: 5000 })]);
  const rows = await session.readRows({ list, from: 100, count: 2 });
  expect(rows?.map((row) => row?.id)).toEqual(['r199', 'r198']);

  const next = await session.openList({
    ...NEWEST,
    shown: list,
    places: { selection: [[0, 1]], active: 5, first: 100 },
  });
  expect(next.places).toEqual({ selection: [[1, 2]], active: 6, first: 101 });
  expect(await session.readRows({ list, from: 0, count: 1 })).toBeUndefined();
  // positions of a closed list select nothing, rather than other runs
  const late = await session.openList({ ...NEWEST, shown: list, places: { selection: [[0, 1]], active: 5, first: 9 } });
  expect(late.places).toEqual({ selection: [], active: undefined, first: undefined });
});

test('runs of one prompt can be compared, but not runs of several prompts, nor too many', async () => {
  const other = makeRun({ id: 'other', startedAt: 9000, promptPath: 'prompts/triage.prompt' });
  await using made = await makeSession([...many(20), other]);
  const { session } = made;
  const { list } = await session.openList(NEWEST);
  const runs = await session.runsToCompare({
    list,
    ranges: [
      [1, 2],
      [5, 5],
    ],
  });
  expect(runs.map(({ id }) => id)).toEqual(['r19', 'r18', 'r15']);
  await expect(session.runsToCompare({ list, ranges: [[0, 1]] })).rejects.toThrow('triage.prompt, churn.prompt');
  await expect(session.runsToCompare({ list, ranges: [[1, 15]] })).rejects.toThrow('15 runs');
});

test('a deleted run is reported', async () => {
  await using made = await makeSession(many(2));
  const { list } = await made.session.openList(NEWEST);
  await made.store.runs.delete(['r1']);
  await expect(made.session.runAt({ list, row: 0 })).rejects.toThrow('no longer in the history');
  expect(await made.session.readRows({ list, from: 0, count: 2 })).toMatchObject([null, { id: 'r0' }]);
});

test('runs appear once the workspace is trusted, and no earlier position selects one of them', async () => {
  await using made = await makeSession(many(3));
  let isTrusted = false;
  const session = new RunsSession({
    store: async () => (isTrusted ? made.store : undefined),
    labelOf: (promptPath) => promptPath,
    send: (_seq, batch) => made.events.push(batch),
  });
  const before = await session.openList(NEWEST);
  expect(before.count).toBe(0);
  isTrusted = true;
  session.changed();
  await expect.poll(() => made.events).toEqual([[{ type: 'changed' }]]);
  const places = { selection: [[0, 0] as const], active: 0, first: 0 };
  const { count, places: moved } = await session.openList({ ...NEWEST, shown: before.list, places });
  expect(count).toBe(3);
  expect(moved).toEqual(NOWHERE);
  session.dispose();
});

test('many changes at once are one event', async () => {
  await using made = await makeSession();
  for (let turn = 0; turn < 20; turn++) made.session.changed();
  await expect.poll(() => made.events).toEqual([[{ type: 'changed' }]]);
});

const never = new AbortController().signal;

test('an export contains the selected runs in order, with complete answers, in both formats', async () => {
  const answer = '=HYPERLINK("x"),\n"quoted"';
  await using made = await makeSession([...many(250), makeRun({ id: 'last', startedAt: 9000, text: answer })]);
  const { session, folder } = made;
  const { list } = await session.openList(NEWEST);
  const jsonl = path.join(folder.folder, 'runs.jsonl');
  let written = 0;
  const onRuns = (count: number) => {
    written += count;
  };
  await writeExport(jsonl, session.readExported({ list, ranges: [] }, never), {
    format: 'jsonl',
    signal: never,
    onRuns,
  });
  const lines = (await readFile(jsonl, 'utf8')).trimEnd().split('\n');
  expect(written).toBe(251);
  expect(lines).toHaveLength(251);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ id: 'last', answer, cost_usd: 0.0025, simulated: true });

  const csv = path.join(folder.folder, 'runs.csv');
  const first = session.readExported({ list, ranges: [[0, 1]] }, never);
  await writeExport(csv, first, { format: 'csv', signal: never, onRuns });
  const rows = await readFirstRows(csv, [await readFile(csv)], { limit: 10 });
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ id: 'last', answer: `'${answer}` });
});

test('a cancelled export leaves no file, and does not change an existing one', async () => {
  await using made = await makeSession(many(250));
  const { session, folder } = made;
  const { list } = await session.openList(NEWEST);
  const place = path.join(folder.folder, 'exports');
  await mkdir(place);
  const file = path.join(place, 'runs.csv');
  await writeFile(file, 'before');
  const controller = new AbortController();
  const pages = session.readExported({ list, ranges: [] }, controller.signal);
  const writing = writeExport(file, pages, {
    format: 'csv',
    signal: controller.signal,
    onRuns: () => controller.abort(),
  });
  await expect(writing).rejects.toThrow();
  expect(await readdir(place)).toEqual(['runs.csv']);
  expect(await readFile(file, 'utf8')).toBe('before');
});

test('an unwritable path is reported', async () => {
  await using made = await makeSession();
  const { list } = await made.session.openList(NEWEST);
  const file = path.join(made.folder.folder, 'nowhere', 'runs.csv');
  const pages = made.session.readExported({ list, ranges: [] }, never);
  const options = { format: 'csv' as const, signal: never, onRuns() {} };
  await expect(writeExport(file, pages, options)).rejects.toThrow(/Could not write the runs to .*nowhere/);
});
