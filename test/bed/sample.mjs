// Makes a throw-away copy of the sample workspace: a git repository with some history.
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
function gitEnvironment(home, { author, date }) {
  const [, name, email] = /^(.*) <(.*)>$/.exec(author);
  const who = (role) => ({ [`GIT_${role}_NAME`]: name, [`GIT_${role}_EMAIL`]: email, [`GIT_${role}_DATE`]: date });
  const { PATH, Path, SystemRoot, TEMP, TMPDIR } = process.env;
  const env = {
    PATH,
    Path,
    SystemRoot,
    TEMP,
    TMPDIR,
    HOME: home,
    USERPROFILE: home,
    ...who('AUTHOR'),
    ...who('COMMITTER'),
  };
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

/** One commit an entry of history.json; files that the entry does not name are as in the sample workspace. */
async function commitHistory(workspace, home) {
  const history = JSON.parse(fs.readFileSync(path.join(historyFolder, 'history.json'), 'utf8'));
  for (const [index, { author, date, message, files = {} }] of history.entries()) {
    const env = gitEnvironment(home, { author, date });
    const git = simpleGit({ baseDir: workspace, allowEnvironment: Object.keys(env) }).env(env);
    if (index === 0) await git.init(['--initial-branch=main']);
    fs.cpSync(sample, workspace, { recursive: true });
    for (const [file, version] of Object.entries(files)) {
      fs.copyFileSync(path.join(historyFolder, version), path.join(workspace, file));
    }
    await git.add('.');
    await git.commit(message);
  }
}

/** Resolves to what went wrong with git, if anything: the workspace is usable without. */
export async function createSampleWorkspace(workspace) {
  fs.cpSync(sample, workspace, { recursive: true });
  const home = fs.mkdtempSync(path.join(path.dirname(workspace), 'home-'));
  try {
    await commitHistory(workspace, home);
    return undefined;
  } catch (error) {
    fs.cpSync(sample, workspace, { recursive: true });
    return error.message;
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}
