import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './cli.ts';

export interface CommandLine {
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** Processes that have loaded the command: as many as command lines run at the same time. */
export interface CommandHosts {
  run(line: CommandLine): Promise<Outcome>;
  close(): void;
}

export function createCommandHosts(built: string): CommandHosts {
  const all = new Set<ChildProcess>();
  const idle: ChildProcess[] = [];

  function start(): ChildProcess {
    const host = fork(fileURLToPath(new URL('command-host.mjs', import.meta.url)), [built], {
      env: { PATH: process.env.PATH ?? '' },
      execArgv: [],
    });
    all.add(host);
    return host;
  }

  return {
    run(line) {
      const host = idle.pop() ?? start();
      return new Promise((resolve, reject) => {
        const onExit = (code: number | null) => {
          all.delete(host);
          reject(new Error(`llmops ${line.args.join(' ')} ended its process with code ${code}.`));
        };
        host.once('exit', onExit);
        host.once('message', (outcome: Outcome) => {
          host.off('exit', onExit);
          idle.push(host);
          resolve(outcome);
        });
        host.send(line);
      });
    },
    close() {
      for (const host of all) host.kill('SIGKILL');
    },
  };
}
