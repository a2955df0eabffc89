// Makes a throw-away copy of the sample workspace: a git repository with some history, and what runs of it showed.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './toolchain.mjs';

const sample = path.join(root, 'media/sample-workspace');
const historyFolder = path.join(root, 'media/sample-history');

/** The little that git needs. The folder as HOME keeps the user's hooks and signing keys out of commits that are not theirs. */
export function sampleEnvironment(home) {
  const { PATH, Path, SystemRoot, TEMP, TMPDIR } = process.env;
  const env = { PATH, Path, SystemRoot, TEMP, TMPDIR, HOME: home, USERPROFILE: home };
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

/** One commit an entry, each with the versions that it saves. */
export const readSampleHistory = () => JSON.parse(fs.readFileSync(path.join(historyFolder, 'history.json'), 'utf8'));

/**
 * The files of an entry, by their paths. One that it does not name is as in the sample workspace; null says that it was not
 * there yet.
 */
export function sampleFiles({ files = {} }) {
  const found = fs
    .readdirSync(sample, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const all = new Map(found.map((file) => [path.relative(sample, file).split(path.sep).join('/'), file]));
  for (const [file, version] of Object.entries(files)) {
    if (version === null) all.delete(file);
    else all.set(file, path.join(historyFolder, version));
  }
  return new Map([...all].map(([file, from]) => [file, fs.readFileSync(from)]));
}

/** The history by one process, its tags and labels by another; what runs of it show by the product itself. */
async function makeHistory(workspace, home) {
  const [{ importCommits, importVersions }, { openSample, runSample }] = await Promise.all([
    import('./sample-history.mjs'),
    import('./sample-runs.mjs'),
  ]);
  const env = sampleEnvironment(home);
  const history = readSampleHistory();
  const commits = await importCommits(workspace, env, { history, filesOf: sampleFiles });
  const workbench = openSample(workspace, env);
  try {
    await workbench.versions.state(); // or each of the reads below would open the repository
    const saves = await Promise.all(
      history.flatMap((entry, index) =>
        Object.entries(entry.save ?? {}).map(async ([file, label]) => {
          const commit = commits[index];
          const version = await workbench.versions.history.read(commit, path.join(workspace, file));
          return { ...label, author: entry.author, commit, files: sampleFiles(entry), version };
        }),
      ),
    );
    await importVersions(workspace, env, saves);
    const versions = saves.map(({ version }) => version);
    await runSample(workbench, versions);
    const files = [...new Set(versions.map(({ absolutePath }) => absolutePath))];
    const noted = await workbench.versions.results.noteRuns({ files });
    const [failure] = noted?.failures ?? [];
    if (failure) throw failure.error;
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
    return String(error.message).split('\n')[0];
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}
