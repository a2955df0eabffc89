// Runs the sample's versions, through the product itself. Runs under the project's own Node, which reads
// TypeScript; nothing here knows what an answer or a figure will be.
import fs from 'node:fs';
import path from 'node:path';
import { diskFiles } from '../../src/core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS } from '../../src/core/base/settings.ts';
import { readFirstRows } from '../../src/core/datasets/read-rows.ts';
import { createWorkbench } from '../../src/core/workbench.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const MODELS = ['demo/swift', 'demo/balanced'];
const ROWS = 3;
const TIMES_FASTER = 4;

/** The product's core on the sample's folder, as a window of VS Code has it. `env` is what git sees. */
export function openSample(workspace, env) {
  return createWorkbench({
    folder: workspace,
    trusted: () => true,
    // no answer waits for another
    settings: () => ({ ...DEFAULT_SETTINGS, discoverOllama: false, concurrency: 64 }),
    files: diskFiles,
    env,
    log: silent,
    now: () => Math.round(performance.timeOrigin + performance.now()),
    network: async () => ({ fetch, options: { rejectUnauthorized: true } }),
    storeWorkerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
    windowId: 'sample',
  });
}

/** Renders versions and runs them on demo models. */
export async function runSample(workbench, versions) {
  const planned = await Promise.all(versions.map((version) => planRuns(workbench, version)));
  using _ = passTimeFaster(TIMES_FASTER);
  await Promise.all(
    planned.flat().map(async (specs) => {
      for await (const _event of workbench.runs.compare(specs).events);
    }),
  );
}

async function planRuns(workbench, version) {
  const { prompt } = await workbench.versions.history.loadPrompt(version);
  const columns = MODELS.map((model) => ({ model, parameters: {}, promptCaching: false }));
  return Promise.all(
    (await inputsOf(prompt)).map(async (input) => {
      const rendered = await workbench.prompts.render(prompt, { input });
      return workbench.runs.prepare({ prompt, rendered, columns, repeat: 1, input });
    }),
  );
}

/**
 * Demonstration models take seconds to answer. Nobody watches these answers, so this process's clock runs faster
 * meanwhile: the recorded times are still those of the models.
 */
function passTimeFaster(times) {
  const { setTimeout, performance } = globalThis;
  const clock = performance.now.bind(performance);
  const began = clock();
  globalThis.setTimeout = (callback, ms, ...args) => setTimeout(callback, ms / times, ...args);
  performance.now = () => began + (clock() - began) * times;
  return {
    [Symbol.dispose]() {
      globalThis.setTimeout = setTimeout;
      delete performance.now;
    },
  };
}

/** The first customers where the prompt is about customers, else its own defaults. */
async function inputsOf(prompt) {
  const data = path.join(path.dirname(prompt.path), '../data/customers.jsonl');
  const rows = await readFirstRows(data, [fs.readFileSync(data)], { limit: ROWS });
  const { properties = {} } = prompt.input.schema ?? {};
  const fits = Object.keys(rows[0] ?? {}).every((name) => name in properties);
  return fits ? rows : [prompt.input.defaults];
}
