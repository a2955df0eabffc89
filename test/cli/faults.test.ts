import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, promptText, type Workspace } from './cli.ts';

const FAST = 'config:\n  demo.tokensPerSecond: 20000\n  demo.ttftMs: 1\n';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const inWorkspace = (...parts: string[]) => path.join(workspace.folder, ...parts);
const writePrompt = (config = FAST) => workspace.write('p.prompt', promptText({ model: 'demo/swift', config }));
const run = (args: string[], options: Partial<Parameters<typeof llmops>[1]> = {}) =>
  llmops(['run', ...args], { cwd: workspace.folder, ...options });

/** A database that another program locks for as long as the test needs. */
async function lockDatabase(): Promise<Disposable> {
  await run([writePrompt()]);
  const database = new DatabaseSync(inWorkspace('.llmops/llmops.db'));
  database.exec('BEGIN IMMEDIATE');
  return { [Symbol.dispose]: () => database.close() };
}

describe('an answer that cannot be recorded', () => {
  it('is printed with exit code 0, and stderr and JSON report that the folder cannot be written', async () => {
    workspace.write('.llmops', 'a file where the folder should be');
    const { code, stdout, stderr } = await run([writePrompt(), '--json']);
    expect(code).toBe(0);
    expect(stderr).toContain('The history cannot be saved in');
    const report = JSON.parse(stdout);
    expect(report.notices).toEqual([expect.stringContaining('The history cannot be saved in')]);
    expect(stderr).toContain(report.notices[0]);
    expect(report.runs[0].text).not.toBe('');
  });

  it('is printed if the database is damaged, and its new place is reported', async () => {
    mkdirSync(inWorkspace('.llmops'));
    writeFileSync(inWorkspace('.llmops/llmops.db'), 'no database at all, but long enough to look at it'.repeat(40));
    const table = await run([writePrompt()]);
    expect(table.code).toBe(0);
    expect(table.stderr).toMatch(/llmops\.db was corrupted\. It was moved to .*corrupt-/);
  });

  it('is printed if the database stays locked, and the final warning is printed too', async () => {
    using _lock = await lockDatabase();
    const prompt = inWorkspace('p.prompt');
    const [json, table, lines] = await Promise.all([
      run([prompt, '--json']),
      run([prompt]),
      run([prompt, '--json', '--stream']),
    ]);
    expect([json.code, table.code, lines.code]).toEqual([0, 0, 0]);
    const [first] = JSON.parse(json.stdout).runs;
    expect(first.warnings).toEqual([
      { code: 'not-recorded', message: expect.stringContaining('locked by another program') },
    ]);
    for (const { stderr } of [json, table, lines]) expect(stderr).toContain('These runs are not recorded.');
    expect(table.stdout).toContain('! These runs are not recorded.');
    expect(lines.stdout).toContain('"run-warning"');
  });

  it('is reported if there is no workspace to record it in, unless recording is off', async () => {
    using outside = createWorkspace();
    const prompt = outside.write('p.prompt', promptText({ model: 'demo/swift', config: FAST }));
    rmSync(path.join(outside.folder, 'llmops'), { recursive: true });
    const recorded = await llmops(['run', prompt], { cwd: outside.folder });
    expect(recorded).toMatchObject({ code: 0, stderr: /^This run is not recorded: .* is not in a workspace/ });
    const unrecorded = await llmops(['run', prompt, '--no-record'], { cwd: outside.folder });
    expect(unrecorded).toMatchObject({ code: 0, stderr: '' });
  });
});

it('an unwritable database is reported by every command that reads it', async () => {
  writePrompt();
  workspace.write('.llmops', 'a file where the folder should be');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: workspace.folder });
  git('init', '-q');
  git('add', 'p.prompt');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-qm', 'First');
  for (const args of [
    ['versions', 'list', 'p.prompt', '--json'],
    ['versions', 'show', 'p.prompt', '--json'],
  ]) {
    const { code, stdout, stderr } = await llmops(args, { cwd: workspace.folder });
    expect({ args, code, stderr }).toMatchObject({ code: 0, stderr: /The history cannot be saved in/ });
    expect(JSON.parse(stdout).notices, args.join(' ')).toEqual([expect.stringContaining('cannot be saved')]);
  }
});

describe.skipIf(process.platform !== 'linux')('an output that cannot be written', () => {
  const toFullDisk = async (args: string[]) => {
    const full = openSync('/dev/full', 'w');
    try {
      return await llmops(args, { cwd: workspace.folder, stdout: full });
    } finally {
      closeSync(full);
    }
  };

  it.each([
    ['run', ['run', 'p.prompt']],
    ['run --json', ['run', 'p.prompt', '--json']],
    ['check', ['check', '.']],
    ['check --format sarif', ['check', '.', '--format', 'sarif']],
    ['models', ['models', 'demo']],
    ['import', ['import', 'old.txt']],
    ['versions list', ['versions', 'list', 'p.prompt']],
    ['help', ['--help']],
    ['version', ['--version']],
  ])('ends %s with 4 and one clear sentence', async (_, args) => {
    writePrompt();
    workspace.write('old.txt', 'Say hello to {name}.');
    execFileSync('git', ['init', '-q'], { cwd: workspace.folder });
    const { code, stderr } = await toFullDisk(args);
    expect({ code, stderr }).toMatchObject({
      code: 4,
      stderr: /Could not write to standard output: no space left on device \(ENOSPC\)\./,
    });
    expect(stderr).not.toMatch(/ {4}at |node:|SyncWriteStream/);
  });

  it('keeps the exit code if nothing was to be written', async () => {
    const { code, stderr } = await toFullDisk(['run', 'nowhere.prompt']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: /nowhere\.prompt does not exist/ });
  });

  it('stops a stream that has no reader any more', async () => {
    // the complete answer would take longer than this test may
    writePrompt('config:\n  demo.tokensPerSecond: 0.5\n  demo.ttftMs: 1\n');
    const { code } = await toFullDisk(['run', 'p.prompt', '--stream']);
    expect(code).toBe(4);
  });
});

it('all of a large output arrives, however slowly it is read', async () => {
  const prompts = Array.from({ length: 400 }, (_, index) => `${index}.prompt`);
  for (const name of prompts) workspace.write(name, promptText({ model: 'demo/swift', body: 'Hi {{a}} {{b}} {{c}}' }));
  const { stdout, code } = await llmops(['check', '.', '--format', 'json'], {
    cwd: workspace.folder,
    // A slow reader: slower than the check, and than the second after it for which a connection may stay open.
    onStart(child) {
      child.stdout?.pause();
      setTimeout(() => child.stdout?.resume(), 6000);
    },
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).files.length).toBeGreaterThan(prompts.length);
});
