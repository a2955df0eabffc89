import type { TestProject } from 'vitest/node';
import { launchSharedBrowser } from '../bed/browser.mjs';
import { ensureBuilt } from '../bed/build.mjs';
import { linkExtension, removeScratch, scratch, startServer } from '../bed/vscode-host.mjs';
import { GRACE_SECONDS } from '../bed/workbench.mjs';

/** A server with the extension, and a browser: no other worker changes its settings, clipboard or focus. */
export interface SharedBed {
  dir: string;
  port: number;
  endpoint: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** By worker number, starting at 1. */
    beds: Record<string, SharedBed>;
  }
}

async function startBed(): Promise<SharedBed & { stop(): Promise<void> }> {
  const dir = scratch();
  linkExtension(dir);
  const [browser, server] = await Promise.all([
    launchSharedBrowser(),
    startServer(dir, { graceSeconds: GRACE_SECONDS }),
  ]);
  const stop = async () => {
    await browser.close();
    await server.stop();
    removeScratch(dir);
  };
  return { dir, port: server.port, endpoint: browser.wsEndpoint(), stop };
}

/** One code-server with the built extension and one browser per worker, which all its test files connect to. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureBuilt();
  const workers = Number(project.config.maxWorkers) || 1;
  const beds = await Promise.all(Array.from({ length: workers }, startBed));
  project.provide(
    'beds',
    Object.fromEntries(beds.map(({ dir, port, endpoint }, index) => [index + 1, { dir, port, endpoint }])),
  );
  return async () => {
    await Promise.all(beds.map((bed) => bed.stop()));
  };
}
