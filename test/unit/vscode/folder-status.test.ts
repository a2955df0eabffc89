import { expect, test } from 'vitest';
import type { Repository, RepositoryState } from '../../../src/core/versions/git/repository-state.ts';
import type { Label } from '../../../src/core/versions/labels/read-labels.ts';
import type { SavedTag } from '../../../src/core/versions/refs/saved-tags.ts';
import type { Versions } from '../../../src/core/versions/versions.ts';
import { readFolderStatus } from '../../../src/vscode/prompts/folder-status.ts';
import type { PromptEntry, PromptSort } from '../../../src/vscode/prompts/prompt-tree.ts';

interface Git {
  state?: RepositoryState;
  changed?: [string, 'changed' | 'untracked' | 'conflicted' | 'deleted'][];
  labels?: Pick<Label, 'prompt' | 'label' | 'path'>[];
  tags?: [string, number[]][];
  names?: Record<string, string>;
}

const ready = { kind: 'ready', repository: { root: '/real/repo', folderPath: 'app/' } as Repository } as const;

function openVersions({ state = ready, changed = [], labels = [], tags = [], names = {} }: Git) {
  const named: string[] = [];
  const versions = {
    state: async () => state,
    saves: {
      changedFiles: async () => new Map(changed),
      tags: async () =>
        new Map(tags.map(([name, numbers]) => [name, numbers.map((number) => ({ number }) as SavedTag)])),
      workingState: async (file: string) => {
        if (file.includes('bad')) throw new Error('unreadable');
        return { contentHash: file };
      },
    },
    labels: { list: async () => labels },
    names: {
      nameOf: async (file: string) => {
        named.push(file);
        return names[file] ?? 'other';
      },
    },
    history: { list: async (file: string) => ({ versions: [{ committedAt: file.length }] }) },
    results: {
      read: async ([hash]: string[]) =>
        new Map([[hash, { summary: { cost: { usd: 1, count: 2 }, schema: { checked: 4, valid: 1 } } }]]),
    },
  } as unknown as Versions;
  return { versions, named };
}

const entry = (relative: string): PromptEntry => ({ file: `/w/${relative}`, folder: 'w', root: '/w', relative });

function request(paths: string[], sort: PromptSort = 'name') {
  const dependents = (partial: string) => (partial === '/w/_tone.prompt' ? ['/w/a.prompt'] : []);
  return { entries: paths.map(entry), sort, dependents, signal: new AbortController().signal };
}

test('a prompt has its labels, its latest version and its change, under the path in the workspace', async () => {
  const { versions, named } = openVersions({
    changed: [['/real/repo/app/b.prompt', 'untracked']],
    labels: [
      { prompt: 'app/a', label: 'production', path: 'app/a.prompt' },
      { prompt: 'app/a', label: 'eu', path: 'app/a.prompt' },
    ],
    tags: [['app/a', [1, 2, 5]]],
  });
  const { byFile } = await readFolderStatus(versions, request(['a.prompt', 'b.prompt']));
  expect(byFile.get('/w/a.prompt')).toMatchObject({ labels: ['eu', 'production'], newest: 5, change: undefined });
  expect(byFile.get('/w/b.prompt')).toMatchObject({ labels: [], newest: undefined, change: 'untracked' });
  expect(named).toEqual([]);
});

test('a change of a partial counts for the prompts that use it, and a deleted prompt is listed', async () => {
  const { versions } = openVersions({
    changed: [
      ['/real/repo/app/_tone.prompt', 'changed'],
      ['/real/repo/app/gone.prompt', 'deleted'],
    ],
  });
  const { byFile, deleted } = await readFolderStatus(versions, request(['a.prompt', 'b.prompt']));
  expect([byFile.get('/w/a.prompt')?.change, byFile.get('/w/b.prompt')?.change]).toEqual(['changed', undefined]);
  expect(deleted).toEqual(['/w/gone.prompt']);
});

test('the name in a file is read only if a label has one that no path has', async () => {
  const { versions, named } = openVersions({
    labels: [{ prompt: 'churn', label: 'production', path: 'app/old.prompt' }],
    names: { '/w/a.prompt': 'churn' },
  });
  const { byFile } = await readFolderStatus(versions, request(['a.prompt', 'b.prompt']));
  expect(byFile.get('/w/a.prompt')?.labels).toEqual(['production']);
  expect(byFile.get('/w/b.prompt')?.labels).toEqual([]);
  expect(named.sort()).toEqual(['/w/a.prompt', '/w/b.prompt']);
});

test('an order by results reads each prompt, and an unreadable one is only unknown', async () => {
  const { versions } = openVersions({});
  const { byFile } = await readFolderStatus(versions, request(['a.prompt', 'bad.prompt'], 'cost'));
  expect(byFile.get('/w/a.prompt')).toMatchObject({ costUsd: 0.5, quality: 0.25 });
  expect(byFile.get('/w/bad.prompt')?.costUsd).toBeUndefined();
  const changed = await readFolderStatus(versions, request(['a.prompt'], 'changed'));
  expect(changed.byFile.get('/w/a.prompt')?.changedAt).toBe('/w/a.prompt'.length);
});

test('nothing more is read without a repository', async () => {
  const { versions } = openVersions({ state: { kind: 'untrusted' } });
  expect(await readFolderStatus(versions, request(['a.prompt']))).toEqual({
    state: { kind: 'untrusted' },
    byFile: new Map(),
    deleted: [],
  });
});
