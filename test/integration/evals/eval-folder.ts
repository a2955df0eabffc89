import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diskFiles } from '../../../src/core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/core/base/settings.ts';
import type { StartOptions } from '../../../src/core/evals/evals.ts';
import type { EvalEvent, EvalJob } from '../../../src/core/evals/run/eval-job.ts';
import type { PlanOptions } from '../../../src/core/evals/run/eval-plan.ts';
import type { JobEvent } from '../../../src/core/jobs/job.ts';
import type { EvalRecord } from '../../../src/core/store/evals/eval-record.ts';
import { createWorkbench, type Ports, type Workbench } from '../../../src/core/workbench.ts';
import { SILENT_LOG, WORKER_URL } from '../store/temporary-store.ts';

export interface EvalFolder extends AsyncDisposable {
  folder: string;
  write(file: string, text: string): string;
  /** Another window on the folder. */
  open(ports?: Partial<Ports>, settings?: Partial<Settings>): Workbench;
}

/** A workspace on disk; `await using` closes its windows and removes it. */
export function createEvalFolder(files: Record<string, string> = {}): EvalFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'llmops-eval-'));
  const opened: Workbench[] = [];
  const write = (file: string, text: string) => {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    return target;
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  return {
    folder,
    write,
    open(ports = {}, settings = {}) {
      const workbench = createWorkbench({
        folder,
        trusted: () => true,
        settings: () => ({ ...DEFAULT_SETTINGS, discoverOllama: false, retentionDays: 0, ...settings }),
        files: diskFiles,
        env: {},
        log: SILENT_LOG,
        now: Date.now,
        network: async () => ({ fetch, options: { rejectUnauthorized: true } }),
        storeWorkerUrl: WORKER_URL,
        windowId: `window-${opened.length}`,
        mayBlock: true,
        ...ports,
      });
      opened.push(workbench);
      return workbench;
    },
    async [Symbol.asyncDispose]() {
      for (const workbench of opened) await workbench.dispose();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A prompt that asks what the row says. */
export const ASK = `---
model: demo/echo
input:
  schema:
    question: string
---
{{question}}
`;

export function rowsOf(count: number, row: (index: number) => Record<string, unknown> = echoed): string {
  return Array.from({ length: count }, (_, index) => `${JSON.stringify(row(index))}\n`).join('');
}

function echoed(index: number): Record<string, unknown> {
  return { id: `c${index}`, question: `Question ${index}`, expected: `Question ${index}` };
}

/** The connection `local` to a server, with a price. */
export function localModel(url: string): Record<string, string> {
  return {
    'llmops/connections.yaml': `local:\n  type: openai-compatible\n  baseUrl: ${url}\n`,
    'llmops/prices.yaml': 'local/m:\n  inputUsd: 100\n  outputUsd: 1000\n',
  };
}

export interface Ended {
  record: EvalRecord;
  events: JobEvent<EvalEvent>[];
}

export async function endOf(job: EvalJob, onEvent?: (event: JobEvent<EvalEvent>) => void): Promise<Ended> {
  const events: JobEvent<EvalEvent>[] = [];
  for await (const event of job.events) {
    events.push(event);
    onEvent?.(event);
  }
  return { record: await job.result, events };
}

/** Reads, plans and runs a file of the folder to its end. */
export async function evaluate(
  workbench: Workbench,
  file: string,
  options: PlanOptions & StartOptions = {},
): Promise<Ended> {
  const plan = await workbench.evals.plan(await workbench.evals.read(file), options);
  return endOf(await workbench.evals.start(plan, { patienceMs: 2000, ...options }));
}
