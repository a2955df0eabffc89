import type { TestProject } from 'vitest/node';
import { launchSharedBrowser } from '../bed/browser.mjs';
import { ensureBuilt } from '../bed/build.mjs';
import { linkExtension, removeScratch, scratch, startServer } from '../bed/vscode-host.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    bed: { dir: string; port: number; endpoint: string };
  }
}

/** One code-server with the built extension, and one browser that every test file connects to. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureBuilt();
  const dir = scratch();
  linkExtension(dir);
  const browser = await launchSharedBrowser();
  const server = await startServer(dir);
  project.provide('bed', { dir, port: server.port, endpoint: browser.wsEndpoint() });
  return async () => {
    await browser.close();
    await server.stop();
    removeScratch(dir);
  };
}
