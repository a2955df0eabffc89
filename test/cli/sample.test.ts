import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampleWorkspace } from '../bed/sample.mjs';
import { llmops } from './cli.ts';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-sample-')));
const workspace = path.join(folder, 'sample-workspace');

beforeAll(async () => {
  expect(await createSampleWorkspace(workspace)).toBeUndefined();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

interface Listed {
  name: string;
  labels: string[];
  changed: { prompt: boolean; partials: string[] };
  results: { done: number; demo: number; schema: { checked: number; valid: number }; cost: { usd: number } } | null;
}

async function versionsOf(name: string): Promise<Listed[]> {
  const { stdout } = await llmops(['versions', 'list', name, '--json'], { cwd: workspace });
  return JSON.parse(stdout).versions;
}

describe('the workspace of npm start', () => {
  it('has versions with the results of demo models, one of them changed only in a partial', async () => {
    const versions = await versionsOf('churn-analysis');
    expect(versions.map(({ name }) => name)).toEqual(['v5', 'v4', 'v3', 'v2', 'v1']);
    for (const { results } of versions) {
      expect(results?.done).toBe(6);
      expect(results?.demo).toBe(6);
      expect(results?.cost.usd).toBeGreaterThan(0);
    }
    expect(versions.map(({ results }) => results?.schema.checked)).toEqual([6, 6, 6, 6, 0]);
    expect(versions[1]).toMatchObject({ changed: { prompt: false, partials: ['prompts/_weighing.prompt'] } });
    expect(versions.map(({ labels }) => labels)).toEqual([['staging'], ['production'], [], [], []]);
  });

  it('has versions of the other prompt, and the unchanged files of the sample', async () => {
    const versions = await versionsOf('support-reply');
    expect(versions.map(({ name }) => name)).toEqual(['v3', 'v2', 'v1']);
    expect(versions.every(({ results }) => results?.done === 2)).toBe(true);
    expect(existsSync(path.join(workspace, 'prompts/_weighing.prompt'))).toBe(false);
    const { stdout } = await llmops(['check'], { cwd: workspace });
    expect(stdout).toBe('3 prompts and 1 evaluation checked: no problems.\n');
  });

  it('has the results in git, where a clone without the database finds them', async () => {
    rmSync(path.join(workspace, '.llmops'), { recursive: true });
    const versions = await versionsOf('churn-analysis');
    expect(versions.map(({ results }) => results?.done)).toEqual([6, 6, 6, 6, 6]);
  });
});
