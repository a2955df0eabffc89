import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Git as the owner of this folder, isolated from the machine's configuration. */
export function gitIn(folder: string, ...args: string[]): string {
  return feedGit(folder, '', ...args);
}

function feedGit(folder: string, input: string, ...args: string[]): string {
  const env = {
    PATH: process.env.PATH,
    HOME: os.tmpdir(),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: os.devNull,
  };
  return execFileSync('git', args, { cwd: folder, env, input, encoding: 'utf8', stdio: 'pipe' }).trim();
}

export const churn = (temperature: number, text = 'Say how likely the customer is to leave.') =>
  `---\nmodel: demo/swift\nconfig:\n  temperature: ${temperature}\ninput:\n  schema:\n    age: integer\n  default:\n    age: 42\n---\n{{role "system"}}\n{{> tone}}\n\n{{role "user"}}\n${text} Age: {{age}}.\n`;

/**
 * A repository with four versions of `prompts/churn.prompt`, one of them only in its partial, and another prompt; its
 * `origin` is a bare repository next to it. The caller removes `parent`.
 */
export function makePromptRepository(): { parent: string; folder: string; remote: string } {
  const parent = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'llmops-prompts-'));
  const folder = path.join(parent, 'shop');
  const remote = path.join(parent, 'remote.git');
  fs.mkdirSync(path.join(folder, 'prompts'), { recursive: true });
  gitIn(parent, 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  gitIn(folder, 'init', '--quiet', '--initial-branch=main');
  gitIn(folder, 'config', 'user.name', 'Ada Byron');
  gitIn(folder, 'config', 'user.email', 'ada@example.com');
  gitIn(folder, 'remote', 'add', 'origin', remote);
  const commit = (message: string, files: Record<string, string>) => {
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), text);
    gitIn(folder, 'add', '.');
    gitIn(folder, 'commit', '--quiet', '-m', message);
  };
  commit('Ask about churn', {
    'prompts/churn.prompt': churn(0.2),
    'prompts/_tone.prompt': 'Be kind.',
    'prompts/reply.prompt': '---\nmodel: demo/swift\n---\nAnswer the customer.\n',
    'notes.txt': 'a\n',
  });
  commit('Warm up', { 'prompts/churn.prompt': churn(0.7) });
  commit('Be brief', { 'prompts/_tone.prompt': 'Be brief.' });
  commit('Name the age', { 'prompts/churn.prompt': churn(0.7, 'Say whether the customer leaves.') });
  gitIn(folder, 'push', '--quiet', '--set-upstream', 'origin', 'main');
  return { parent, folder, remote };
}

/** Adds `prompts/long.prompt` with this many versions, `Turn 1` to `Turn n`, in one process. */
export function addLongHistory(folder: string, count: number): void {
  const from = gitIn(folder, 'rev-parse', 'HEAD');
  const began = Math.floor(Date.now() / 1000);
  const turns = Array.from({ length: count }, (_, index) => {
    const [text, subject] = [`---\nmodel: demo/swift\n---\nTurn ${index + 1}.\n`, `Turn ${index + 1}`];
    const who = `Ada Byron <ada@example.com> ${began + index} +0000`;
    const parent = index === 0 ? `from ${from}\n` : '';
    return `commit refs/heads/main\ncommitter ${who}\ndata ${subject.length}\n${subject}\n${parent}M 100644 inline prompts/long.prompt\ndata ${text.length}\n${text}\n`;
  });
  feedGit(folder, turns.join(''), 'fast-import', '--quiet');
  gitIn(folder, 'reset', '--quiet', '--hard');
}
