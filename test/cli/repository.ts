import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { llmops, type Outcome, promptText } from './cli.ts';

/** A repository with one prompt in two versions, and the command line in it. Its folder is its HOME. */
export interface CliRepository extends Disposable {
  folder: string;
  git(...args: string[]): string;
  write(file: string, text: string): void;
  read(file: string): string;
  /** Writes, adds and commits everything; returns the full hash. */
  commit(message: string, files: Record<string, string>): string;
  llmops(...args: string[]): Promise<Outcome>;
}

export const CHURN = 'prompts/churn.prompt';

export function churn(temperature: number, body = 'Say hello.'): string {
  return promptText({ model: 'demo/swift', config: `config:\n  temperature: ${temperature}\n`, body });
}

/** Made once for each file of tests, which takes git several processes. */
let template: CliRepository | undefined;
afterAll(() => template?.[Symbol.dispose]());

export function createRepository(): CliRepository {
  template ??= createTemplate();
  const repository = openRepository();
  cpSync(template.folder, repository.folder, { recursive: true });
  // the index remembers the files of the template
  repository.git('update-index', '--refresh');
  return repository;
}

function createTemplate(): CliRepository {
  const repository = openRepository();
  repository.git('init', '-q', '.');
  repository.write('.gitignore', '.gitconfig\n.llmops/\n');
  repository.commit('Say hello', { [CHURN]: churn(0.2) });
  repository.commit('Warm it up', { [CHURN]: churn(0.7) });
  return repository;
}

/** An empty folder that git is to work in. */
function openRepository(): CliRepository {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-cli-git-')));
  writeFileSync(
    path.join(folder, '.gitconfig'),
    '[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n',
  );
  const env = { PATH: process.env.PATH ?? '', HOME: folder };
  const repository: CliRepository = {
    folder,
    git: (...args) => execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' }).trimEnd(),
    write(file, text) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    },
    read: (file) => readFileSync(path.join(folder, file), 'utf8'),
    commit(message, files) {
      for (const [file, text] of Object.entries(files)) repository.write(file, text);
      repository.git('add', '--all');
      repository.git('commit', '-q', '-m', message);
      return repository.git('rev-parse', 'HEAD');
    },
    llmops: (...args) => llmops(args, { cwd: folder }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
  return repository;
}
