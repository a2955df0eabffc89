import { execFileSync } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { diskFiles } from '../../../src/core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/core/base/settings.ts';
import { createWorkbench, type Workbench } from '../../../src/core/workbench.ts';
import { CompareSession, type SessionOptions } from '../../../src/panels/compare/compare-session.ts';
import type { CompareEvent, CompareSnapshot } from '../../../src/protocol/compare.ts';

export const PROMPT = `---
model: demo/swift
config:
  demo: { tokensPerSecond: 2000, ttftMs: 1 }
input:
  schema:
    age: integer, how old
    plan(enum): [Basic, Gold]
  default:
    age: 42
    plan: Gold
output:
  format: json
  schema:
    risk_level(enum): [low, medium, high]
llmops.models: [demo/swift, demo/balanced]
---
{{role "system"}}
You judge.

{{role "user"}}
A {{plan}} customer, {{age}} years old.
`;

/** A session on a real workbench: real store, real demo models, a separate folder. */
export class SessionFixture implements AsyncDisposable {
  readonly events: CompareEvent[] = [];
  readonly seqs: number[] = [];
  settings: Settings = { ...DEFAULT_SETTINGS };
  folder = '';
  workbench!: Workbench;
  session!: CompareSession;

  /** `history` contains earlier texts of the prompt in git, oldest first, each with the files next to it. */
  static async create(text = PROMPT, history: Record<string, string>[] = []): Promise<SessionFixture> {
    const fixture = new SessionFixture();
    // git resolves links in the folder's name
    fixture.folder = realpathSync(await mkdtemp(path.join(os.tmpdir(), 'session-')));
    if (history.length > 0) fixture.#commit(history);
    fixture.workbench = fixture.openWorkbench();
    fixture.session = await CompareSession.create(fixture.options(text));
    return fixture;
  }

  #commit(history: Record<string, string>[]): void {
    this.git('init', '-q', '.');
    for (const files of history) {
      for (const [file, content] of Object.entries(files)) writeFileSync(path.join(this.folder, file), content);
      this.git('add', '--all');
      this.git('commit', '-q', '-m', 'Change');
    }
  }

  git(...args: string[]): string {
    const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'init.defaultBranch=main'];
    return execFileSync('git', [...who, ...args], { cwd: this.folder, env: this.env(), encoding: 'utf8' }).trim();
  }

  env(): Record<string, string | undefined> {
    return { PATH: process.env.PATH, HOME: this.folder, GIT_CONFIG_NOSYSTEM: '1' };
  }

  openWorkbench(): Workbench {
    return createWorkbench({
      folder: this.folder,
      trusted: () => true,
      settings: () => this.settings,
      files: diskFiles,
      env: this.env(),
      log: { debug() {}, info() {}, warn() {}, error() {} },
      now: Date.now,
      network: async () => ({ fetch, options: { rejectUnauthorized: true } }),
      storeWorkerUrl: new URL('../../../src/core/store/worker.ts', import.meta.url),
      windowId: 'test',
    });
  }

  options(text: string): SessionOptions {
    return {
      workbench: this.workbench,
      source: { path: path.join(this.folder, 'churn.prompt'), label: 'churn.prompt', dirty: false, text },
      models: undefined,
      settings: () => this.settings,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      send: (seq, events) => {
        this.seqs.push(seq);
        this.events.push(...events);
      },
      onRunsChanged: () => {},
    };
  }

  /** Resolves when no run is active, and returns the panel's state. */
  async finished(): Promise<CompareSnapshot> {
    while (this.session.running) await new Promise((resolve) => setTimeout(resolve, 10));
    return this.session.snapshot();
  }

  readFile(name: string): Promise<string> {
    return readFile(path.join(this.folder, name), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session.dispose();
    await this.workbench.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}
