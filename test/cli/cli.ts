import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type CommandLine, createCommandHosts } from './command-hosts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The built command, as users get it; another build can be set, such as that of an unpacked package. */
const built = process.env.LLMOPS_CLI ?? path.join(root, 'dist/llmops.js');

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  cwd: string;
  env?: Record<string, string>;
  /** Called with all of stdout or stderr so far, and with a function that ends the process. */
  onOutput?(output: { stdout: string; stderr: string }, kill: (signal: NodeJS.Signals) => void): void;
  onStart?(child: ChildProcess): void;
  nodeArgs?: string[];
  /** A file descriptor for standard output, which then is not part of the outcome. */
  stdout?: number;
}

const hosts = createCommandHosts(built);
afterAll(() => hosts.close());

/**
 * Runs the command in an environment that is isolated from the tester's own. It gets a process of its own if an option
 * asks for something that only a process has.
 */
export function llmops(args: string[], options: CliOptions): Promise<Outcome> {
  if (!existsSync(built)) throw new Error(`${built} is missing: run npm run build first.`);
  const { cwd, env = {}, ...ofProcess } = options;
  const line = { args, cwd, env: isolated(cwd, env) };
  return Object.keys(ofProcess).length > 0 ? startProcess(line, ofProcess) : hosts.run(line);
}

const isolated = (cwd: string, env: Record<string, string>) => ({
  PATH: process.env.PATH ?? '',
  HOME: cwd,
  METADATA_SERVER_DETECTION: 'none',
  OLLAMA_HOST: '127.0.0.1:9',
  ...env,
});

function startProcess(
  { args, cwd, env }: CommandLine,
  { onOutput, onStart, nodeArgs = [], stdout }: Omit<CliOptions, 'cwd' | 'env'>,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeArgs, built, ...args], {
      cwd,
      env,
      stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
    });
    onStart?.(child);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
        onOutput?.(output, (signal) => child.kill(signal));
      });
    }
    child.on('error', reject).on('close', (code) => resolve({ code, ...output }));
  });
}

export interface Workspace extends Disposable {
  folder: string;
  write(file: string, text: string): string;
}

/** A copy of the sample workspace that is removed after the test. */
export function createWorkspace(): Workspace {
  const folder = mkdtempSync(path.join(tmpdir(), 'llmops-cli-'));
  cpSync(path.join(root, 'media/sample-workspace'), folder, { recursive: true });
  return {
    folder,
    write(file, text) {
      const target = path.join(folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
      return target;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** The lines of a prompt without a model or inputs. */
export function promptText({
  model,
  body = 'Say hello.',
  config = '',
}: {
  model?: string;
  body?: string;
  config?: string;
}): string {
  return `---\n${model ? `model: ${model}\n` : ''}${config}---\n${body}\n`;
}
