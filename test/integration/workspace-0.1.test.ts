import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskFiles } from '../../src/core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS } from '../../src/core/base/settings.ts';
import type { RunRecord } from '../../src/core/store/runs/run-record.ts';
import { meanCostText } from '../../src/core/versions/results/result-figures.ts';
import { createWorkbench, type Ports, type Workbench } from '../../src/core/workbench.ts';
import { CompareSession } from '../../src/panels/compare/compare-session.ts';
import type { CompareSnapshot } from '../../src/protocol/compare.ts';

/**
 * A workspace of version 0.1 (commit `15d08ce7`): git with versions, labels and notes, the database with runs and
 * the state of a Compare panel, and next to it what that code itself read from all this.
 */
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/workspace-0.1/${name}`, import.meta.url));

interface Expected {
  folder: string;
  panel: { path: string; comparisonId: string };
  snapshot: Pick<CompareSnapshot, 'input' | 'columns'>;
  runs: RunRecord[];
  spentUsd: number;
  versions: { commit: string; subject: string; savedAs: unknown[]; labels: string[]; contentHash: string }[];
  labels: unknown[];
  results: { contentHash: string; summary: Record<string, unknown> }[];
}

const expected = JSON.parse(gunzipSync(readFileSync(fixture('expected.json.gz'))).toString('utf8')) as Expected;
const log = { debug() {}, info() {}, warn() {}, error() {} };
// its runs are all from one day, and none may be deleted because it is old
const settings = () => ({ ...DEFAULT_SETTINGS, discoverOllama: false, retentionDays: 0 });

let folder: string;
let workbench: Workbench;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-0.1-')));
  execFileSync('tar', ['-xzf', fixture('workspace.tar.gz'), '-C', folder]);
  moveDatabase();
  workbench = open();
});
afterAll(async () => {
  await workbench.dispose();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

function open(ports: Partial<Ports> = {}): Workbench {
  return createWorkbench({
    folder,
    trusted: () => true,
    settings,
    files: diskFiles,
    env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
    log,
    // later than the last heartbeat of the interrupted run
    now: () => Date.now() + 60_000,
    network: async () => {
      throw new Error('Nothing here needs a network.');
    },
    storeWorkerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
    windowId: 'test',
    ...ports,
  });
}

/** The database names files by their absolute paths: as if the folder had always been here. */
function moveDatabase(): void {
  const db = new DatabaseSync(path.join(folder, '.llmops/llmops.db'));
  db.prepare('UPDATE runs SET prompt_path = replace(prompt_path, ?, ?)').run(expected.folder, folder);
  db.prepare('UPDATE workspace_values SET key = replace(key, ?, ?)').run(expected.folder, folder);
  db.close();
}

const here = (file: string) => file.replace(expected.folder, folder);
const promptFile = () => here(expected.panel.path);
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a workspace of version 0.1', () => {
  it('has every run with every field, and simulated costs are known', async () => {
    for (const run of expected.runs) {
      const promptPath = run.promptPath === undefined ? {} : { promptPath: here(run.promptPath) };
      const wasCut = run.state === 'streaming' ? { state: 'interrupted', endedAt: expect.any(Number) } : {};
      const simulated = run.model.startsWith('demo/');
      await expect
        .poll(async () => asJson(await workbench.store.runs.get(run.id)))
        .toEqual({ ...run, ...promptPath, ...wasCut, simulated });
    }
    expect((await workbench.store.status()).runs).toBe(expected.runs.length);
    expect(await workbench.store.ledger.spentUsd(0)).toBe(expected.spentUsd);
  });

  it('has its versions with their tags and labels', async () => {
    const { versions } = await workbench.versions.history.list(promptFile(), {});
    expect(asJson(versions)).toEqual(expected.versions);
    expect(asJson(await workbench.versions.labels.list())).toEqual(expected.labels);
  });

  it('has the results of its versions, with paid and simulated costs apart', async () => {
    const hashes = expected.results.map(({ contentHash }) => contentHash);
    const results = await workbench.versions.results.read(hashes);
    for (const { contentHash, summary } of expected.results) {
      const { groups: _, ...figures } = summary;
      expect(asJson(results.get(contentHash)?.summary)).toMatchObject(figures);
    }
    const texts = hashes.map((hash) => meanCostText(results.get(hash), (usd) => `$${usd.toPrecision(2)}`));
    expect(texts).toContainEqual(expect.stringMatching(/^\$0\.25, \$0\.\d+ simulated$/));
  });

  it('has notes that add up without a database, even if they do not say whether the cost was paid', async () => {
    const colleague = open({ record: false });
    const hashes = expected.versions.map(({ contentHash }) => contentHash);
    const results = await colleague.versions.results.read(hashes);
    const texts = hashes.map((hash) => meanCostText(results.get(hash), (usd) => `$${usd.toPrecision(2)}`));
    expect(texts).toEqual([expect.stringMatching(/ \(partly simulated\)$/), expect.stringMatching(/ \(simulated\)$/)]);
    await colleague.dispose();
  });

  it('has its Compare panel as it was', async () => {
    const text = readFileSync(promptFile(), 'utf8');
    const session = await CompareSession.reopen(
      {
        workbench,
        source: { path: promptFile(), label: 'prompts/churn.prompt', dirty: false, text },
        models: undefined,
        settings,
        log,
        send() {},
        onRunsChanged() {},
      },
      expected.panel.comparisonId,
      { fromHistory: false },
    );
    const { input, columns } = session.snapshot();
    session.dispose();
    expect(input).toEqual(expected.snapshot.input);
    expect(columns.map(({ model, parameters }) => ({ model, parameters }))).toEqual(
      expected.snapshot.columns.map(({ model, parameters }) => ({ model, parameters })),
    );
    const answers = (of: CompareSnapshot['columns']) =>
      of.map(({ runs }) =>
        runs.map(({ runId, state, text: answer, rating, note }) => ({ runId, state, answer, rating, note })),
      );
    expect(asJson(answers(columns))).toEqual(asJson(answers(expected.snapshot.columns)));
    expect(columns.flatMap(({ runs }) => runs.map(({ simulated }) => simulated))).toEqual([true, true]);
  });
});
