export interface ProgressOutput {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

type Names = string | string[];

export interface NpmOptions {
  cwd: string;
  node?: string;
  env?: NodeJS.ProcessEnv;
  out?: ProgressOutput;
  /** How often progress is shown, in milliseconds. */
  everyMs?: number;
}

export function readLock(file: string): Record<string, { version?: string; optional?: boolean }> | undefined;
export function isForThisMachine(entry: { os?: Names; cpu?: Names; libc?: Names }): boolean;
export function runNpm(args: string[], options: NpmOptions): Promise<void>;
