import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diskFiles } from '../../../src/core/base/files/disk-files.ts';
import type { Log } from '../../../src/core/base/ports.ts';
import type { ContentSummary } from '../../../src/core/store/runs/run-record.ts';
import type { RepositoryContext, ResultStore, VersionPorts } from '../../../src/core/versions/context.ts';
import { createGit } from '../../../src/core/versions/git/git.ts';
import { ObjectReader } from '../../../src/core/versions/git/object-reader.ts';
import type { Repository } from '../../../src/core/versions/git/repository-state.ts';

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface RepositoryOptions {
  /** The name of the work tree, below a new temporary folder; `work` by default. */
  folder?: string;
  /** False leaves git without a user name. */
  identity?: boolean;
  /** Clones this instead of starting empty. */
  clone?: string;
  /** `git init --bare`, for a remote. */
  bare?: boolean;
}

/** A real repository that is isolated from this machine's git configuration. `using` removes it. */
export interface TemporaryRepository extends Disposable {
  root: string;
  env: Record<string, string | undefined>;
  /** Runs git and throws if it fails. Each call moves the date of commits one minute forward. */
  git(...args: string[]): string;
  write(file: string, text: string): string;
  read(file: string): string;
  /** Adds and commits everything; returns the full hash of the commit. */
  commit(message: string, files?: Record<string, string>): string;
  ports(changes?: Partial<VersionPorts>): VersionPorts;
  context(changes?: Partial<VersionPorts>): RepositoryContext;
}

/** Noon of January 1, 2026; each call of git happens a minute after the one before. */
let minutes = 0;
const START = Date.UTC(2026, 0, 1, 12) / 1000;

export function createRepository(options: RepositoryOptions = {}): TemporaryRepository {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-git-')));
  const home = path.join(folder, 'home');
  const root = path.join(folder, options.folder ?? 'work');
  mkdirSync(home);
  mkdirSync(root, { recursive: true });
  writeFileSync(path.join(home, '.gitconfig'), configuration(options.identity ?? true));
  const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: path.join(home, '.config') };
  const contexts: RepositoryContext[] = [];
  const repository: TemporaryRepository = {
    root,
    env,
    git(...args) {
      minutes += 1;
      const date = `${START + minutes * 60} +0000`;
      const dated = { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
      return execFileSync('git', args, { cwd: root, env: dated, encoding: 'utf8', stdio: 'pipe' }).trimEnd();
    },
    write(file, text) {
      const full = path.join(root, file);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, text);
      return full;
    },
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
    commit(message, files = {}) {
      for (const [file, text] of Object.entries(files)) repository.write(file, text);
      repository.git('add', '--all');
      repository.git('commit', '-q', '--allow-empty', '-m', message);
      return repository.git('rev-parse', 'HEAD');
    },
    ports: (changes = {}) => ({
      folder: root,
      trusted: () => true,
      gitPath: () => undefined,
      env,
      files: diskFiles,
      log: SILENT,
      now: () => Date.UTC(2026, 5, 1),
      store: createResultStore(),
      ...changes,
    }),
    context(changes) {
      const context = openContext(repository, repository.ports(changes));
      contexts.push(context);
      return context;
    },
    [Symbol.dispose]() {
      for (const { objects } of contexts) objects.dispose();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
  if (options.clone !== undefined) repository.git('clone', '-q', options.clone, '.');
  else repository.git('init', '-q', ...(options.bare ? ['--bare'] : []), '.');
  return repository;
}

function configuration(identity: boolean): string {
  const user = identity ? '[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n' : '';
  return `${user}[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n`;
}

function openContext({ root, git }: TemporaryRepository, ports: VersionPorts): RepositoryContext {
  const settings = { cwd: root, env: ports.env, log: ports.log, binary: ports.gitPath() };
  const answer = (...args: string[]) => {
    try {
      return git(...args);
    } catch {
      return undefined;
    }
  };
  const repository: Repository = {
    root,
    folderPath: '',
    gitDir: git('rev-parse', '--absolute-git-dir'),
    commonDir: path.resolve(root, git('rev-parse', '--git-common-dir')),
    gitVersion: git('version').replace('git version ', ''),
    branch: answer('symbolic-ref', '-q', '--short', 'HEAD'),
    head: answer('rev-parse', '-q', '--verify', 'HEAD'),
    shallow: git('rev-parse', '--is-shallow-repository') === 'true',
    sparse: false,
    operation: undefined,
  };
  return { ports, folder: root, git: createGit(settings), repository, objects: new ObjectReader(settings) };
}

/** The part of the database that versions read, in memory; a test adds the runs. */
export function createResultStore(summaries: ContentSummary[] = [], promptPath?: string): ResultStore {
  const values = new Map<string, unknown>();
  return {
    runs: {
      summarizeContents: async (hashes) => summaries.filter(({ contentHash }) => hashes.includes(contentHash)),
      listContents: async (since) =>
        summaries
          .filter(({ lastAt }) => lastAt >= since)
          .map(({ contentHash, lastAt }) => ({ contentHash, promptPath, lastAt })),
    },
    evals: { list: async () => [] },
    state: {
      get: async (key) => values.get(key),
      async set(key, value) {
        values.set(key, value);
      },
    },
    status: async () => ({ path: '', mode: 'file', sizeBytes: 0, runs: 0, notices: [] }),
  };
}
