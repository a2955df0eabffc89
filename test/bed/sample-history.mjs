// The sample's commits, and the tags and labels of its versions, each in one process: `git fast-import` takes a second
// where the product's own way, a process a step, takes fifteen. A test holds that both make the same.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { labelMessage } from '../../src/core/versions/labels/label-step.ts';
import { promptNameOf } from '../../src/core/versions/names/prompt-names.ts';
import { labelRef, tagRef } from '../../src/core/versions/names/ref-names.ts';
import { tagMessage } from '../../src/core/versions/save/saved-versions.ts';

const run = promisify(execFile);

/**
 * Makes the repository with a commit an entry of the history, and returns the commits in order. `filesOf` gives the files
 * of an entry by their paths.
 */
export async function importCommits(workspace, env, { history, filesOf }) {
  const git = (args, input) => runGit(workspace, env, args, input);
  await git(['init', '--quiet', '--initial-branch=main']);
  const marks = path.join(workspace, '.git', 'sample-marks');
  const commits = history.flatMap((entry, index) =>
    commitOf('refs/heads/main', {
      mark: index + 1,
      who: whoWhen(entry.author, entry.date),
      message: `${entry.message}\n`,
      changes: replaceAll(filesOf(entry)),
    }),
  );
  await git(['fast-import', '--quiet', `--export-marks=${marks}`], commits);
  const hashes = fs.readFileSync(marks, 'utf8').trim().split('\n');
  fs.rmSync(marks);
  await git(['reset', '--quiet']);
  const byMark = new Map(hashes.map((line) => line.slice(1).split(' ')).map(([mark, hash]) => [Number(mark), hash]));
  return history.map((_, index) => byMark.get(index + 1));
}

/** Numbers the versions and moves their labels: for each the commit, its files, the version as it was read, and who saves. */
export async function importVersions(workspace, env, saves) {
  const now = new Date().toISOString();
  const numbers = new Map();
  const labels = new Map();
  const commands = saves.flatMap(({ commit, files, version, author, label, why = '' }, index) => {
    const name = promptNameOf(version.content.source, version.path);
    const number = (numbers.get(name) ?? 0) + 1;
    numbers.set(name, number);
    const message = tagMessage({ name, number, path: version.path, contentHash: version.content.hash });
    const tag = tagRef(name, number).slice('refs/tags/'.length);
    const tagged = [`tag ${tag}\nfrom ${commit}\ntagger ${whoWhen(author, now)}\n`, ...data(message)];
    if (label === undefined) return tagged;
    const ref = labelRef(name, label);
    const before = labels.get(ref);
    const mark = index + 1;
    labels.set(ref, { mark, commit });
    const step = { prompt: name, label, target: commit, path: version.path, why };
    const moved = commitOf(ref, {
      mark,
      who: whoWhen(author, now),
      message: labelMessage(step, before?.commit),
      parents: before ? [`:${before.mark}`, commit] : [commit],
      changes: replaceAll(files),
    });
    return [...tagged, ...moved];
  });
  await runGit(workspace, env, ['fast-import', '--quiet'], commands);
}

/** Pieces of one commit in fast-import's language; the first parent is the branch's own where none is named. */
function commitOf(ref, { mark, who, message, parents = [], changes }) {
  const [first, ...others] = parents;
  const head = `commit ${ref}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n`;
  const from = first === undefined ? '' : `from ${first}\n${others.map((parent) => `merge ${parent}\n`).join('')}`;
  return [head, ...data(message), from, ...changes, '\n'];
}

function replaceAll(files) {
  const writes = [...files].map(([file, bytes]) => [`M 100644 inline ${file}\n`, ...data(bytes)]);
  return ['deleteall\n', ...writes.flat()];
}

function data(content) {
  const bytes = Buffer.from(content);
  return [`data ${bytes.length}\n`, bytes, '\n'];
}

/** `Ada <ada@example.com> 1789456320 +0200`, of a date such as `2026-09-14T09:12:00+02:00` or one that ends with Z. */
function whoWhen(author, date) {
  const zone = /([+-]\d\d):(\d\d)$/.exec(date);
  return `${author} ${(Date.parse(date) / 1000) | 0} ${zone ? zone[1] + zone[2] : '+0000'}`;
}

async function runGit(cwd, env, args, input = []) {
  const running = run('git', args, { cwd, env });
  // A process that ends early closes its input; its exit code says why.
  running.child.stdin.on('error', () => undefined);
  running.child.stdin.end(Buffer.concat(input.map((piece) => Buffer.from(piece))));
  return (await running).stdout;
}
