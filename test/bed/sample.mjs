// Makes a throw-away copy of the sample workspace: a git repository with some history, and what runs of it showed.
import fs from 'node:fs';
import path from 'node:path';
import { simpleGit } from 'simple-git';
import { root } from './toolchain.mjs';

const sample = path.join(root, 'media/sample-workspace');
const historyFolder = path.join(root, 'media/sample-history');

/**
 * The little that git needs. simple-git refuses to run with PAGER, EDITOR or GIT_ASKPASS set; the folder as HOME keeps
 * the user's hooks and signing keys out of commits that are not theirs.
 */
function gitEnvironment(home) {
  const { PATH, Path, SystemRoot, TEMP, TMPDIR } = process.env;
  const env = { PATH, Path, SystemRoot, TEMP, TMPDIR, HOME: home, USERPROFILE: home };
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

function whoAndWhen({ author, date }) {
  const [, name, email] = /^(.*) <(.*)>$/.exec(author);
  const who = (role) => ({ [`GIT_${role}_NAME`]: name, [`GIT_${role}_EMAIL`]: email, [`GIT_${role}_DATE`]: date });
  return { ...who('AUTHOR'), ...who('COMMITTER') };
}

const readHistory = () => JSON.parse(fs.readFileSync(path.join(historyFolder, 'history.json'), 'utf8'));

/** A file that the entry does not name is as in the sample workspace; null says that it was not there yet. */
async function commitEntry(workspace, home, { author, date, message, files = {} }) {
  const env = { ...gitEnvironment(home), ...whoAndWhen({ author, date }) };
  const git = simpleGit({ baseDir: workspace, allowEnvironment: Object.keys(env) }).env(env);
  if (!fs.existsSync(path.join(workspace, '.git'))) await git.init(['--initial-branch=main']);
  fs.rmSync(path.join(workspace, 'prompts'), { recursive: true, force: true });
  fs.cpSync(sample, workspace, { recursive: true });
  for (const [file, version] of Object.entries(files)) {
    const target = path.join(workspace, file);
    if (version === null) fs.rmSync(target);
    else fs.copyFileSync(path.join(historyFolder, version), target);
  }
  await git.add('.');
  await git.commit(message);
}

/** One commit an entry of history.json, saved as versions and run by the product itself. */
async function makeHistory(workspace, home) {
  const { openSample, prepareSample, saveSample } = await import('./sample-runs.mjs');
  const files = new Set();
  const runs = [];
  const workbench = openSample(workspace, gitEnvironment(home));
  try {
    for (const entry of readHistory()) {
      await commitEntry(workspace, home, entry);
      for (const [file, label] of Object.entries(entry.save ?? {})) {
        const full = path.join(workspace, file);
        files.add(full);
        const commit = await saveSample(workbench, full, { ...entry, ...label });
        // an answer takes its time, in which the next version is saved
        const run = await prepareSample(workbench, { commit, file: full });
        runs.push(run().catch((error) => error));
      }
    }
    const failed = (await Promise.all(runs)).find((error) => error);
    if (failed) throw failed;
    for (const file of files) await workbench.versions.results.note(file);
  } finally {
    await workbench.dispose();
  }
}

/** Resolves to what went wrong, if anything: the workspace is usable without git, and without results. */
export async function createSampleWorkspace(workspace) {
  fs.cpSync(sample, workspace, { recursive: true });
  const home = fs.mkdtempSync(path.join(path.dirname(workspace), 'home-'));
  try {
    await makeHistory(workspace, home);
    return undefined;
  } catch (error) {
    fs.cpSync(sample, workspace, { recursive: true });
    return String(error.message).split('\n')[0];
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}
