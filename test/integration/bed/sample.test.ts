import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createSampleWorkspace, readSampleHistory, sampleEnvironment, sampleFiles } from '../../bed/sample.mjs';
import { openSample } from '../../bed/sample-runs.mjs';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-sample-')));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

function gitIn(workspace: string) {
  const env = sampleEnvironment(folder);
  return (args: string[], more: Record<string, string> = {}) =>
    execFileSync('git', args, { cwd: workspace, env: { ...env, ...more }, encoding: 'utf8' });
}

/** The same history, one commit and save at a time, by git and by the product. */
async function makeStepByStep(workspace: string): Promise<void> {
  mkdirSync(workspace);
  const git = gitIn(workspace);
  git(['init', '--quiet', '--initial-branch=main']);
  const workbench = openSample(workspace, sampleEnvironment(folder));
  for (const entry of readSampleHistory()) {
    rmSync(path.join(workspace, 'prompts'), { recursive: true, force: true });
    for (const [file, bytes] of sampleFiles(entry)) {
      mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
      writeFileSync(path.join(workspace, file), bytes);
    }
    const [, name = '', email = ''] = /^(.*) <(.*)>$/.exec(entry.author) ?? [];
    git(['add', '.']);
    git(['commit', '--quiet', '-m', entry.message], {
      ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: entry.date },
      ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: entry.date },
    });
    for (const [file, { label, why = '' }] of Object.entries(entry.save ?? {})) {
      await workbench.versions.saves.save(path.join(workspace, file), {
        message: entry.message,
        author: { name, email },
        ...(label === undefined ? {} : { label: { label, why } }),
      });
    }
  }
  await workbench.dispose();
}

/** Everything except the times at which tags and labels were created. */
function describeRepository(workspace: string) {
  const git = gitIn(workspace);
  const fields = '%(refname) %(objecttype) %(*objectname) %(taggername) %(taggeremail)%0a%(contents)';
  const labels = git(['for-each-ref', '--format=%(refname)', 'refs/llmops']).trim().split('\n');
  return {
    // commits have the same hashes if trees, authors, dates and messages are the same
    main: git(['log', '--format=%H %T %an %ae %aI %cI %B', 'main']),
    tags: git(['for-each-ref', `--format=${fields}`, 'refs/tags']),
    labels: labels.map((ref) => [
      ref,
      git(['log', '--first-parent', '--format=%T %an %ae %cn %ce %B', ref, '--not', 'main']),
    ]),
    targets: labels.map((ref) => git(['log', '--format=%P', ref, '--not', 'main']).match(/[0-9a-f]+$/gm)),
    status: git(['status', '--porcelain']),
  };
}

it('creates with a few processes what the product creates with hundreds', { timeout: 180_000 }, async () => {
  const [quick, slow] = [path.join(folder, 'quick'), path.join(folder, 'slow')];
  expect(await createSampleWorkspace(quick)).toBeUndefined();
  await makeStepByStep(slow);
  const made = describeRepository(quick);
  expect(made).toEqual(describeRepository(slow));
  expect(made.status).toBe('');
  expect(made.labels).toHaveLength(4);

  // results of runs are noted on the blob of every version
  const noted = gitIn(quick)(['notes', '--ref=llmops', 'list']).trim().split('\n');
  expect(noted).toHaveLength(new Set(noted).size);
  const workbench = openSample(quick, sampleEnvironment(folder));
  const { versions } = workbench;
  for (const prompt of ['prompts/churn-analysis.prompt', 'prompts/support-reply.prompt']) {
    const page = await versions.history.list(path.join(quick, prompt));
    const results = await versions.results.read(page.versions.map(({ contentHash }) => contentHash));
    expect(page.versions.map(({ savedAs }) => savedAs.length)).toEqual(page.versions.map(() => 1));
    expect(page.versions.every(({ contentHash }) => results.get(contentHash)?.pending === false)).toBe(true);
  }
  await workbench.dispose();
});
