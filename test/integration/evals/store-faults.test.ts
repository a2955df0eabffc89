import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { WORKER_URL } from '../store/temporary-store.ts';
import { buildProgram } from './build-program.ts';
import { startChatServer } from './chat-server.ts';
import { ASK, createEvalFolder, endOf, localModel, rowsOf } from './eval-folder.ts';

const FILE = 'prompts: [ask.prompt]\ndataset: cases.jsonl\nmetrics: [equals]\nconcurrency: 4\n';

/** A namespace of mounts of its own: only Linux has it, and some systems allow it to administrators only. */
const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;
const DISK_KIB = 8_000;
/** The cases fit beside it, and all answers do not. */
const FILLER_KIB = 6_500;
const CASES = 100;
const QUESTION = 'x'.repeat(1_000);
const LONG = ASK.replace('{{question}}', '{{question}} '.repeat(20));

async function evaluateOnSmallDisk(mode: 'wait' | 'end'): Promise<Record<string, unknown>[]> {
  const rows = rowsOf(CASES, (index) => ({ id: `c${index}`, question: `${index} ${QUESTION}`, expected: 'x' }));
  await using folder = createEvalFolder({ 'ask.prompt': LONG, 'cases.jsonl': rows, 'a.eval.yaml': FILE });
  mkdirSync(path.join(folder.folder, '.llmops'));
  const shell = `mount -t tmpfs -o size=${DISK_KIB}k tmpfs "$1/.llmops" && head -c ${FILLER_KIB}k /dev/zero > "$1/.llmops/filler" && shift && exec "$@"`;
  const program = await buildProgram('full-disk-process');
  const command = [process.execPath, program, folder.folder, path.join(folder.folder, 'a.eval.yaml'), WORKER_URL.href];
  const child = spawnSync('unshare', ['-rm', 'sh', '-c', shell, 'sh', folder.folder, ...command, mode], {
    encoding: 'utf8',
  });
  expect(child.stderr).toBe('');
  return child.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it.skipIf(!canMount)('a full disk pauses an evaluation, which continues when there is room again', async () => {
  const lines = await evaluateOnSmallDisk('wait');
  expect(lines[0]).toEqual({ paused: expect.stringContaining('full') });
  expect(lines[1]).toEqual({ continued: true });
  expect(lines.at(-2)).toMatchObject({ ended: { state: 'done', counts: { cells: CASES, failed: CASES, errors: 0 } } });
  const { answers } = lines.at(-1) as { answers: number[] };
  expect(answers).toHaveLength(CASES);
  expect(Math.min(...answers)).toBeGreaterThan(20 * QUESTION.length);
});

it.skipIf(!canMount)(
  'a disk that stays full ends it; what was answered is kept, and a resume finishes it',
  async () => {
    const lines = await evaluateOnSmallDisk('end');
    expect(lines[0]).toEqual({ paused: expect.stringContaining('full') });
    const kept = lines.find((line) => 'kept' in line)?.kept as number;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(CASES);
    expect(lines.at(-2)).toMatchObject({ ended: { state: 'done', counts: { cells: CASES, failed: CASES } } });
    expect((lines.at(-1) as { answers: number[] }).answers).toHaveLength(CASES);
  },
);

it('a database that another process has locked pauses it, and nothing is asked twice', async () => {
  await using server = await startChatServer((text) => ({ text, delayMs: 20 }));
  await using folder = createEvalFolder({
    ...localModel(server.url),
    'ask.prompt': ASK,
    'cases.jsonl': rowsOf(60),
    'a.eval.yaml': FILE.replace('dataset', 'models: [local/m]\ndataset'),
  });
  const workbench = folder.open();
  const plan = await workbench.evals.plan(await workbench.evals.read(path.join(folder.folder, 'a.eval.yaml')));
  const job = await workbench.evals.start(plan);
  using other = new DatabaseSync(path.join(folder.folder, '.llmops/llmops.db'));
  let isLocked = false;
  const { record, events } = await endOf(job, (event) => {
    if (event.type === 'cells' && event.counts.passed >= 8 && !isLocked) {
      other.exec('BEGIN IMMEDIATE');
      isLocked = true;
    }
    if (event.type === 'eval-paused') other.exec('ROLLBACK');
  });

  const paused = events.find((event) => event.type === 'eval-paused');
  expect(paused).toMatchObject({ reason: expect.stringMatching(/locked|busy/i) });
  expect(events).toContainEqual({ type: 'eval-continued' });
  expect(record).toMatchObject({ state: 'done', error: undefined, counts: { passed: 60, errors: 0 } });
  expect(server.asked).toHaveLength(60);
});
